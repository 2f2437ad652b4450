"""The whole job with the bundled network: images to theta, shadows and files."""

import csv
import json
from pathlib import Path

import pytest

from heteroagg_gui.__main__ import main
from heteroagg_gui.core.resources import models_folder
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session

TRUTH = ("1.8", "0.4", "3", "2")

pytestmark = pytest.mark.skipif(
    not any(models_folder().glob("*/card.json")), reason="no network is bundled"
)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of twelve simulated micrographs of one theta."""
    folder = tmp_path_factory.mktemp("images")
    command = ["simulate", "--theta", *TRUTH, "--count", "12", "--seed", "21", "--out"]
    assert main([*command, str(folder)]) == 0
    return folder


def predicted(images: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """Run the command ``predict`` and return its JSON document."""
    capsys.readouterr()
    files = sorted(str(path) for path in images.glob("*.tif"))
    assert main(["predict", *files, "--json"]) == 0
    document: dict[str, object] = json.loads(capsys.readouterr().out)
    return document


def test_theta_of_twelve_images_is_near_the_truth(
    images: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = predicted(images, capsys)
    theta, intervals = document["theta"], document["interval_90"]
    assert isinstance(theta, dict)
    assert isinstance(intervals, dict)
    assert theta["fractal_dimension"] == pytest.approx(1.8, abs=0.12)
    assert theta["mixing_ratio"] == pytest.approx(0.4, abs=0.15)
    for name, (low, high) in intervals.items():
        assert low < theta[name] < high
        assert high - low < 0.5
    assert document["inside_training_range"] is True


def test_window_and_command_line_give_the_same_numbers(
    images: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = predicted(images, capsys)
    (tmp_path / "prediction.json").write_text(json.dumps(document), encoding="utf-8")
    command = ["shadows", "--prediction", str(tmp_path / "prediction.json"), "--seed", "5"]
    assert main([*command, "--count", "60", "--out", str(tmp_path / "shadows")]) == 0

    session = Session()
    perform(session, "open", {"paths": sorted(images.glob("*.tif"))})
    perform(session, "predict", {})
    state = perform(session, "draw_shadows", {"count": 60, "seed": 5})
    assert state.prediction is not None
    assert state.shadows is not None
    assert state.prediction.theta.as_dict() == document["theta"]
    with (tmp_path / "shadows" / "descriptors.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    for key in ("fractal_dimension", "z_hetero", "radius_of_gyration_nm"):
        written = [float(row[key]) for row in rows]
        assert written == state.shadows.descriptors[key].tolist()


def test_the_order_of_the_files_does_not_matter(
    images: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = sorted(str(path) for path in images.glob("*.tif"))
    results = []
    for order in (files, files[::-1]):
        capsys.readouterr()
        assert main(["predict", *order, "--json"]) == 0
        results.append(json.loads(capsys.readouterr().out)["theta"])
    assert results[0]["theta_0"] == results[1]["theta_0"]
    assert results[0]["fractal_dimension"] == pytest.approx(results[1]["fractal_dimension"])
