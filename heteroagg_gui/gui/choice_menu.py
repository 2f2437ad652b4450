"""A menu of which one entry is chosen."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu


class ChoiceMenu(QObject):
    """Radio entries inside a menu; :attr:`chosen` tells the value of the one picked.

    Parameters
    ----------
    menu
        Gets the entries.
    before
        Entry they go before; at the end where there is none.
    """

    chosen = Signal(object)

    def __init__(self, menu: QMenu, before: QAction | None = None) -> None:
        super().__init__(menu)
        self.menu = menu
        self._before = before
        self._group = QActionGroup(menu)
        self._group.triggered.connect(lambda action: self.chosen.emit(action.data()))

    def fill(self, options: Sequence[tuple[Any, str, str]], active: Any) -> None:
        """Offer values, each with its text and tooltip, one of them chosen."""
        for old in self._group.actions():
            self._group.removeAction(old)
            self.menu.removeAction(old)
            old.deleteLater()
        for value, text, tip in options:
            action = QAction(text, self.menu)
            action.setCheckable(True)
            action.setData(value)
            action.setToolTip(tip)
            action.setChecked(value == active)
            self._group.addAction(action)
            if self._before is None:
                self.menu.addAction(action)
            else:
                self.menu.insertAction(self._before, action)
