"""heteroagg train, on training data small enough for a test."""

import json
from pathlib import Path

import pytest

from heteroagg_gui.cli import main
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.dataset.generation import generate
from heteroagg_gui.learning.dataset.plan import listed_plan
from heteroagg_gui.stem.microscope import Frame


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of 40 images of 160 x 160 pixels."""
    folder = tmp_path_factory.mktemp("data")
    thetas = [Theta(1.6, 0.3, 2, 3), Theta(2.2, 0.7, 4, 1)]
    generate(listed_plan(thetas, 20, frame=Frame(160, 160, 4.0)), folder)
    return folder


def train(*options: object) -> int:
    return main(["train", *map(str, options), "--device", "cpu"])


def test_a_network_is_trained_evaluated_stored_and_gone_on_with(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--data", data, "--network", "Df", "--out", tmp_path, "--batch", 6, "--json")
    assert train(*options, "--epochs", 1) == 0
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert document["networks"] == ["Df"]
    assert document["figures"]["fractal_dimension_mae"]["value"] > 0
    assert "Df: step 2" in printed.err
    card = json.loads((tmp_path / "card.json").read_text())
    assert (card["side"], card["pixel_size_nm"]) == (160, 4.0)
    assert train(*options, "--epochs", 2) == 2
    assert "add --resume to go on" in capsys.readouterr().out
    assert train(*options, "--epochs", 2, "--resume") == 0
    card = json.loads((tmp_path / "card.json").read_text())
    assert card["networks"]["Df"]["training"]["updates"] == 4
    rows = (tmp_path / "training" / "Df" / "curves.jsonl").read_text().splitlines()
    assert [json.loads(row)["step"] for row in rows] == [2, 4]


def test_all_five_networks_share_the_minutes(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--data", data, "--network", "paper", "--out", tmp_path, "--batch", 1)
    assert train(*options, "--minutes", 0.002) == 0
    assert "Df, rho-class, rho-reg, theta0, theta1: trained" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--data", "nowhere", "--network", "Df", "--epochs", "1"), "holds no training data"),
        (("--data", "nowhere", "--network", "Df", "--epochs", "0"), "give a positive number"),
        (("--data", "nowhere", "--network", "compact", "--epochs", "1"), "give --on-the-fly"),
        (("--on-the-fly", "--network", "compact", "--minutes", "1"), "give --on-the-fly and"),
    ],
)
def test_what_makes_no_training_is_refused(
    options: tuple[str, ...], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(*options, "--out", tmp_path) == 2
    assert sentence in capsys.readouterr().err
