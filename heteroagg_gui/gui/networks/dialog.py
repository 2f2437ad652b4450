"""The networks at hand: a list, the card of one, and what can be done with it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QIcon,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.gui.dropping import paths_of
from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.names import DISPLAY_NAME
from heteroagg_gui.gui.networks.network_list import NetworkList
from heteroagg_gui.gui.networks.pages import card_page
from heteroagg_gui.gui.networks.undo_bar import UndoBar
from heteroagg_gui.workflow.model_store import Shelf, is_own

if TYPE_CHECKING:
    from heteroagg_gui.learning.model_card import ModelCard

NO_NETWORK = "<h3>No network</h3><p>Install one from a file or a folder, or train one.</p>"
_KEPT = "This network came with the program and stays as it is"
_BUTTONS = (
    ("use", "&Use", "Predict with this network from now on"),
    ("default", "Make de&fault", "Use it in the window and on the command line, until changed"),
    ("rename", "&Rename…", "Give it another name or title (F2)"),
    ("export", "&Export…", "Write it to one file to hand on, with its own materials"),
    ("compare", "&Compare with…", "Look at two networks side by side"),
    ("delete", "&Delete", "Take it away; it can be restored for 30 days (Delete)"),
)


class NetworksDialog(QDialog):
    """Stays open beside the window; says what is wished for and shows what there is."""

    asked = Signal(str, str)
    compare_asked = Signal(str, str)
    restore_asked = Signal(str)
    file_asked = Signal()
    folder_asked = Signal()
    dropped = Signal(tuple)

    def __init__(self, icons: IconKeeper, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{DISPLAY_NAME}: networks")
        self.resize(1120, 720)
        self.setAcceptDrops(True)
        self._shelf = Shelf()
        self._used = ""
        self.list = NetworkList(self)
        self.page = QTextBrowser()
        self.page.setAccessibleName("Card of the network")
        self.undo_bar = UndoBar(icons)
        self.buttons = {key: self._button(key, text, tip) for key, text, tip in _BUTTONS}
        self.install = QPushButton("&Install")
        self._others = QMenu(self)
        self._sources = QMenu(self)
        self._deleted = QMenu("&Restore a deleted one", self)
        self._build(icons)
        self._add_keys()
        self.list.current_changed.connect(self._show_card)
        self.undo_bar.undo_asked.connect(self.restore_asked)

    def _button(self, key: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.setToolTip(tip)
        if key != "compare":
            button.clicked.connect(lambda: self._ask(key))
        return button

    def _ask(self, key: str) -> None:
        if self.buttons[key].isEnabled() and self.list.current:
            self.asked.emit(key, self.list.current)

    def _build(self, icons: IconKeeper) -> None:
        self.buttons["compare"].setMenu(self._others)
        icons.dress(self.buttons["delete"], "remove")
        icons.dress(self.buttons["export"], "export")
        self.install.setAutoDefault(False)
        self.install.setToolTip("Add a network from a file or a folder; or drop it here")
        icons.dress(self.install, "open")
        self._sources.addAction("From a &file…").triggered.connect(self.file_asked)
        self._sources.addAction("From a f&older…").triggered.connect(self.folder_asked)
        self._sources.addMenu(self._deleted)
        self.install.setMenu(self._sources)
        middle = QSplitter()
        middle.setChildrenCollapsible(False)
        middle.setHandleWidth(8)
        middle.addWidget(self.list.widget)
        middle.addWidget(self._right_side())
        middle.setSizes([440, 640])
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.close)
        close.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        foot = QHBoxLayout()
        foot.addWidget(self.install)
        foot.addStretch()
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(middle, 1)
        layout.addWidget(self.undo_bar)
        layout.addLayout(foot)

    def _right_side(self) -> QWidget:
        """Return the buttons over the card they act on."""
        row = QHBoxLayout()
        row.setSpacing(8)
        for key, button in self.buttons.items():
            if key == "delete":
                row.addStretch()
            row.addWidget(button)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.page, 1)
        return right

    def _add_keys(self) -> None:
        for keys, act in (
            ("F2", lambda: self._ask("rename")),
            ("Delete", lambda: self._ask("delete")),
            ("Ctrl+Z", self.undo_bar.take_back),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def show_shelf(self, shelf: Shelf, used: str, wanted: str = "") -> None:
        """Show what there is.

        Parameters
        ----------
        shelf
            The networks at hand.
        used
            Name of the one that predicts.
        wanted
            Which to look at; the same as before if empty.
        """
        self._shelf, self._used = shelf, used
        self._deleted.clear()
        self._deleted.setEnabled(bool(shelf.deleted))
        for entry in shelf.deleted:
            text = f"{entry.name}, deleted on {entry.deleted.astimezone():%Y-%m-%d %H:%M}"
            action = self._deleted.addAction(text)
            action.triggered.connect(lambda _=False, key=entry.key: self.restore_asked.emit(key))
        self.list.show_shelf(shelf, used, wanted)

    def look_at(self, name: str) -> None:
        """Show the card of a network."""
        self.list.show_shelf(self._shelf, self._used, name)

    def card(self, name: str) -> "ModelCard | None":
        """Return the card of a network that is listed."""
        return next((card for card in self._shelf.cards if card.name == name), None)

    def _show_card(self, name: str) -> None:
        card = self.card(name)
        self.page.setHtml(NO_NETWORK if card is None else card_page(card))
        own = card is not None and is_own(card.folder)
        able = {
            "use": name != self._used,
            "default": name != self._shelf.default,
            "rename": own,
            "delete": own,
        }
        for key, _text, tip in _BUTTONS:
            button = self.buttons[key]
            button.setEnabled(card is not None and able.get(key, True))
            stays = key in ("rename", "delete") and card is not None and not own
            button.setToolTip(_KEPT if stays else tip)
        self._others.clear()
        for other in self._shelf.cards:
            if other.name != name:
                action = self._others.addAction(other.name)
                action.triggered.connect(
                    lambda _=False, second=other.name: self.compare_asked.emit(name, second)
                )
        self.buttons["compare"].setEnabled(not self._others.isEmpty())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take what names files or folders."""
        if paths_of(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take it anywhere."""
        if paths_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Install what was dropped."""
        paths = paths_of(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)
