"""Runs of a long simulation: stored one by one, resumed, cancelled, spread over processes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.core.errors import Cancelled
from heteroagg_gui.stem.simulation_runs import PartialRuns, Run, perform

RUNS = [Run(label, index) for label in ("[100]", "[100] + 30 deg", "random") for index in (0, 1)]


@dataclass(frozen=True)
class Counting:
    """Stores the number of its run."""

    store: PartialRuns

    def __call__(self, run: Run, report: Callable[[float], None]) -> None:
        report(0.5)
        self.store.write(run, np.array([float(RUNS.index(run))]))


def store_in(folder: Path, **settings: object) -> PartialRuns:
    return PartialRuns.for_settings(folder / "out.npz", {"seed": 0, **settings})


def test_every_run_has_its_own_file(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    paths = [store.path(run) for run in RUNS]
    assert len(set(paths)) == len(RUNS)
    assert {path.parent for path in paths} == {tmp_path}


def test_other_settings_have_other_files(tmp_path: Path) -> None:
    assert store_in(tmp_path).path(RUNS[0]) != store_in(tmp_path, seed=1).path(RUNS[0])


def test_a_damaged_run_counts_as_missing(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.write(RUNS[0], np.ones(3))
    assert store.has(RUNS[0], 3)
    store.path(RUNS[0]).write_bytes(b"PK cut off")
    assert not store.has(RUNS[0], 3)
    assert not store.has(RUNS[1], 3)


def test_a_run_over_the_thin_end_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.write(RUNS[0], np.ones((11, 4)))
    assert store.has(RUNS[0], 11)
    assert not store.has(RUNS[0], 61)


def test_runs_come_back_exactly_and_can_be_removed(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    values = np.random.default_rng(0).random((4, 5))
    store.write(RUNS[2], values)
    assert np.array_equal(store.read(RUNS[2]), values)
    store.remove(RUNS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_all_missing_runs_are_performed(tmp_path: Path, workers: int) -> None:
    store = store_in(tmp_path)
    seen: list[float] = []
    missing = RUNS[2:]
    perform(Counting(store), missing, len(RUNS), workers, lambda f, _: seen.append(f))
    assert [store.read(run)[0] for run in missing] == [2.0, 3.0, 4.0, 5.0]
    assert not store.has(RUNS[0], 1)
    assert seen == sorted(seen)
    assert seen[0] >= 2 / 6 - 1e-9
    assert seen[-1] == pytest.approx(1.0)


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_may_cancel(tmp_path: Path, workers: int) -> None:
    store = store_in(tmp_path)

    def cancel(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        perform(Counting(store), RUNS, len(RUNS), workers, cancel)


@dataclass(frozen=True)
class Failing:
    """Fails as a simulation might."""

    def __call__(self, run: Run, report: Callable[[float], None]) -> None:
        raise ValueError(f"run {run.configuration} failed")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failing_run_ends_the_simulation(workers: int) -> None:
    with pytest.raises(ValueError, match="failed"):
        perform(Failing(), RUNS, len(RUNS), workers, lambda f, m: None)
