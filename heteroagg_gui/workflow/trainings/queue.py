"""The trainings in their order: one runs, the others wait."""

import contextlib
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from heteroagg_gui.core.child_program import child_command
from heteroagg_gui.core.errors import HeteroaggError, ParameterError
from heteroagg_gui.core.folder_lock import FolderLock
from heteroagg_gui.learning.retraining.plan import RetrainingPlan
from heteroagg_gui.workflow.trainings.child import Child, found_child, log_tail, start_child
from heteroagg_gui.workflow.trainings.ending import GO_ON, problem_of_end
from heteroagg_gui.workflow.trainings.request import Request, write_request, write_wish
from heteroagg_gui.workflow.trainings.status import Problem
from heteroagg_gui.workflow.trainings.training import (
    PLAN_FILE,
    REMOVED,
    Training,
    TrainingFolder,
    TrainingState,
    begin_folder,
    find_folders,
)

QUEUE_LOCK = ".queue.lock"
PATIENCE_S = 6.0
LOOKED_EVERY_S = 0.02

Command = Callable[[Path, bool], Sequence[str]]


def retrain_command(folder: Path, finish: bool) -> list[str]:
    """Return the command line that works on a training's folder.

    Parameters
    ----------
    folder
        The training's folder.
    finish
        Whether to take the per-image network as it is and do only the rest.
    """
    last = ("--finish",) if finish else ()
    return child_command(
        "retrain", str(folder / PLAN_FILE), "--out", str(folder), "--resume", *last
    )


@dataclass(frozen=True)
class TrainingsState:
    """All trainings as they were when they were last looked at.

    Parameters
    ----------
    trainings
        The one that runs, those that wait in their order, then the others, the newest first.
    held
        Keys of those that wait from an earlier start of the program, until the user says so.
    is_owner
        Whether this program starts trainings, and not another window of it.
    """

    trainings: tuple[Training, ...] = ()
    held: frozenset[str] = frozenset()
    is_owner: bool = False

    @property
    def running(self) -> Training | None:
        """The training that a process works on."""
        return next((t for t in self.trainings if t.state.is_alive), None)

    def find(self, key: str) -> Training | None:
        """Return a training by its key."""
        return next((t for t in self.trainings if t.key == key), None)


class TrainingQueue:
    """Starts trainings one after the other and ends them when asked.

    Not for several threads: :class:`~heteroagg_gui.workflow.trainings.watcher.TrainingWatcher`
    calls it from one. Of several programs that look at the same folder, the one that holds
    the lock of the queue starts trainings; all of them can pause and cancel.

    Parameters
    ----------
    parent
        Folder of all trainings.
    command
        Returns the command line for a training's folder.
    patience_s
        Seconds after which a process that was asked to stop is killed.
    """

    def __init__(
        self, parent: Path, command: Command = retrain_command, patience_s: float = PATIENCE_S
    ) -> None:
        self.parent = parent
        self._command = command
        self._patience = patience_s
        self._lock = FolderLock(parent / QUEUE_LOCK)
        self._folders: dict[str, TrainingFolder] = {}
        self._children: dict[str, Child] = {}
        self._kill_at: dict[str, float] = {}
        self._held: frozenset[str] = frozenset()

    def step(self) -> TrainingsState:
        """Look at everything once, do what is due and return how things stand."""
        self._catch_up()
        if self._lock.is_held:
            self._start_next()
        state = self._look()
        waiting = {t.key for t in state.trainings if t.state is TrainingState.WAITING}
        self._held &= waiting
        return replace(state, held=self._held)

    def submit(self, plan: RetrainingPlan) -> str:
        """Queue a training; return its key."""
        self._catch_up()
        place = 1.0 + max((r.place for _, r in self._waiting()), default=0.0)
        return begin_folder(plan, self.parent, place).name

    def pause(self, key: str) -> None:
        """Let a running training rest."""
        if self._is_alive(key):
            write_wish("pause", self._folder(key).folder)

    def go_on(self, key: str, *, finish: bool = False) -> None:
        """Let a training go on: at once if it is paused, else as soon as nothing else runs."""
        folder = self._folder(key)
        if self._is_alive(key):
            write_wish("run", folder.folder)
            return
        self._held -= {key}
        first = min((r.place for _, r in self._waiting()), default=1.0) - 1.0
        self._ask(folder, queued=True, place=first, finish=finish, ended="", problem=None)

    def cancel(self, key: str) -> None:
        """Stop a training; what it has done stays."""
        folder = self._folder(key)
        alive = self._is_alive(key)
        self._ask(folder, queued=False, finish=False, ended="cancelled", problem=None)
        if alive:
            self._stop(key)

    def finish(self, key: str) -> None:
        """Stop training on images and make the network from what there is."""
        if self._is_alive(key):
            first = min((r.place for _, r in self._waiting()), default=1.0) - 1.0
            self._ask(self._folder(key), queued=True, place=first, finish=True, ended="cancelled")
            self._stop(key)
        else:
            self.go_on(key, finish=True)

    def release(self) -> None:
        """Let those that wait from an earlier start of the program have their turns."""
        self._held = frozenset()

    def move(self, key: str, steps: int) -> None:
        """Move a waiting training up (negative) or down among those that wait."""
        order = [name for name, _ in self._waiting()]
        if key not in order:
            return
        index = order.index(key)
        order.insert(max(0, min(len(order) - 1, index + steps)), order.pop(index))
        for place, name in enumerate(order, start=1):
            self._ask(self._folder(name), place=float(place))

    def remove(self, key: str) -> None:
        """Delete a training's folder with everything in it.

        Raises
        ------
        ParameterError
            If it runs.
        """
        folder = self._folder(key).folder
        if self._is_alive(key):
            raise ParameterError("The training runs: cancel it before it is removed.")
        gone = folder.with_name(f"{REMOVED}{folder.name}")
        folder.rename(gone)
        del self._folders[key]
        _delete_aside([gone])

    def set_adopted(self, key: str, name: str) -> None:
        """Note that the network of a training was installed under a name."""
        self._ask(self._folder(key), adopted=name)

    def set_kept(self, key: str) -> None:
        """Note that the network of a training is to be kept without being used."""
        self._ask(self._folder(key), kept=True)

    def close(self) -> None:
        """Stop what this program watches over, to be taken up another time, and let go."""
        if self._lock.is_held:
            alive = {key: child for key, child in self._children.items() if child.is_alive}
            for key in alive:
                folder = self._folder(key)
                queued = folder.request is not None and folder.request.queued
                self._ask(folder, ended="" if queued else "closed")
                self._stop(key)
            end = time.monotonic() + self._patience
            for key, child in alive.items():
                self._wait_for_end(child, self._folder(key), end)
                if child.is_alive:
                    child.kill()
        self._lock.release()

    @staticmethod
    def _wait_for_end(child: Child, folder: TrainingFolder, end: float) -> None:
        while child.is_alive and not folder.has_ended(child.since) and time.monotonic() < end:
            time.sleep(LOOKED_EVERY_S)

    def _catch_up(self) -> None:
        gained = self._take_lock()
        self._scan()
        self._attend()
        if gained:
            self._hold_what_waits()

    def _take_lock(self) -> bool:
        """Become the one that starts trainings, if nobody is; return whether that is new."""
        if self._lock.is_held:
            return False
        try:
            self.parent.mkdir(parents=True, exist_ok=True)
            return self._lock.take()
        except OSError:
            return False

    def _scan(self) -> None:
        paths = {path.name: path for path in find_folders(self.parent)}
        for key in self._folders.keys() - paths.keys():
            del self._folders[key]
            orphan = self._children.pop(key, None)
            if orphan is not None:
                orphan.kill()
        for key in paths.keys() - self._folders.keys():
            self._folders[key] = TrainingFolder(paths[key])

    def _attend(self) -> None:
        """Find processes, see which have ended, and kill those that do not answer.

        A process that has said its last word and let go of the lock has everything on the
        disk: clearing up its memory is left to the system, which is quicker.
        """
        for key, folder in self._folders.items():
            child = self._children.get(key)
            if child is None:
                if folder.is_locked:
                    status = folder.status
                    pid = status.pid if status is not None else 0
                    self._children[key] = found_child(folder.folder, pid)
                continue
            if not child.is_alive:
                self._bury(key, folder, child)
            elif folder.has_ended(child.since):
                child.kill()
                self._bury(key, folder, child)
            elif time.monotonic() > self._kill_at.get(key, float("inf")):
                child.kill()

    def _bury(self, key: str, folder: TrainingFolder, child: Child) -> None:
        del self._children[key]
        self._kill_at.pop(key, None)
        request = folder.request
        if request is None or request.ended:
            return
        problem = problem_of_end(
            child.exit_status, folder.status, log_tail(folder.folder), child.since
        )
        if problem is not None:
            child.kill()
            self._ask(folder, problem=problem)

    def _hold_what_waits(self) -> None:
        if not self._children:
            self._held = frozenset(key for key, _ in self._waiting())
        leftovers = self.parent.glob(f"{REMOVED}*")
        _delete_aside(list(leftovers))

    def _start_next(self) -> None:
        if self._children:
            return
        key = next((key for key, _ in self._waiting() if key not in self._held), None)
        if key is None:
            return
        folder = self._folders[key]
        request = folder.request
        finish = request is not None and request.finish
        self._ask(folder, queued=False, ended="", problem=None)
        try:
            write_wish("run", folder.folder)
            self._children[key] = start_child(self._command(folder.folder, finish), folder.folder)
        except OSError as error:
            reason = error.strerror or str(error)
            sentence = f"The training can't be started ({reason})."
            self._ask(folder, problem=Problem("other", sentence, GO_ON))

    def _look(self) -> TrainingsState:
        places = {key: k for k, (key, _) in enumerate(self._waiting(), start=1)}
        found = []
        for key, folder in self._folders.items():
            child = self._children.get(key)
            training = folder.look(
                alive=child is not None,
                since=child.since if child is not None else 0.0,
                place=places.get(key, 0),
            )
            if training is not None:
                found.append(training)
        return TrainingsState(_in_order(found), self._held, self._lock.is_held)

    def _waiting(self) -> list[tuple[str, Request]]:
        """Return those that wait, in their order."""
        waiting = [
            (key, folder.request)
            for key, folder in self._folders.items()
            if key not in self._children and folder.request is not None and folder.request.queued
        ]
        return sorted(waiting, key=lambda pair: (pair[1].place, pair[0]))

    def _folder(self, key: str) -> TrainingFolder:
        folder = self._folders.get(key)
        if folder is None:
            raise ParameterError("The training is not there any more: choose another one.")
        return folder

    def _is_alive(self, key: str) -> bool:
        child = self._children.get(key)
        return child is not None and child.is_alive

    def _stop(self, key: str) -> None:
        """Ask a process to stop, or end it at once if it has not begun its work."""
        folder, child = self._folder(key), self._children[key]
        write_wish("stop", folder.folder)
        if folder.status is None or folder.status.updated < child.since:
            child.kill()
        self._kill_at[key] = time.monotonic() + self._patience

    def _ask(self, folder: TrainingFolder, **changes: object) -> None:
        request = folder.request
        if request is None:
            raise HeteroaggError("The training's folder is damaged: remove it.")
        write_request(replace(request, **changes), folder.folder)  # type: ignore[arg-type]


def _in_order(trainings: Iterable[Training]) -> tuple[Training, ...]:
    found = sorted(trainings, key=lambda t: t.key, reverse=True)
    alive = [t for t in found if t.state.is_alive]
    waiting = sorted((t for t in found if t.place), key=lambda t: t.place)
    return (*alive, *waiting, *(t for t in found if not t.state.is_alive and not t.place))


def _delete_aside(folders: Sequence[Path]) -> None:
    """Delete folders in a thread of their own: checkpoints can be large."""

    def delete() -> None:
        for folder in folders:
            with contextlib.suppress(OSError):
                shutil.rmtree(folder)

    if folders:
        threading.Thread(target=delete, name="remove", daemon=True).start()
