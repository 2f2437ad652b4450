"""The batch: every file that was given, whatever became of it."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.panels.batch_delegate import BatchDelegate
from heteroagg_gui.gui.panels.batch_model import BatchModel, explanation
from heteroagg_gui.gui.panels.thumbnails import Thumbnailer
from heteroagg_gui.workflow.state import BatchItem, ItemStatus, SessionState


class BatchPanel(QObject):
    """Lists the items with their state; asks for what the user wants done to them."""

    selected = Signal(int)
    include_asked = Signal(tuple, bool)
    remove_asked = Signal(tuple)
    retry_asked = Signal(tuple)
    group_asked = Signal(tuple, str)
    open_asked = Signal()

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = SessionState()
        self.widget = QWidget()
        self.model = BatchModel(self)
        self.list = QListView()
        self._thumbnailer = Thumbnailer(self)
        self._thumbnailer.made.connect(self.model.set_thumbnail)
        self.summary = QLabel("No images")
        self.details = QLabel()
        self.add_button = QPushButton("Add…")
        self.remove_button = QPushButton()
        self.retry_button = QPushButton("Try again")
        icons.dress(self.add_button, "open")
        icons.dress(self.remove_button, "remove")
        icons.dress(self.retry_button, "reset")
        self._build()
        self._connect()

    def _build(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(BatchDelegate(self.list))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.setAccessibleName("Images of the batch")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.details.setWordWrap(True)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.add_button.setToolTip("Add files to the batch (Ctrl+O), or drop them anywhere")
        self.remove_button.setToolTip("Take the selected images out of the batch (Delete)")
        self.remove_button.setAccessibleName("Remove")
        self.retry_button.setToolTip("Read the refused files again")
        self.retry_button.hide()
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.retry_button)
        buttons.addStretch()
        buttons.addWidget(self.remove_button)
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.summary)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.details)
        layout.addLayout(buttons)
        self.widget.setMinimumWidth(208)

    def _connect(self) -> None:
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.selectionModel().selectionChanged.connect(self._show_details)
        self.list.customContextMenuRequested.connect(self._open_menu)
        self.model.include_changed.connect(self._on_include)
        self.add_button.clicked.connect(self.open_asked)
        self.remove_button.clicked.connect(lambda: self.remove_asked.emit(self.chosen_keys()))
        self.retry_button.clicked.connect(lambda: self.retry_asked.emit(self._refused_keys()))

    def chosen_keys(self) -> tuple[int, ...]:
        """Return the keys of the rows that are selected."""
        rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        return tuple(self.model.items[row].key for row in rows)

    def stop(self) -> None:
        """End the work on small pictures."""
        self._thumbnailer.stop()

    def show(self, before: SessionState, after: SessionState) -> None:
        """Show the batch of the new state."""
        self._state = after
        if after.items is not before.items:
            self.model.set_items(after.items)
            self._request_thumbnails(before, after)
            self._show_summary(after.items)
        if (
            after.prediction is not before.prediction
            or after.prediction_keys != before.prediction_keys
        ):
            self.model.set_cautions(self._cautions(after))
        self._select(after.selected_key)
        self._show_details()

    def _request_thumbnails(self, before: SessionState, after: SessionState) -> None:
        known = {item.key: item.micrograph for item in before.items}
        for item in after.items:
            if item.micrograph is not None and known.get(item.key) is not item.micrograph:
                self._thumbnailer.request(item.key, item.micrograph)

    @staticmethod
    def _cautions(state: SessionState) -> dict[int, str]:
        if state.prediction is None:
            return {}
        return {
            key: image.reason or "This image is unlike those the network was trained on."
            for key, image in zip(state.prediction_keys, state.prediction.images, strict=False)
            if image.is_unusual
        }

    def _show_summary(self, items: Sequence[BatchItem]) -> None:
        used = sum(item.usable for item in items)
        refused = sum(item.status is ItemStatus.REFUSED for item in items)
        reading = sum(item.status is ItemStatus.READING for item in items)
        parts = [f"{len(items)} image{'s' if len(items) != 1 else ''}", f"{used} used"]
        if reading:
            parts.append(f"{reading} being read")
        if refused:
            parts.append(f"{refused} refused")
        self.summary.setText(", ".join(parts) if items else "No images")
        self.retry_button.setVisible(refused > 0)

    def _select(self, key: int | None) -> None:
        row = self.model.row_of(key)
        selection = self.list.selectionModel()
        if row < 0 or selection.currentIndex().row() == row:
            return
        selection.blockSignals(True)
        index = self.model.index(row)
        selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        selection.blockSignals(False)
        self.list.scrollTo(index)
        self.list.viewport().update()

    def _show_details(self) -> None:
        item = self._state.selected_item
        self.remove_button.setEnabled(bool(self._state.items))
        if item is None:
            self.details.clear()
            return
        caution = self._cautions(self._state).get(item.key)
        self.details.setText(explanation(item, caution))
        QTimer.singleShot(0, self, self._keep_in_sight)

    def _keep_in_sight(self) -> None:
        self.list.scrollTo(self.list.currentIndex())

    def _refused_keys(self) -> tuple[int, ...]:
        refused = tuple(item.key for item in self._state.items if item.status is ItemStatus.REFUSED)
        chosen = tuple(key for key in self.chosen_keys() if key in refused)
        return chosen or refused

    def _on_current(self) -> None:
        row = self.list.selectionModel().currentIndex().row()
        if 0 <= row < len(self.model.items):
            self.selected.emit(self.model.items[row].key)

    def _on_include(self, key: int, included: bool) -> None:
        chosen = self.chosen_keys()
        self.include_asked.emit(chosen if key in chosen else (key,), included)

    def _open_menu(self, position: QPoint) -> None:
        menu = self.context_menu()
        menu.exec(self.list.viewport().mapToGlobal(position))
        menu.deleteLater()

    def context_menu(self) -> QMenu:
        """Build what can be done to the selected rows."""
        keys = self.chosen_keys()
        menu = QMenu(self.list)
        entries = (
            ("Include", lambda: self.include_asked.emit(keys, True)),
            ("Leave out", lambda: self.include_asked.emit(keys, False)),
            ("Try again", lambda: self.retry_asked.emit(keys)),
            ("Remove", lambda: self.remove_asked.emit(keys)),
        )
        for text, slot in entries:
            action = menu.addAction(text)
            action.setEnabled(bool(keys))
            action.triggered.connect(slot)
        groups = menu.addMenu("Group")
        groups.setEnabled(bool(keys))
        names = dict.fromkeys((*self._state.groups, "A", "B", "C"))
        for name in sorted(names):
            self._add_group(groups, keys, name)
        groups.addSeparator()
        groups.addAction("Other…").triggered.connect(lambda: self._ask_group(keys))
        return menu

    def _add_group(self, menu: QMenu, keys: tuple[int, ...], name: str) -> QAction:
        action = menu.addAction(name)
        action.triggered.connect(lambda: self.group_asked.emit(keys, name))
        return action

    def _ask_group(self, keys: tuple[int, ...]) -> None:
        name, accepted = QInputDialog.getText(self.widget, "Group", "Name of the sample:")
        if accepted and name.strip():
            self.group_asked.emit(keys, name.strip())
