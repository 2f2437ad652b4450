"""A queue of trainings over a command that computes nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from heteroagg_gui.workflow.trainings.queue import TrainingQueue
from tests.workflow.fake_trainings import PATIENCE_S, PROJECT, engine


@pytest.fixture(autouse=True)
def find_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))


@pytest.fixture
def make_queue(tmp_path: Path) -> Iterator[Callable[..., TrainingQueue]]:
    """Return a function that makes a queue over one folder; each is closed after the test."""
    made: list[TrainingQueue] = []

    def make(mode: str = "finish") -> TrainingQueue:
        made.append(TrainingQueue(tmp_path / "trainings", engine(mode), PATIENCE_S))
        return made[-1]

    yield make
    for queue in made:
        queue.close()
