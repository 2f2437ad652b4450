"""heteroagg classical on images of a known sample."""

import json
from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.__main__ import command_line
from heteroagg_gui.core.resources import resource_path
from heteroagg_gui.export.tiff import write_tiff


def test_the_sample_batch_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    samples = resource_path("samples")
    truth = json.loads((samples / "truth.json").read_text())["theta"]
    assert command_line(["classical", str(samples), "--absolute", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert len(document["images"]) == 12
    dimension = document["theta_fractal_dimension_scaling_law"]
    assert dimension == pytest.approx(truth["fractal_dimension"], abs=0.25)
    assert document["theta_mixing_ratio"] == pytest.approx(truth["mixing_ratio"], abs=0.2)
    counts = [image["n_particles"] for image in document["images"]]
    assert 15 < min(counts) < max(counts) < 110


def test_what_can_not_be_measured_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.tif").write_bytes(b"II*\0")
    assert command_line(["classical", str(tmp_path / "broken.tif")]) == 2
    assert "broken.tif" in capsys.readouterr().err
    sample = resource_path("samples", "image_000.tif")
    assert command_line(["classical", str(sample), str(tmp_path / "broken.tif")]) == 1
    shown = capsys.readouterr()
    assert "broken.tif" in shown.err
    assert "D_f by box counting" in shown.out


def test_an_image_without_pixel_size_needs_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = np.zeros((96, 96), dtype=np.float32)
    image[30:60, 30:60] = 0.5
    write_tiff(tmp_path / "plain.tif", image, None)
    assert command_line(["classical", str(tmp_path / "plain.tif")]) == 2
    assert "--pixel-size" in capsys.readouterr().err
    assert command_line(["classical", str(tmp_path / "plain.tif"), "--pixel-size", "2"]) == 0
