"""The thread that watches: what it tells, how fast it answers, how it ends."""

import threading
import time

import pytest

from heteroagg_gui.workflow.trainings.training import TrainingState
from heteroagg_gui.workflow.trainings.watcher import TrainingWatcher
from tests.workflow.fake_trainings import PATIENCE_S, engine, is_running, plan

PATIENT_S = 20.0


class Heard:
    """What a watcher told, and waiting for it."""

    def __init__(self, watcher: TrainingWatcher) -> None:
        self.states, self.details, self.keys, self.errors = [], [], [], []
        self._told = threading.Condition()
        for signal, heard in (
            (watcher.changed, self.states),
            (watcher.detailed, self.details),
            (watcher.submitted, self.keys),
            (watcher.failed, self.errors),
        ):
            signal.connect(lambda what, heard=heard: self._hear(heard, what))

    def _hear(self, heard: list, what: object) -> None:
        with self._told:
            heard.append(what)
            self._told.notify_all()

    def until(self, condition) -> None:
        with self._told:
            assert self._told.wait_for(condition, PATIENT_S), self.states[-1:]

    def state(self, key: str) -> TrainingState | None:
        training = self.states[-1].find(key) if self.states else None
        return training.state if training is not None else None


@pytest.fixture
def watch(tmp_path):
    made = []

    def make(mode: str) -> tuple[TrainingWatcher, Heard]:
        watcher = TrainingWatcher(tmp_path / "trainings", engine(mode), PATIENCE_S)
        made.append(watcher)
        heard = Heard(watcher)
        watcher.start()
        return watcher, heard

    yield make
    for watcher in made:
        assert watcher.close()


def test_tells_states_curves_and_card(watch):
    watcher, heard = watch("finish")
    watcher.submit(plan())
    heard.until(lambda: heard.keys)
    key = heard.keys[0]
    watcher.select(key)
    heard.until(lambda: heard.state(key) is TrainingState.FINISHED)
    heard.until(lambda: heard.details and heard.details[-1].card is not None)
    last = heard.details[-1]
    assert last.curves.images.tolist() == [16 * k for k in range(1, 13)]
    assert last.curves.errors["n_particles"][-1] == pytest.approx(40 / 12)
    assert last.bundled["kind"] == "compact-set"
    assert last.size_mb > 0.0
    told = len(heard.details)
    time.sleep(0.6)
    assert len(heard.details) == told


def test_cancel_is_seen_before_the_process_has_ended(watch):
    watcher, heard = watch("deaf")
    watcher.submit(plan())
    heard.until(lambda: heard.keys and heard.state(heard.keys[0]) is TrainingState.RUNNING)
    key = heard.keys[0]
    watcher.cancel(key)
    heard.until(lambda: heard.state(key) is TrainingState.STOPPING)
    heard.until(lambda: heard.state(key) is TrainingState.CANCELLED)


def test_errors_are_told_and_do_not_end_the_watching(watch):
    watcher, heard = watch("slow")
    watcher.cancel("nothing")
    heard.until(lambda: heard.errors)
    assert "not there any more" in str(heard.errors[0])
    watcher.submit(plan())
    heard.until(lambda: heard.keys and heard.state(heard.keys[0]) is TrainingState.RUNNING)


def test_close_ends_the_process(watch):
    watcher, heard = watch("slow")
    watcher.submit(plan())
    heard.until(lambda: heard.keys and heard.state(heard.keys[0]) is TrainingState.RUNNING)
    pid = heard.states[-1].running.status.pid
    assert watcher.close()
    assert not is_running(pid)
    assert watcher.close()
