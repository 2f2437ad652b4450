"""Rows of a form: a title, a slider and a number; or a title and a choice."""

import math

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QSlider,
    QWidget,
)

from heteroagg_gui.gui.simulation_fields import Field, Span
from heteroagg_gui.gui.symbols import subscript

STEPS = 1000


class _WheelGuard(QObject):
    """Lets the wheel scroll the form, unless a field was chosen first."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hand the wheel on to the form."""
        if not isinstance(event, QWheelEvent) or not isinstance(watched, QWidget):
            return False
        if watched.hasFocus():
            return False
        event.ignore()
        return True


def guard_wheel(widget: QWidget) -> None:
    """Let the wheel change a field only once it was chosen."""
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    widget.installEventFilter(_WheelGuard(widget))


def _title(field: Field) -> QLabel:
    label = QLabel(subscript(field.title))
    label.setToolTip(field.help)
    return label


def spoken(field: Field) -> str:
    """Return the title of a field as plain text, for screen readers."""
    title = field.title.replace("<sub>", " ").replace("</sub>", "")
    return f"{title} in {field.unit}" if field.unit else title


def value_at(span: Span, position: int) -> float:
    """Return the value where a slider of :data:`STEPS` steps stands."""
    share = position / STEPS
    if not span.logarithmic:
        return round(span.low + share * (span.high - span.low), span.decimals)
    if position == 0 and span.off is not None:
        return span.off
    return round(float(span.low * (span.high / span.low) ** share), span.decimals)


def position_of(span: Span, value: float) -> int:
    """Return where the slider stands for a value; the nearer end for one beyond it."""
    if not span.logarithmic:
        share = (value - span.low) / (span.high - span.low)
    elif value <= span.low:
        return 0
    else:
        share = math.log(value / span.low) / math.log(span.high / span.low)
    return round(STEPS * min(max(share, 0.0), 1.0))


class NumberRow(QObject):
    """A slider for the usual values and a box for any."""

    changed = Signal()

    def __init__(self, field: Field, span: Span, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._span = span
        self.title = _title(field)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.box = QDoubleSpinBox()
        self.slider.setMinimumWidth(64)
        self.slider.setRange(0, STEPS)
        self.slider.setSingleStep(self._slider_step())
        self.slider.setPageStep(STEPS // 10)
        self.box.setDecimals(span.decimals)
        self.box.setRange(field.minimum, field.maximum)
        self.box.setKeyboardTracking(False)
        self.box.setSuffix(f" {field.unit}" if field.unit and " " not in field.unit else "")
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        if span.logarithmic:
            self.box.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        else:
            self.box.setSingleStep(max(10.0**-span.decimals, (span.high - span.low) / 100))
        if span.off == field.minimum:
            self.box.setSpecialValueText("none")
        for widget in (self.slider, self.box):
            guard_wheel(widget)
        self.set_words(field)
        self.set_value(field.default)
        self.slider.valueChanged.connect(self._on_slider)
        self.box.valueChanged.connect(self._on_box)

    def _slider_step(self) -> int:
        if self._span.logarithmic:
            return STEPS // 100
        smallest = 10.0**-self._span.decimals / (self._span.high - self._span.low)
        return max(STEPS // 100, math.ceil(STEPS * smallest))

    def set_words(self, field: Field) -> None:
        """Take over another title and help."""
        self.field = field
        self.title.setText(subscript(field.title))
        unit = f" Unit: {field.unit}." if field.unit else ""
        for widget in (self.title, self.slider, self.box):
            widget.setToolTip(f"{field.help}{unit}")
            widget.setAccessibleName(spoken(field))

    def value(self) -> float:
        """Return what stands in the box."""
        value = self.box.value()
        return round(value) if isinstance(self.field.default, int) else value

    def set_value(self, value: float) -> None:
        """Show a value without telling."""
        with QSignalBlocker(self.box), QSignalBlocker(self.slider):
            self.box.setValue(value)
            self.slider.setValue(position_of(self._span, value))

    def _on_slider(self, position: int) -> None:
        with QSignalBlocker(self.box):
            self.box.setValue(value_at(self._span, position))
        self.changed.emit()

    def _on_box(self, value: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(position_of(self._span, value))
        self.changed.emit()

    def place(self, grid: QGridLayout, row: int, width: int) -> None:
        """Put title, slider and a box of a width into a form."""
        self.box.setFixedWidth(width)
        grid.addWidget(self.title, row, 0)
        grid.addWidget(self.slider, row, 1)
        grid.addWidget(self.box, row, 2)


class ChoiceRow(QObject):
    """A few whole numbers to choose from."""

    changed = Signal()

    def __init__(self, field: Field, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.title = _title(field)
        self.combo = QComboBox()
        for value in field.choices:
            words = f"{value} {field.unit}".strip()
            self.combo.addItem("none" if value == 0 else words, value)
        guard_wheel(self.combo)
        self.set_words(field)
        self.set_value(field.default)
        self.combo.currentIndexChanged.connect(self.changed)

    def set_words(self, field: Field) -> None:
        """Take over another title and help."""
        self.field = field
        self.title.setText(subscript(field.title))
        for widget in (self.title, self.combo):
            widget.setToolTip(field.help)
            widget.setAccessibleName(spoken(field))

    def value(self) -> float:
        """Return what is chosen."""
        return int(self.combo.currentData())

    def set_value(self, value: float) -> None:
        """Choose a value without telling; one that is not offered is none."""
        index = self.combo.findData(int(value))
        with QSignalBlocker(self.combo):
            self.combo.setCurrentIndex(max(index, 0))

    def place(self, grid: QGridLayout, row: int, width: int) -> None:
        """Put title and a choice of a width into a form."""
        self.combo.setFixedWidth(width)
        grid.addWidget(self.title, row, 0)
        grid.addWidget(self.combo, row, 2)


def make_row(field: Field, parent: QObject) -> NumberRow | ChoiceRow:
    """Return the row for a field."""
    if field.span is None:
        return ChoiceRow(field, parent)
    return NumberRow(field, field.span, parent)
