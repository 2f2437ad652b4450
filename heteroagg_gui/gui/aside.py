"""Short pieces of work beside the window's own thread, not worth a line in the job list."""

from collections.abc import Callable, Hashable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal


class _Piece(QRunnable):
    def __init__(self, owner: "Aside", key: Hashable, work: Callable[[], Any]) -> None:
        super().__init__()
        self._owner = owner
        self._key = key
        self._work = work

    def run(self) -> None:
        """Do the work; what it raises is an answer too."""
        try:
            result = self._work()
        except Exception as error:
            self._owner.failed.emit(self._key, error)
        else:
            self._owner.done.emit(self._key, result)


class Aside(QObject):
    """Does work in one thread of its own and answers in the window's thread.

    ``done(key, result)`` or ``failed(key, error)`` comes for each piece, in the order in
    which they were started.
    """

    done = Signal(object, object)
    failed = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    def start(self, key: Hashable, work: Callable[[], Any]) -> None:
        """Queue a piece of work under a key that comes back with the answer."""
        self._pool.start(_Piece(self, key, work))

    def stop(self) -> None:
        """Forget what has not begun and wait for what has."""
        self._pool.clear()
        self._pool.waitForDone()
