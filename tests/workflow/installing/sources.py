"""What the tests of installing networks share."""

import zipfile
from pathlib import Path

import pytest

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.workflow.model_store import install_model
from heteroagg_gui.workflow.places import (
    data_folder,
)

WEIGHTS = "weights.safetensors"
SIDE = 64


def packed(network: Path, name: str = "mine.zip", inside: str = "mine/") -> Path:
    """Return a zip file of a network."""
    path = network.parent / name
    with zipfile.ZipFile(path, "w") as archive:
        for file in network.iterdir():
            archive.write(file, f"{inside}{file.name}")
    return path


def refused(source: Path, **options: object) -> str:
    """Return the one sentence that refuses a network, once nothing is left behind."""
    with pytest.raises(ModelError) as caught:
        install_model(source, **options)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert ":" in sentence or ";" in sentence
    assert not list(data_folder().rglob("*"))
    return sentence
