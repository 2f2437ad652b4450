"""What the network says about each image: D_f(A), rho(A) and N."""

from PySide6.QtCore import QItemSelectionModel, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from heteroagg_gui.core.prediction import ImagePrediction
from heteroagg_gui.gui.icons import icon
from heteroagg_gui.gui.material_look import look_named
from heteroagg_gui.gui.theme import tones
from heteroagg_gui.workflow.state import SessionState

_COLUMNS = (
    ("Image", "The file"),
    ("D_f(A)", "Fractal dimension of the aggregate on the image; Eq. (5)"),
    ("ρ(A)", "Number fraction of {0} particles of the aggregate on the image; Eq. (3)"),
    ("N", "Number of particles of the aggregate on the image; Eq. (1)"),
)


def row_texts(name: str, image: ImagePrediction) -> tuple[str, ...]:
    """Return the cells of one image."""
    count = "–" if image.n_particles is None else f"{image.n_particles:.0f}"
    return name, f"{image.fractal_dimension:.2f}", f"{image.mixing_ratio:.2f}", count


class _Table(QTableWidget):
    """Content with little height: what is left of the region is its own."""

    def sizeHint(self) -> QSize:
        """Return room for the header and two rows."""
        return QSize(240, 84)


class ImageTable(QObject):
    """One row per image of the prediction; picking a row selects the image everywhere."""

    selected = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys: tuple[int, ...] = ()
        self.widget = _Table(0, len(_COLUMNS))
        self.widget.setAccessibleName("Estimates for each image")
        self.widget.verticalHeader().hide()
        self.widget.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.widget.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.widget.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.widget.setAlternatingRowColors(True)
        self.widget.setShowGrid(False)
        self.widget.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.widget.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.set_names(look_named().names)
        modes = self.widget.horizontalHeader()
        modes.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        modes.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        modes.setMinimumSectionSize(36)
        row_height = self.widget.fontMetrics().height() + 6
        self.widget.verticalHeader().setDefaultSectionSize(row_height)
        self.widget.itemSelectionChanged.connect(self._on_selected)

    def set_names(self, names: tuple[str, str]) -> None:
        """Say which materials have the labels 0 and 1."""
        for column, (title, tip) in enumerate(_COLUMNS):
            header = QTableWidgetItem(title)
            header.setToolTip(tip.format(*names))
            self.widget.setHorizontalHeaderItem(column, header)

    def show(self, before: SessionState, after: SessionState) -> None:
        """Show the estimates of the new state and mark the selected image."""
        if after.prediction is not before.prediction or not self._keys:
            self._fill(after)
        row = self._keys.index(after.selected_key) if after.selected_key in self._keys else -1
        with QSignalBlocker(self.widget):
            if row < 0:
                self.widget.clearSelection()
            else:
                self.widget.setCurrentCell(
                    row,
                    0,
                    QItemSelectionModel.SelectionFlag.ClearAndSelect
                    | QItemSelectionModel.SelectionFlag.Rows,
                )

    def _fill(self, state: SessionState) -> None:
        names = {item.key: item.name for item in state.items}
        images = state.prediction.images if state.prediction is not None else ()
        self._keys = state.prediction_keys[: len(images)]
        with QSignalBlocker(self.widget):
            self.widget.setRowCount(len(self._keys))
            for row, (key, image) in enumerate(zip(self._keys, images, strict=False)):
                self._fill_row(row, names.get(key, ""), image)

    def _fill_row(self, row: int, name: str, image: ImagePrediction) -> None:
        for column, text in enumerate(row_texts(name, image)):
            cell = QTableWidgetItem(text)
            if column:
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            cell.setToolTip(image.reason or name)
            self.widget.setItem(row, column, cell)
        first = self.widget.item(row, 0)
        if image.is_unusual and first is not None:
            first.setIcon(self._caution())

    def _caution(self) -> QIcon:
        color: QColor = tones(self.widget.palette()).caution
        return icon("warning", color)

    def _on_selected(self) -> None:
        row = self.widget.currentRow()
        if 0 <= row < len(self._keys):
            self.selected.emit(self._keys[row])
