"""Items are the same whoever makes them, also where processes die."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest
import torch
from dask.distributed import LocalCluster

from heteroagg_gui.core.errors import Cancelled, WorkerError
from heteroagg_gui.learning import makers
from heteroagg_gui.learning.batches import EndlessChunks
from heteroagg_gui.learning.makers import Makers, Pulse, at_rest
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.set_data import ImageSets, random_thetas


class Squares:
    """Squares of numbers; the process that makes a chosen one dies, once or always."""

    def __init__(self, count: int, deadly: int = -1, mark: Path | None = None) -> None:
        self.count = count
        self.deadly = deadly
        self.mark = mark

    def __len__(self) -> int:
        return self.count

    def load(self) -> None:
        """Need nothing."""

    def make(self, index: int, pulse: Pulse = at_rest) -> int:
        if index == self.deadly and (self.mark is None or not self.mark.exists()):
            if self.mark is not None:
                self.mark.touch()
            os.kill(os.getpid(), signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        return index * index


def test_a_process_that_dies_is_replaced_and_nothing_is_lost(tmp_path: Path) -> None:
    told: list[str] = []
    items = Squares(12, deadly=5, mark=tmp_path / "died")
    found = list(Makers(2, lost=told.append).in_order(items, 2))
    assert found == [k * k for k in range(2, 12)]
    assert len(told) == 1


def test_processes_that_die_again_and_again_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(makers, "MOST_DEATHS", 1)
    with pytest.raises(WorkerError, match="die again and again"):
        list(Makers(1).in_order(Squares(3, deadly=0)))


def test_waiting_ends_soon_when_it_is_to_stop() -> None:
    calls = []

    def stop() -> None:
        calls.append(time.monotonic())
        if len(calls) > 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        list(Makers(1, pulse=stop).in_order(Squares(10**6)))


class Long:
    """Items that take a minute; the file says when one was begun and when one was left."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __len__(self) -> int:
        return 9

    def load(self) -> None:
        """Need nothing."""

    def make(self, index: int, pulse: Pulse = at_rest) -> int:
        self.mark.write_text("begun")
        end = time.monotonic() + 60.0
        while time.monotonic() < end:
            time.sleep(0.01)
            try:
                pulse()
            except Cancelled:
                self.mark.write_text("left")
                raise
        return index


def test_processes_leave_what_nobody_wants_any_more(tmp_path: Path) -> None:
    mark = tmp_path / "mark"

    def stop() -> None:
        if mark.exists() and mark.read_text() == "begun":
            raise Cancelled

    with pytest.raises(Cancelled):
        list(Makers(1, pulse=stop).in_order(Long(mark)))
    end = time.monotonic() + 30.0
    while mark.read_text() != "left" and time.monotonic() < end:
        time.sleep(0.02)
    assert mark.read_text() == "left"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_cluster_makes_the_same_images_also_if_a_worker_is_killed(
    cluster: LocalCluster,
) -> None:
    ranges = TrainingRanges()
    chunks = EndlessChunks(ranges, 3, 6, 1, 2)
    sets = ImageSets(random_thetas(ranges, 3, 5), 2, ranges, 5)
    there = Makers(cluster=cluster.scheduler_address)
    victim = next(iter(cluster.workers.values())).pid
    found = []
    for number, chunk in enumerate(there.in_order(chunks)):
        if number == 1:
            os.kill(victim, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        found.append(chunk)
    assert len(found) == len(chunks)
    for index, chunk in enumerate(found):
        for mine, theirs in zip(chunks.make(index), chunk, strict=True):
            assert torch.equal(mine.levels, theirs.levels)
            assert torch.equal(mine.quantities, theirs.quantities)
            assert mine.maps is not None
            assert theirs.maps is not None
            assert torch.equal(mine.maps, theirs.maps)
    for index, (batches, order) in enumerate(there.in_order(sets, 1), start=1):
        own, own_order = sets.make(index)
        assert order == own_order
        assert all(torch.equal(a.levels, b.levels) for a, b in zip(own, batches, strict=True))


def test_a_cluster_out_of_reach_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heteroagg_gui.learning.dataset.workers.CONNECT_S", 0.5)
    with pytest.raises(WorkerError, match="can't be reached"):
        list(Makers(cluster="tcp://127.0.0.1:1").in_order(Squares(2)))
