"""The only mutable object of the program: the state, its history, one signal."""

from collections.abc import Callable
from dataclasses import replace
from threading import RLock

from psygnal import Signal

from heteroagg_gui.workflow.state import SessionState

HISTORY_LENGTH = 50


class Session:
    """Holds the current state and tells listeners about each change.

    ``changed`` is emitted with the states before and after, in the thread that made the
    change and in the order of the changes. Listeners that live in a window connect with
    psygnal's ``thread="main"``: those hear of a worker's change later than of their own,
    so they compare :attr:`state` with what they show, and take ``after`` as a hint only.
    """

    changed = Signal(SessionState, SessionState, reemission="queued")

    def __init__(self, state: SessionState | None = None) -> None:
        self._state = state if state is not None else SessionState()
        self._undo: list[SessionState] = []
        self._redo: list[SessionState] = []
        self._lock = RLock()

    @property
    def state(self) -> SessionState:
        """The current state."""
        return self._state

    @property
    def can_undo(self) -> bool:
        """Whether :meth:`undo` would change anything."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether :meth:`redo` would change anything."""
        return bool(self._redo)

    def update(
        self,
        change: Callable[[SessionState], SessionState],
        *,
        undoable: bool = True,
        through_history: bool = False,
    ) -> SessionState:
        """Replace the state by ``change(state)``, atomically, and announce it.

        Parameters
        ----------
        change
            Pure function of the current state.
        undoable
            Whether undo goes back to the state before; selections and job results that
            only add to the picture are not worth a step.
        through_history
            Also bring the change into the states that undo and redo lead to, so that a
            file read meanwhile does not fall back to being read.
        """
        with self._lock:
            before = self._state
            after = change(before)
            if through_history:
                self._undo = [change(state) for state in self._undo]
                self._redo = [change(state) for state in self._redo]
            if after is before:
                return before
            if undoable:
                self._undo = [*self._undo[1 - HISTORY_LENGTH :], before]
                self._redo = []
            self._state = after
            self.changed.emit(before, after)
            return after

    def undo(self) -> None:
        """Go back one step, keeping the selection where it still exists."""
        with self._lock:
            self._travel(self._undo, self._redo)

    def redo(self) -> None:
        """Take back one undo."""
        with self._lock:
            self._travel(self._redo, self._undo)

    def _travel(self, source: list[SessionState], target: list[SessionState]) -> None:
        if not source:
            return
        before = self._state
        target.append(before)
        after = source.pop()
        keys = {item.key for item in after.items}
        if before.selected_key in keys:
            after = replace(after, selected_key=before.selected_key)
        self._state = after
        self.changed.emit(before, after)
