"""A bundled network, and one of the user's."""

from pathlib import Path

import pytest

from heteroagg_gui.workflow import predictors
from tests.small_networks import small_network


@pytest.fixture(autouse=True)
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bundled"
    small_network(folder / "beta")
    monkeypatch.setattr(predictors, "models_folder", lambda: folder)
    return folder


@pytest.fixture
def network(tmp_path: Path) -> Path:
    return small_network(tmp_path / "source" / "mine")
