"""heteroagg retrain: questions about a plan, and its answers in one sentence."""

import json
from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.learning.retraining.plan_file import write_plan
from tests.learning.retraining.tiny_plan import PLAN


@pytest.fixture
def plan(tmp_path: Path) -> str:
    """Return the file of a plan."""
    path = tmp_path / "a.plan.json"
    write_plan(PLAN, path)
    return str(path)


def test_devices_are_listed(run_here):
    found = json.loads(run_here("retrain", "--devices", "--json").out)["devices"]
    assert found[-1]["name"] == "cpu"
    assert "cores" in found[-1]["detail"]


def test_images_can_be_looked_at_before(run_here, plan: str, tmp_path: Path):
    answer = run_here("retrain", plan, "--samples", "2", "--out", str(tmp_path / "s"), "--json")
    assert answer.code == 0
    entries = json.loads(answer.out)["samples"]
    assert len(entries) == 2
    levels = np.load(tmp_path / "s" / entries[0]["levels"])
    assert (levels.dtype, levels.max()) == (np.uint8, 255)
    assert 1.0 < entries[0]["truth"]["theta_fractal_dimension"] < 3.0
    assert entries[0]["truth"]["theta_0"] in range(1, 7)


def test_a_trial_tells_how_long_each_part_takes(run_here, plan: str):
    answer = run_here("retrain", plan, "--trial", "0.5", "--json")
    assert answer.code == 0
    found = json.loads(answer.out)
    assert list(found["stages"]) == ["training", "sets", "heads", "evaluation"]
    assert found["seconds"] == pytest.approx(sum(found["stages"].values()), abs=0.5)
    rates = [found[name] for name in ("simulating", "training", "describing", "head_updates")]
    assert min(rates) > 0.0
    images = PLAN.effort.updates * PLAN.effort.images_per_update
    alone = images * (1.0 / found["simulating"] + 1.0 / found["training"])
    assert found["stages"]["training"] == pytest.approx(alone, rel=0.2, abs=0.11)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "There is no plan"),
        (("PLAN",), "no folder to write to"),
        (("PLAN", "--out", "OUT", "--device", "cuda:99"), "is not available here"),
        (("PLAN", "--out", "OUT", "--jobs", "-1"), "can't work"),
        (("PLAN", "--out", "OUT", "--start", "nothing"), "no network 'nothing'"),
        (("PLAN", "--out", "OUT", "--samples", "0"), "can't be made"),
        (("PLAN", "--trial", "-1"), "is not possible"),
        (("PLAN", "--out", "OUT", "--finish"), "nothing to finish"),
        (("PLAN", "--out", "PLAN"), "choose another folder with --out"),
        (("OUT/none.json", "--out", "OUT"), "choose a file that the wizard saved"),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(
    run_here, plan: str, tmp_path: Path, arguments: tuple[str, ...], words: str
):
    names = {"PLAN": plan, "OUT": str(tmp_path / "out")}
    answer = run_here("retrain", *(names.get(word, word) for word in arguments))
    assert answer.code == 2
    assert words in answer.sentence
