"""Files that are dropped on a page that knows what to do with them."""

from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from heteroagg_gui.gui.dropping import paths_of


class FileDrop(QObject):
    """Takes files with certain endings; any others go on to the window.

    Parameters
    ----------
    widget
        What they are dropped on.
    suffixes
        Endings in lower case, with the dot.
    """

    dropped = Signal(tuple)

    def __init__(self, widget: QWidget, suffixes: Collection[str]) -> None:
        super().__init__(widget)
        self._suffixes = frozenset(suffixes)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what fits."""
        if not isinstance(event, QDragEnterEvent | QDragMoveEvent | QDropEvent):
            return False
        paths = self._fitting(event)
        if not paths:
            event.ignore()
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.dropped.emit(paths)
        return True

    def _fitting(self, event: QDropEvent) -> tuple[Path, ...]:
        paths = paths_of(event.mimeData())
        return tuple(path for path in paths if path.suffix.lower() in self._suffixes)
