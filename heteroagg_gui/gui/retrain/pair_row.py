"""A row of a form for a range: two numbers, and a box that switches it on where it is optional."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QGridLayout, QHBoxLayout, QLabel, QWidget

from heteroagg_gui.gui.panels.field_rows import guard_wheel
from heteroagg_gui.gui.symbols import subscript


@dataclass(frozen=True)
class PairField:
    """What a range is called and how far it may reach.

    Parameters
    ----------
    name
        Field of the draft.
    title, unit, help
        For people; the title is rich text.
    minimum, maximum
        Limits of both numbers.
    usual
        What a range that was off begins with.
    decimals
        Digits behind the point; 0 for whole numbers.
    optional
        Whether it can be off.
    """

    name: str
    title: str
    unit: str
    help: str
    minimum: float
    maximum: float
    usual: tuple[float, float]
    decimals: int = 2
    optional: bool = False


class PairRow(QObject):
    """Two boxes, from and to."""

    changed = Signal()

    def __init__(self, field: PairField, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.box = self._make_box()
        self.high = self._make_box()
        self.title: QLabel | QCheckBox = QCheckBox() if field.optional else QLabel()
        self.pair = QWidget()
        row = QHBoxLayout(self.pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addStretch()
        row.addWidget(self.box)
        row.addWidget(QLabel("to"))
        row.addWidget(self.high)
        self.set_words(field)
        self.set_value(None if field.optional else field.usual)
        for box in (self.box, self.high):
            box.valueChanged.connect(lambda _: self.changed.emit())
        if isinstance(self.title, QCheckBox):
            self.title.toggled.connect(self._on_toggled)

    def _make_box(self) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setDecimals(self.field.decimals)
        box.setRange(self.field.minimum, self.field.maximum)
        box.setSingleStep(10.0**-self.field.decimals * (5 if self.field.decimals else 1))
        box.setKeyboardTracking(False)
        box.setSuffix(f" {self.field.unit}" if self.field.unit else "")
        box.setAlignment(Qt.AlignmentFlag.AlignRight)
        guard_wheel(box)
        return box

    def set_words(self, field: PairField) -> None:
        """Take over another title and help."""
        self.field = field
        plain = field.title.replace("<sub>", " ").replace("</sub>", "")
        rich = isinstance(self.title, QLabel)
        self.title.setText(subscript(field.title) if rich else plain)
        unit = f" Unit: {field.unit}." if field.unit else ""
        for widget in (self.title, self.box, self.high):
            widget.setToolTip(f"{field.help}{unit}")
        self.box.setAccessibleName(f"{plain}, from")
        self.high.setAccessibleName(f"{plain}, to")

    def value(self) -> tuple[float, float] | None:
        """Return the two numbers; None while it is off."""
        if isinstance(self.title, QCheckBox) and not self.title.isChecked():
            return None
        low, high = self.box.value(), self.high.value()
        return (low, high) if self.field.decimals else (round(low), round(high))

    def set_value(self, value: tuple[float, float] | None) -> None:
        """Show a range without telling; numbers that were there stay where it is off."""
        with QSignalBlocker(self.title), QSignalBlocker(self.box), QSignalBlocker(self.high):
            if isinstance(self.title, QCheckBox):
                self.title.setChecked(value is not None)
            shown = value
            if shown is None and self.high.value() <= self.field.minimum:
                shown = self.field.usual
            if shown is not None:
                self.box.setValue(shown[0])
                self.high.setValue(shown[1])
        self._enable(value is not None)

    def _on_toggled(self, on: bool) -> None:
        self._enable(on)
        self.changed.emit()

    def _enable(self, on: bool) -> None:
        self.box.setEnabled(on)
        self.high.setEnabled(on)

    def place(self, grid: QGridLayout, row: int, width: int) -> None:
        """Put title and boxes of a width into a form."""
        for box in (self.box, self.high):
            box.setFixedWidth(width)
        grid.addWidget(self.title, row, 0)
        grid.addWidget(self.pair, row, 1, 1, 2)
