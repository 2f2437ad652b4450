"""Watches over the trainings in a thread of its own and says what changed."""

import logging
import queue
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from psygnal import Signal

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.learning.retraining.plan import RetrainingPlan
from heteroagg_gui.workflow.places import user_trainings_folder
from heteroagg_gui.workflow.trainings.details import DetailsReader, TrainingDetails
from heteroagg_gui.workflow.trainings.queue import (
    PATIENCE_S,
    Command,
    TrainingQueue,
    TrainingsState,
    retrain_command,
)

INTERVAL_S = 0.25
DETAILS_INTERVAL_S = 1.0

_log = logging.getLogger(__name__)


class TrainingWatcher:
    """The queue of trainings, stepped four times a second and after every wish of the user.

    Wishes return at once; what comes of them is told by signals, from the watcher's thread:
    ``changed`` with the trainings, ``detailed`` with the curves and samples of the selected one,
    ``submitted`` with the key of a new one, ``failed`` with an error.

    Parameters
    ----------
    parent
        Folder of all trainings; the user's by default.
    command
        Returns the command line for a training's folder.
    patience_s
        Seconds after which a process that was asked to stop is killed.
    """

    changed = Signal(TrainingsState)
    detailed = Signal(TrainingDetails)
    submitted = Signal(str)
    failed = Signal(BaseException)

    def __init__(
        self,
        parent: Path | None = None,
        command: Command = retrain_command,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._patience = patience_s
        self._queue = TrainingQueue(parent or user_trainings_folder(), command, patience_s)
        self._wishes: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="trainings", daemon=True)
        self._state = TrainingsState()
        self._selected = ""
        self._details: DetailsReader | None = None
        self._details_due = 0.0
        self._last_failure = ""

    @property
    def state(self) -> TrainingsState:
        """The trainings as they were last looked at."""
        return self._state

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def close(self) -> bool:
        """Stop what runs, keeping its checkpoint, and end; return whether all has ended."""
        if not self._thread.is_alive():
            return True
        self._wishes.put(None)
        self._thread.join(self._patience + 5.0)
        return not self._thread.is_alive()

    def submit(self, plan: RetrainingPlan) -> None:
        """Queue a training."""
        self._wishes.put(lambda: self._tell(self.submitted, self._queue.submit(plan)))

    def select(self, key: str) -> None:
        """Tell the details of this training from now on; of none if empty."""

        def select() -> None:
            self._selected = key
            self._details = None

        self._wishes.put(select)

    def pause(self, key: str) -> None:
        """Let a running training rest."""
        self._wishes.put(lambda: self._queue.pause(key))

    def go_on(self, key: str) -> None:
        """Let a training go on."""
        self._wishes.put(lambda: self._queue.go_on(key))

    def cancel(self, key: str) -> None:
        """Stop a training; what it has done stays."""
        self._wishes.put(lambda: self._queue.cancel(key))

    def finish(self, key: str) -> None:
        """Make the network from what there is."""
        self._wishes.put(lambda: self._queue.finish(key))

    def move(self, key: str, steps: int) -> None:
        """Move a waiting training up (negative) or down."""
        self._wishes.put(lambda: self._queue.move(key, steps))

    def release(self) -> None:
        """Start those that wait from an earlier start of the program."""
        self._wishes.put(self._queue.release)

    def remove(self, key: str) -> None:
        """Delete a training."""
        self._wishes.put(lambda: self._queue.remove(key))

    def set_adopted(self, key: str, name: str) -> None:
        """Note that the network of a training was installed under a name."""
        self._wishes.put(lambda: self._queue.set_adopted(key, name))

    def set_kept(self, key: str) -> None:
        """Note that the network of a training is to be kept without being used."""
        self._wishes.put(lambda: self._queue.set_kept(key))

    def _run(self) -> None:
        following = 0.0
        while True:
            try:
                wish = self._wishes.get(timeout=max(0.0, following - time.monotonic()))
            except queue.Empty:
                self._guard(self._step)
                following = time.monotonic() + INTERVAL_S
                continue
            if wish is None:
                self._guard(self._queue.close)
                return
            self._last_failure = ""
            self._guard(wish)
            following = 0.0

    def _guard(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            if isinstance(error, HeteroaggError):
                _log.warning("%s", error)
            else:
                _log.exception("Watching the trainings failed")
            if repr(error) != self._last_failure:
                self._tell(self.failed, error)
            self._last_failure = repr(error)

    def _step(self) -> None:
        state = self._queue.step()
        if state != self._state:
            self._state = state
            self._tell(self.changed, state)
        self._read_details(state)

    def _read_details(self, state: TrainingsState) -> None:
        training = state.find(self._selected)
        if training is None:
            return
        now = time.monotonic()
        if self._details is None:
            self._details = DetailsReader(training)
        elif now < self._details_due and training.state.is_alive:
            return
        self._details_due = now + DETAILS_INTERVAL_S
        details = self._details.read(training)
        if details is not None:
            self._tell(self.detailed, details)

    def _tell(self, signal: Any, *what: object) -> None:
        """Emit; a listener that fails is reported and does not end the watching."""
        try:
            signal.emit(*what)
        except Exception:
            raised = (*sys.exc_info(), threading.current_thread())
            threading.excepthook(threading.ExceptHookArgs(raised))
