"""heteroagg evaluate."""

import json
from pathlib import Path

import pytest

from heteroagg_gui.cli import evaluate as command
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.dataset.generation import generate
from heteroagg_gui.learning.dataset.plan import DataPlan, listed_plan
from heteroagg_gui.stem.microscope import Frame

THETAS = [Theta(1.6, 0.3, 1, 2), Theta(2.0, 0.5, 2, 3), Theta(2.4, 0.7, 3, 1)]


def small_plan(sets: int = 3, images: int = 4, seed: int = 1) -> DataPlan:
    frame = Frame(330, 330, 2.0)
    return listed_plan(THETAS, images, seed=seed, training_per_configuration=0, frame=frame)


@pytest.fixture(autouse=True)
def small_oracle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "QUICK_ORACLE", 40)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    generate(small_plan(), tmp_path / "set")
    return tmp_path / "set"


def test_networks_are_evaluated_on_given_data(run_here, stored: Path, tmp_path: Path):
    options = ("--data", "set", "--out", "found", "--quick", "--sets", "3", "--json")
    answer = run_here("evaluate", *options)
    assert (answer.code, answer.err) == (0, "")
    metrics = json.loads((tmp_path / "found/metrics.json").read_text(encoding="utf-8"))
    assert answer.document["rows"] == metrics["rows"]
    assert answer.document["evaluated_on"]["images"] == 12
    names = ["compact", "box counting", "thresholds", "scaling law", "3D oracle"]
    assert list(metrics["estimators"]) == names
    rows = {row["key"]: row for row in metrics["rows"]}
    assert rows["d_f_mae"]["values"]["compact"]["value"] < 0.2
    assert rows["d_f_mae"]["paper"] == 0.0671
    assert "reason" in rows["d_f_mae"]["values"]["3D oracle"]
    page = (tmp_path / "found/report.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")


def test_without_data_images_are_simulated_and_kept(
    run_here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    own = "heteroagg_gui.learning.evaluation.own_data.evaluation_plan"
    monkeypatch.setattr(own, small_plan)
    options = ("--no-model", "--out", "found", "--quick", "--sets", "3")
    first = run_here("evaluate", *options)
    assert (first.code, first.err) == (0, "")
    assert "scaling law" in first.out
    assert "written to found" in first.out
    (kept,) = (tmp_path / "home/cache").iterdir()
    before = (kept / "chunks/chunk_00000.npz").stat().st_mtime_ns
    again = run_here("evaluate", *options)
    assert again.out == first.out
    assert (kept / "chunks/chunk_00000.npz").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--model", "crystal-ball"), "no network 'crystal-ball'"),
        (("--model", "compact", "--model", "compact"), "'compact' is asked for twice"),
        (("--data", "nowhere"), "nowhere"),
        (("--no-model", "--sets", "1"), "at least two sets"),
        (("--no-model", "--seed", "-1"), "seed -1"),
        (("--no-model", "--jobs", "0"), "0 workers"),
        (("--no-model", "--model", "compact"), "not allowed with"),
        (("--sets", "many"), "invalid int"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_sentence(run_here, options: tuple, words: str):
    answer = run_here("evaluate", "--out", "found", *options)
    assert (answer.code, answer.out) == (2, "")
    assert words in answer.sentence


def test_a_file_in_the_place_of_the_folder_is_refused(run_here, tmp_path: Path):
    (tmp_path / "found").write_text("mine")
    answer = run_here("evaluate", "--out", "found", "--no-model")
    assert answer.code == 2
    assert "found" in answer.sentence
    assert (tmp_path / "found").read_text() == "mine"
