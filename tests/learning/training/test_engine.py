"""The engine: updates, checkpoints, curves, early end."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from heteroagg_gui.core.errors import Cancelled, ModelError
from heteroagg_gui.learning.training.loop import train
from heteroagg_gui.learning.training.run import TrainingRun
from heteroagg_gui.learning.training.task import Limits, Recipe, constant_rate, falling_rate
from tests.learning.training.line_task import LineTask

CPU = torch.device("cpu")
RECIPE = Recipe(constant_rate(1e-2), averaging=0.9)


def run_in(folder: Path, task: LineTask | None = None, recipe: Recipe = RECIPE) -> TrainingRun:
    folder.mkdir(exist_ok=True)
    return TrainingRun(task or LineTask(), recipe, folder, CPU)


def stop_at(step: int, run: TrainingRun) -> object:
    def progress(fraction: float, message: str) -> None:
        if run.step >= step:
            raise Cancelled

    return progress


def test_a_training_reaches_its_goal(tmp_path: Path) -> None:
    run = run_in(tmp_path)
    train(run, Limits(steps=400))
    assert run.step == 400
    assert run.log[-1]["validation_loss"] < 1e-3 < run.log[0]["validation_loss"]
    assert run.log[-1]["images"] == 3200
    rows = [json.loads(line) for line in (tmp_path / "curves.jsonl").read_text().splitlines()]
    assert rows == run.log


def test_a_resumed_training_equals_an_uninterrupted_one_bit_for_bit(tmp_path: Path) -> None:
    whole = run_in(tmp_path / "whole")
    train(whole, Limits(steps=23))
    parts = run_in(tmp_path / "parts")
    with pytest.raises(Cancelled):
        train(parts, Limits(steps=23), progress=stop_at(12, parts))
    resumed = run_in(tmp_path / "parts")
    assert resumed.resume()
    assert resumed.step == 12
    train(resumed, Limits(steps=23))
    one, other = (load_file(f / "last.safetensors") for f in (whole.folder, resumed.folder))
    assert one.keys() == other.keys()
    assert any(name.startswith("adam.") for name in one)
    for name, value in one.items():
        assert torch.equal(value, other[name]), name
    assert [r["validation_loss"] for r in whole.log] == [r["validation_loss"] for r in resumed.log]
    assert whole.best is not None
    assert resumed.best is not None
    assert whole.best["step"] == resumed.best["step"]


def test_a_finished_training_is_not_gone_on_with(tmp_path: Path) -> None:
    run = run_in(tmp_path)
    train(run, Limits(steps=5))
    train(run, Limits(steps=5))
    assert run.step == 5


def test_the_best_weights_are_kept_and_given_back(tmp_path: Path) -> None:
    run = run_in(tmp_path, LineTask(told=[3.0, 1.0, 2.0, 1.5]), Recipe(constant_rate(1e-2)))
    kept: list[torch.Tensor] = []
    train(run, Limits(steps=20), report=lambda _row: kept.append(run.weights()["0.weight"].clone()))
    assert run.best is not None
    assert run.best["step"] == 10
    run.load_best()
    assert torch.equal(run.weights()["0.weight"], kept[1])
    assert not torch.equal(kept[1], kept[3])


def test_the_best_of_an_averaged_run_is_the_average(tmp_path: Path) -> None:
    run = run_in(tmp_path, LineTask(told=[1.0, 2.0]))
    train(run, Limits(steps=5))
    assert run.averaged is not None
    average, own = run.averaged["0.weight"].clone(), run.weights()["0.weight"].clone()
    run.load_best()
    assert torch.equal(run.weights()["0.weight"], average)
    assert not torch.equal(own, average)


def test_a_training_ends_when_it_does_not_get_better(tmp_path: Path) -> None:
    run = run_in(tmp_path, LineTask(told=[3.0, 1.0, 2.0, 1.5, 0.5, 0.4]))
    train(run, Limits(steps=1000, patience=2))
    assert run.step == 20


def test_time_ends_a_training(tmp_path: Path) -> None:
    run = run_in(tmp_path)
    train(run, Limits(seconds=0.0))
    assert run.step == 1
    assert len(run.log) == 1
    assert (tmp_path / "last.safetensors").exists()


def test_a_loss_that_is_no_number_ends_the_training_and_keeps_the_last_good_weights(
    tmp_path: Path,
) -> None:
    good = run_in(tmp_path)
    train(good, Limits(steps=10))
    saved = (tmp_path / "last.safetensors").read_bytes()
    broken = run_in(tmp_path, LineTask(broken_from=13))
    broken.resume()
    with pytest.raises(ModelError, match=r"diverged before update 14.*smaller learning rate\.$"):
        train(broken, Limits(steps=30))
    assert (tmp_path / "last.safetensors").read_bytes() == saved


def test_a_damaged_checkpoint_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "last.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="can't be read"):
        run_in(tmp_path).resume()


def test_a_checkpoint_of_another_network_is_refused(tmp_path: Path) -> None:
    run = run_in(tmp_path)
    train(run, Limits(steps=1))
    tensors = load_file(tmp_path / "last.safetensors")
    tensors["weights.0.weight"] = torch.zeros(7)
    save_file(tensors, tmp_path / "last.safetensors", {"state": "{}"})
    with pytest.raises(ModelError, match="another network"):
        run_in(tmp_path).resume()


def test_learning_rates_rise_stay_and_fall() -> None:
    constant, falling = constant_rate(1.0, warmup=9), falling_rate(1.0)
    assert [constant(step, 0.0) for step in (0, 4, 9, 100)] == [0.1, 0.5, 1.0, 1.0]
    assert [round(falling(5, done), 6) for done in (0.0, 0.5, 1.0)] == [1.0, 0.5, 0.0]


def test_going_on_from_given_weights_keeps_them_if_nothing_is_better(tmp_path: Path) -> None:
    run = run_in(tmp_path, LineTask(told=[2.0, 3.0]), Recipe(constant_rate(1e-2)))
    start = run.weights()["0.weight"].clone()
    run.adopt(50, 7.0, [{"step": 50, "validation_loss": 1.0}])
    train(run, Limits(steps=60))
    assert run.step == 60
    assert len(run.log) == 3
    run.load_best()
    assert torch.equal(run.weights()["0.weight"], start)
