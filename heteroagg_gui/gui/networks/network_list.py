"""The networks at hand, one line each."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from heteroagg_gui.gui.material_look import typeset
from heteroagg_gui.workflow.model_card.entries import printable, words
from heteroagg_gui.workflow.model_card.facts import origin, system_title
from heteroagg_gui.workflow.model_store import Shelf

if TYPE_CHECKING:
    from heteroagg_gui.learning.model_card import ModelCard

COLUMNS = ("Network", "Materials", "Origin", "Made on", "State")
_ROW_POINTS = 28


class NetworkList(QObject):
    """Shows the shelf; :attr:`current_changed` tells which network is looked at."""

    current_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget = QTreeWidget()
        self.widget.setAccessibleName("Networks")
        self.widget.setColumnCount(len(COLUMNS))
        self.widget.setHeaderLabels(list(COLUMNS))
        self.widget.setRootIsDecorated(False)
        self.widget.setUniformRowHeights(True)
        self.widget.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.widget.setAllColumnsShowFocus(True)
        self.widget.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = self.widget.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        for column in range(len(COLUMNS)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.widget.currentItemChanged.connect(lambda *_: self.current_changed.emit(self.current))

    @property
    def current(self) -> str:
        """Name of the network that is looked at; empty where there is none."""
        item = self.widget.currentItem()
        return str(item.data(0, Qt.ItemDataRole.UserRole)) if item is not None else ""

    def show_shelf(self, shelf: Shelf, used: str, wanted: str = "") -> None:
        """List the networks.

        Parameters
        ----------
        shelf
            What there is.
        used
            Name of the network that predicts.
        wanted
            Which to look at; the same as before if empty or gone.
        """
        chosen = [wanted, self.current, used]
        names = [card.name for card in shelf.cards]
        current = next((name for name in chosen if name in names), "")
        with QSignalBlocker(self.widget):
            self.widget.clear()
            for card in shelf.cards:
                item = self._item(card, default=card.name == shelf.default, used=card.name == used)
                self.widget.addTopLevelItem(item)
                if card.name == current:
                    self.widget.setCurrentItem(item)
        self.current_changed.emit(self.current)

    def _item(self, card: "ModelCard", *, default: bool, used: bool) -> QTreeWidgetItem:
        state = ", ".join(word for word, holds in (("in use", used), ("default", default)) if holds)
        item = QTreeWidgetItem(
            [
                card.name,
                typeset(system_title(card)),
                origin(card),
                words(card.document.get("created")),
                state,
            ]
        )
        item.setData(0, Qt.ItemDataRole.UserRole, card.name)
        for column in range(len(COLUMNS)):
            item.setToolTip(column, f"{card.name}: {printable(card.title)}")
        item.setSizeHint(0, QSize(0, _ROW_POINTS))
        return item
