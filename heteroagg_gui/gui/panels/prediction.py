"""Theta with its doubt, and what the network says about each image."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.core.prediction import Prediction
from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.material_look import MaterialLook, look_named
from heteroagg_gui.gui.panels.badge import Badge
from heteroagg_gui.gui.panels.image_table import ImageTable
from heteroagg_gui.gui.panels.interval_bar import IntervalBar
from heteroagg_gui.gui.panels.probability_bars import ProbabilityBars
from heteroagg_gui.gui.report import number
from heteroagg_gui.gui.symbols import ThetaQuantity, subscript, theta_quantities
from heteroagg_gui.workflow.state import SessionState

EMPTY = "No prediction yet.\nTheta appears here as soon as it is predicted from the images."
NO_MODEL = (
    "No network is installed, so theta can't be predicted. Train one or add one with "
    "“heteroagg models install”."
)
POINT = "Point estimate: this network gives no intervals."


class QuantityRow:
    """Title, symbol, value and picture of one component of theta."""

    def __init__(self, quantity: ThetaQuantity, picture: QWidget) -> None:
        self.title = QLabel()
        self.value = QLabel("–")
        self.doubt = QLabel()
        self.picture = picture
        font = self.value.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        font.setBold(True)
        self.value.setFont(font)
        self.set_quantity(quantity)
        self.doubt.setToolTip("90 % interval: the true value lies in it nine times in ten")
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def set_quantity(self, quantity: ThetaQuantity) -> None:
        """Take over the words of a material system."""
        self.quantity = quantity
        self.title.setText(subscript(f"{quantity.title} {quantity.symbol}"))
        for widget in (self.title, self.value, self.picture):
            widget.setToolTip(quantity.help)

    def show(self, prediction: Prediction) -> None:
        """Show the estimate with its interval or its probabilities."""
        key = self.quantity.key
        value = getattr(prediction.theta, key)
        self.value.setText(number(self.quantity, value))
        if isinstance(self.picture, IntervalBar):
            interval = (prediction.interval_90 or {}).get(key)
            self.picture.set_value(value, interval)
            self.doubt.setText(f"{interval[0]:.2f} to {interval[1]:.2f}" if interval else "")
        elif isinstance(self.picture, ProbabilityBars):
            self.picture.set_values((prediction.probabilities or {}).get(key), value)


class PredictionPanel(QObject):
    """Shows the prediction of the state."""

    image_selected = Signal(int)
    copy_text_asked = Signal()
    copy_csv_asked = Signal()

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.badge = Badge()
        self.source = QLabel()
        self.point = QLabel(POINT)
        self.empty = QLabel(EMPTY)
        self.table = ImageTable(self)
        self.look = look_named()
        self.rows = self._make_rows()
        self.copy_text = QPushButton("Copy text")
        self.copy_csv = QPushButton("Copy CSV")
        icons.dress(self.copy_text, "copy")
        icons.dress(self.copy_csv, "table")
        self.widget = QStackedWidget()
        self._build()
        self.table.selected.connect(self.image_selected)
        self.copy_text.clicked.connect(self.copy_text_asked)
        self.copy_csv.clicked.connect(self.copy_csv_asked)

    def _make_rows(self) -> tuple[QuantityRow, ...]:
        dimension, ratio, *sizes = theta_quantities(self.look.names)
        bars = zip(sizes, self.look.colors, strict=True)
        return (
            QuantityRow(dimension, IntervalBar(dimension.grid)),
            QuantityRow(ratio, IntervalBar(ratio.grid)),
            *(QuantityRow(size, ProbabilityBars(color)) for size, color in bars),
        )

    def set_look(self, look: MaterialLook) -> None:
        """Name and colour the materials of another system."""
        self.look = look
        for row, quantity in zip(self.rows, theta_quantities(look.names), strict=True):
            row.set_quantity(quantity)
        for row, color in zip(self.rows[2:], look.colors, strict=True):
            if isinstance(row.picture, ProbabilityBars):
                row.picture.set_color(color)
        self.table.set_names(look.names)

    def _build(self) -> None:
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setMargin(16)
        self.source.setWordWrap(True)
        self.point.setWordWrap(True)
        self.copy_text.setToolTip("Copy theta with its intervals as text (Ctrl+C)")
        self.copy_csv.setToolTip("Copy the table as comma-separated values (Ctrl+Shift+C)")
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(6)
        layout.addWidget(self.badge)
        for row in self.rows[:2]:
            layout.addLayout(self._interval_layout(row))
        layout.addLayout(self._probability_layout(self.rows[2:]))
        layout.addWidget(self.point)
        layout.addWidget(self.table.widget, 1)
        self.table.widget.setMinimumHeight(84)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(8, 0, 8, 0)
        buttons.addWidget(self.copy_text)
        buttons.addWidget(self.copy_csv)
        self.source.setContentsMargins(8, 0, 8, 4)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(area, 1)
        column.addLayout(buttons)
        column.addWidget(self.source)
        self.widget.addWidget(self.empty)
        self.widget.addWidget(page)
        self.widget.setMinimumWidth(296)

    @staticmethod
    def _interval_layout(row: QuantityRow) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(2)
        grid.setHorizontalSpacing(12)
        grid.addWidget(row.title, 0, 0)
        grid.addWidget(row.doubt, 0, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(row.value, 0, 2, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(row.picture, 1, 0, 1, 3)
        grid.setColumnStretch(0, 1)
        return grid

    @staticmethod
    def _probability_layout(rows: tuple[QuantityRow, ...]) -> QHBoxLayout:
        columns = QHBoxLayout()
        columns.setSpacing(16)
        for row in rows:
            grid = QGridLayout()
            grid.setVerticalSpacing(2)
            row.title.setWordWrap(True)
            grid.addWidget(row.title, 0, 0)
            grid.addWidget(row.value, 0, 1, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(row.picture, 1, 0, 1, 2)
            grid.setColumnStretch(0, 1)
            columns.addLayout(grid, 1)
        return columns

    def set_model_available(self, available: bool) -> None:
        """Say what is missing where there is no network."""
        self.empty.setText(EMPTY if available else NO_MODEL)

    def set_training_ranges(self, ranges: Mapping[str, Any]) -> None:
        """Draw the intervals on the ranges that the network was trained on."""
        for row in self.rows:
            limits = ranges.get(row.quantity.key)
            if isinstance(row.picture, IntervalBar) and isinstance(limits, list | tuple):
                row.picture.set_range(float(limits[0]), float(limits[-1]))

    def show(self, before: SessionState, after: SessionState) -> None:
        """Show the prediction of the new state."""
        if after.prediction is not before.prediction:
            self._show_prediction(after)
        self.table.show(before, after)

    def _show_prediction(self, state: SessionState) -> None:
        prediction = state.prediction
        self.widget.setCurrentIndex(0 if prediction is None else 1)
        if prediction is None:
            return
        if prediction.system != self.look.system:
            self.set_look(look_named(prediction.system))
        self.badge.set_range(prediction.inside_training_range, prediction.warnings)
        for row in self.rows:
            row.show(prediction)
        self.point.setVisible(prediction.interval_90 is None)
        images = len(prediction.images)
        groups = {item.group for item in state.items if item.key in state.prediction_keys}
        of_group = f" of group {', '.join(sorted(groups))}" if len(state.groups) > 1 else ""
        self.source.setText(
            f"From {images} image{'s' if images != 1 else ''}{of_group} by the network "
            f"{prediction.model}"
        )
