"""Dragging files over a widget and letting go."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget


def drop(target: QWidget, paths: Sequence[Path]) -> bool:
    """Drag files over a widget and let go; return whether they were taken."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place = target.rect().center()
    rest = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton)
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, *rest, none)
    QApplication.sendEvent(target, enter)
    move = QDragMoveEvent(place, *rest, none)
    QApplication.sendEvent(target, move)
    event = QDropEvent(QPointF(place), *rest, none)
    QApplication.sendEvent(target, event)
    return enter.isAccepted() and move.isAccepted() and event.isAccepted()
