"""Work beside the window of which only the latest counts, such as what a slider asks for."""

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

Work = Callable[[], Any]


class LatestWins(QObject):
    """Does one piece of work at a time; of those that wait, only the latest is done.

    ``done(result)`` or ``failed(error)`` comes in the window's thread for each piece that
    was begun, in order. While a slider moves, results come as fast as the worker makes
    them, and the last one belongs to where the slider stopped.
    """

    done = Signal(object)
    failed = Signal(object)

    _ended = Signal(object, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._waiting: Work | None = None
        self._busy = False
        self._stopped = False
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether something is being done or waits."""
        return self._busy or self._waiting is not None

    def ask(self, work: Work) -> None:
        """Do this as soon as the worker is free, in place of what waits."""
        self._waiting = work
        self._begin()

    def _begin(self) -> None:
        if self._busy or self._stopped or self._waiting is None:
            return
        work, self._waiting = self._waiting, None
        self._busy = True
        self._thread.submit(self._run, work)

    def _run(self, work: Work) -> None:
        result, error = None, None
        try:
            result = work()
        except Exception as problem:
            error = problem
        if not self._stopped:
            # the window may have gone while the work was done
            with contextlib.suppress(RuntimeError):
                self._ended.emit(result, error)

    def _on_ended(self, result: object, error: Exception | None) -> None:
        self._busy = False
        if self._stopped:
            return
        if error is None:
            self.done.emit(result)
        else:
            self.failed.emit(error)
        self._begin()

    def stop(self) -> None:
        """Begin nothing more; what is being done ends unheard."""
        self._stopped = True
        self._waiting = None
        self._thread.shutdown(wait=False, cancel_futures=True)
