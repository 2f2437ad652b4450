"""Files that macOS hands over as events when they are dropped on the program's icon."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QFileOpenEvent

_GATHER_MS = 100


class DroppedOnIcon(QObject):
    """Gathers the events, one for each file, into batches.

    Parameters
    ----------
    application
        Qt's application, which gets the events.
    open_paths
        Called with each batch.
    """

    def __init__(
        self, application: QObject, open_paths: Callable[[Sequence[Path]], object]
    ) -> None:
        super().__init__(application)
        self._open = open_paths
        self._waiting: list[Path] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_GATHER_MS)
        self._timer.timeout.connect(self._open_batch)
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the file of an event."""
        if event.type() == QEvent.Type.FileOpen and isinstance(event, QFileOpenEvent):
            self._waiting.append(Path(event.file()))
            self._timer.start()
            return True
        return super().eventFilter(watched, event)

    def _open_batch(self) -> None:
        paths, self._waiting = self._waiting, []
        self._open(paths)
