"""The batch as a Qt list: rows in groups, checked where they take part."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage

from heteroagg_gui.workflow.state import BatchItem, ItemStatus

Index = QModelIndex | QPersistentModelIndex

ITEM_ROLE = Qt.ItemDataRole.UserRole
THUMBNAIL_ROLE = Qt.ItemDataRole.UserRole + 1
HEADER_ROLE = Qt.ItemDataRole.UserRole + 2
CAUTION_ROLE = Qt.ItemDataRole.UserRole + 3


def in_groups(items: Sequence[BatchItem]) -> list[BatchItem]:
    """Order items so that each group stands together, first come first."""
    order = {group: k for k, group in enumerate(dict.fromkeys(item.group for item in items))}
    return sorted(items, key=lambda item: order[item.group])


def explanation(item: BatchItem, caution: str | None = None) -> str:
    """Say in a sentence or two what the state of an item means."""
    if item.status is ItemStatus.READING:
        return "The file is being read."
    if item.status is ItemStatus.REFUSED:
        return item.reason or "The file can't be used."
    if item.status is ItemStatus.UNCALIBRATED:
        return "The file does not say its pixel size: enter it above the image."
    if caution:
        return caution
    return item.reason or "Read and calibrated."


def _check_state(item: BatchItem) -> Qt.CheckState:
    return Qt.CheckState.Checked if item.included else Qt.CheckState.Unchecked


def _spoken(item: BatchItem) -> str:
    return f"{item.name}, {item.status.value}, group {item.group}"


class BatchModel(QAbstractListModel):
    """Rows are the items of the batch, ordered by group."""

    include_changed = Signal(int, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[BatchItem] = []
        self._thumbnails: dict[int, QImage] = {}
        self._cautions: Mapping[int, str] = {}
        roles = Qt.ItemDataRole
        self._readers: dict[int, Callable[[BatchItem], Any]] = {
            roles.DisplayRole: lambda item: item.name,
            roles.CheckStateRole: _check_state,
            roles.ToolTipRole: self._tool_tip,
            roles.AccessibleTextRole: _spoken,
            ITEM_ROLE: lambda item: item,
            THUMBNAIL_ROLE: lambda item: self._thumbnails.get(item.key),
            CAUTION_ROLE: lambda item: self._cautions.get(item.key),
            HEADER_ROLE: self._header,
        }

    @property
    def items(self) -> Sequence[BatchItem]:
        """The items in the order of the rows."""
        return self._items

    def row_of(self, key: int | None) -> int:
        """Return the row of an item, or -1."""
        return next((row for row, item in enumerate(self._items) if item.key == key), -1)

    def set_items(self, items: Sequence[BatchItem]) -> None:
        """Show these items, touching only the rows that changed."""
        new = in_groups(items)
        old_keys = [item.key for item in self._items]
        new_keys = [item.key for item in new]
        common = len(old_keys)
        if new_keys[:common] == old_keys:
            self._update_rows(new[:common])
            if len(new) > common:
                self.beginInsertRows(QModelIndex(), common, len(new) - 1)
                self._items = new
                self.endInsertRows()
            return
        self.beginResetModel()
        self._items = new
        self._thumbnails = {k: v for k, v in self._thumbnails.items() if k in set(new_keys)}
        self.endResetModel()

    def _update_rows(self, new: Sequence[BatchItem]) -> None:
        for row, (before, after) in enumerate(zip(self._items, new, strict=True)):
            if before is not after:
                self._items[row] = after
                index = self.index(row)
                self.dataChanged.emit(index, index)

    def set_thumbnail(self, key: int, image: QImage) -> None:
        """Show the small picture of an item."""
        self._thumbnails[key] = image
        self._touch(key)

    def set_cautions(self, cautions: Mapping[int, str]) -> None:
        """Mark the items that a prediction doubts, each with its reason."""
        changed = {*self._cautions, *cautions}
        self._cautions = dict(cautions)
        for key in changed:
            self._touch(key)

    def _touch(self, key: int) -> None:
        row = self.row_of(key)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of items."""
        return 0 if parent.isValid() else len(self._items)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every item can be selected and checked, a refused one too: it can be retried."""
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a role of a row holds."""
        if not index.isValid() or index.row() >= len(self._items):
            return None
        read = self._readers.get(role)
        return None if read is None else read(self._items[index.row()])

    def _header(self, item: BatchItem) -> str | None:
        """Return the group's title where a group begins and there is more than one."""
        if len({other.group for other in self._items}) < 2:
            return None
        group, row = item.group, self._items.index(item)
        if row > 0 and self._items[row - 1].group == group:
            return None
        count = sum(other.group == group for other in self._items)
        return f"Group {group} ({count})"

    def _tool_tip(self, item: BatchItem) -> str:
        lines = [item.name, explanation(item, self._cautions.get(item.key))]
        if item.micrograph is not None:
            height, width = item.micrograph.pixels.shape
            lines.append(f"{width} × {height} pixels")
        if item.path is not None:
            lines.append(str(item.path.parent))
        return "\n".join(lines)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for an item to be included or left out; the session decides."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        checked = Qt.CheckState(value) is Qt.CheckState.Checked
        self.include_changed.emit(self._items[index.row()].key, checked)
        return True
