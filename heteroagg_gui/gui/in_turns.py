"""Work that is done in pieces, so that the window answers in between."""

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer


class InTurns(QObject):
    """Does one piece of work in each turn of the event loop."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pieces: deque[Callable[[], None]] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._next)

    def start(self, pieces: Iterable[Callable[[], None]]) -> None:
        """Do these pieces; what is left of earlier ones is dropped."""
        self._pieces = deque(pieces)
        self._timer.start()

    @property
    def busy(self) -> bool:
        """Whether there is anything left to do."""
        return bool(self._pieces)

    def _next(self) -> None:
        if self._pieces:
            self._pieces.popleft()()
        if not self._pieces:
            self._timer.stop()
