"""A retraining that is killed, stopped and paused ends as one that was left alone."""

import json
import random
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from heteroagg_gui.core.errors import Cancelled, ParameterError
from heteroagg_gui.core.folder_lock import FolderLock, is_locked
from heteroagg_gui.learning.predictor import load_predictor
from heteroagg_gui.learning.retraining import set_tables
from heteroagg_gui.learning.retraining.engine import RunOptions, retrain
from heteroagg_gui.learning.retraining.plan_file import plan_from, read_plan
from heteroagg_gui.learning.train_trunk import ENDLESS, TrunkPlan
from tests.learning.retraining.killing import killed_again_and_again
from tests.learning.retraining.tiny_plan import EFFORT, PLAN, START, carried_out, events, status

KILLS = 3
WEIGHTS = Path("network") / "weights.safetensors"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a retraining that nothing interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    assert carried_out(folder).state == "finished"
    return folder


def same_network(first: Path, second: Path) -> bool:
    return (first / WEIGHTS).read_bytes() == (second / WEIGHTS).read_bytes()


def test_the_result_is_a_network_with_a_card_and_a_report(whole: Path) -> None:
    predictor = load_predictor(whole / "network", "cpu")
    card = predictor.card.document
    assert plan_from(card["plan"]) == PLAN
    assert card["start"]["name"] == "compact"
    assert card["trained_on"]["single_images"] == EFFORT.updates * EFFORT.images_per_update
    assert card["figures"]["sets_of_1"]["sets"] == EFFORT.test_sets
    assert card["figures"]["start"]["own"]["sets_of_1"]["sets"] == EFFORT.test_sets
    assert "theta_mixing_ratio_mae_on_grid" in card["figures"]["paper_grid"]
    assert "theta_mixing_ratio_mae_on_grid" not in card["figures"]
    assert "system_folder" not in json.dumps(card)
    metrics = json.loads((whole / "report" / "metrics.json").read_text())
    assert set(metrics["tests"]["own"]) == {"tiny", "compact"}
    assert "A tiny one" in (whole / "report" / "report.html").read_text(encoding="utf-8")


def test_its_status_and_events_tell_what_was_done(whole: Path) -> None:
    last = status(whole)
    assert (last["state"], last["fraction"], last["error"]) == ("finished", 1.0, None)
    assert [stage["name"] for stage in last["stages"]] == [
        "training", "sets", "heads", "evaluation",
    ]  # fmt: skip
    assert last["images"] == 6
    assert last["seconds"] == pytest.approx(sum(s["seconds"] for s in last["stages"]), abs=3.0)
    found = events(whole)
    (row,) = (event for event in found if event["kind"] == "row")
    assert (row["update"], row["images"]) == (3, 6)
    assert row["errors"]["n_particles"] > 0.0
    samples = [event for event in found if event["kind"] == "sample"]
    assert {event["update"] for event in samples} == {0, 3}
    assert all((whole / event["image"]).is_file() for event in samples)
    assert samples[0]["truth"].keys() == samples[0]["predicted"].keys()
    assert [e["name"] for e in found if e["kind"] == "stage"][-1] == "evaluation"
    assert not is_locked(whole / "lock")


@pytest.mark.slow
def test_killed_at_random_moments_it_ends_bit_for_bit_the_same(
    whole: Path, tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "killed"
    monkeypatch.setenv("PYTHONPATH", str(project))
    kills = killed_again_and_again(folder, KILLS, random.Random(5))  # noqa: S311
    assert len(kills) == KILLS
    last = status(folder)
    assert last["state"] in {"starting", "running"}
    assert not is_locked(folder / "lock")
    assert carried_out(folder, resume=True).state == "finished"
    assert same_network(whole, folder)
    assert status(folder)["seconds"] > last["seconds"]


def test_cancelled_at_every_kind_of_report_it_goes_on(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_tables, "IMAGES_OF_A_PART", 5)
    monkeypatch.setattr("heteroagg_gui.learning.retraining.record.LOOKED_EVERY_S", 0.0)
    ended = []
    for message in ("Training on images", "Describing images", "Training set head 2 of 2"):

        def stop(fraction: float, said: str, message: str = message) -> None:
            if said == message:
                raise Cancelled

        ended.append(retrain(PLAN, tmp_path, RunOptions(start=START, resume=True), stop).state)
    assert ended == ["stopped"] * 3
    assert status(tmp_path)["state"] == "stopped"
    assert carried_out(tmp_path, resume=True).state == "finished"
    assert same_network(whole, tmp_path)


def test_a_wish_pauses_goes_on_and_stops(tmp_path: Path) -> None:
    ending = []
    plan = replace(PLAN, effort=replace(EFFORT, updates=10_000))
    work = threading.Thread(target=lambda: ending.append(carried_out(tmp_path, plan)))
    work.start()

    def seen(state: str) -> bool:
        end = time.monotonic() + 60.0
        while time.monotonic() < end:
            try:
                found = status(tmp_path)
            except (OSError, ValueError):
                found = {"state": "", "images": 0}
            if found["state"] == state and (state != "running" or found["images"] > 0):
                return True
            time.sleep(0.02)
        return False

    def wish(what: str) -> None:
        (tmp_path / "control.json").write_text(json.dumps({"wish": what}))

    assert seen("running")
    wish("pause")
    assert seen("paused")
    before = status(tmp_path)
    time.sleep(0.5)
    after = status(tmp_path)
    assert after["images"] == before["images"]
    assert after["seconds"] == pytest.approx(before["seconds"], abs=0.3)
    wish("run")
    assert seen("running")
    wish("stop")
    work.join(30.0)
    assert [end.state for end in ending] == ["stopped"]
    assert (tmp_path / "work" / "trunk.safetensors").is_file()
    finished = carried_out(tmp_path, plan, finish=True)
    assert finished.state == "finished"
    assert finished.card is not None
    assert 0 < finished.card["training"]["trunk_steps"] < 10_000
    assert finished.card["training"]["complete"] is False


def test_the_clock_ends_a_training_and_counts_what_was_before(tmp_path: Path) -> None:
    plan = replace(PLAN, effort=replace(EFFORT, minutes=1.0 / 60.0))

    def stop(fraction: float, said: str) -> None:
        if said == "Describing images":
            raise Cancelled

    for _ in range(2):
        ending = retrain(plan, tmp_path, RunOptions(start=START, resume=True), stop)
        assert ending.state == "stopped"
    rows = [event for event in events(tmp_path) if event["kind"] == "row"]
    assert len(rows) == 1
    assert rows[0]["seconds"] >= 1.0
    assert rows[0]["update"] == rows[0]["images"] / EFFORT.images_per_update > 0
    assert not (tmp_path / "network").exists()


def test_the_rate_rises_and_falls_to_zero_with_the_time() -> None:
    plan = TrunkPlan(steps=ENDLESS, warmup=100, learning_rate=1.0, seconds=60.0)
    assert plan.rate(0, 0.0) == pytest.approx(0.01)
    assert plan.rate(3, 0.05) == pytest.approx(1.0, abs=0.01)
    assert plan.rate(500, 0.5) == pytest.approx(0.5)
    assert plan.rate(9000, 1.0) == 0.0
    assert plan.limits.done(9000, 10.0, 50.0) == 1.0
    assert plan.limits.done(9000, 10.0, 20.0) == 0.5


def test_a_folder_of_other_work_is_refused(whole: Path, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="give --resume"):
        carried_out(whole)
    other = replace(PLAN, seed=9)
    with pytest.raises(ParameterError, match="begun with another plan"):
        carried_out(whole, other, resume=True)
    moved = replace(PLAN, device="auto", workers=5)
    assert carried_out(whole, moved, resume=True).state == "finished"
    assert read_plan(whole / "plan.json") == PLAN
    with (
        FolderLock(whole / "lock"),
        pytest.raises(ParameterError, match="Another process works"),
    ):
        carried_out(whole, resume=True)


def test_without_a_checkpoint_there_is_nothing_to_finish(tmp_path: Path) -> None:
    ending = carried_out(tmp_path, finish=True)
    assert ending.failure is not None
    assert (ending.failure.kind, status(tmp_path)["error"]["kind"]) == ("input", "input")
    assert ending.failure.sentence.startswith("There is nothing to finish")
