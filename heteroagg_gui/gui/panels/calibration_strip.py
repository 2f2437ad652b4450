"""Asks for the pixel size where it is missing: as a number, or by a line of known length."""

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.workflow.state import BatchItem, ItemStatus, SessionState

SMALLEST_NM = 0.001
LARGEST_NM = 1000.0


def _length_box(value: float, highest: float, suffix: str, decimals: int) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setDecimals(decimals)
    box.setRange(SMALLEST_NM, highest)
    box.setValue(value)
    box.setSuffix(suffix)
    box.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
    return box


class CalibrationStrip(QObject):
    """A strip above the image: nm per pixel, what it means, and what to apply it to."""

    applied = Signal(tuple, float)
    measuring_asked = Signal(bool)

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget = QFrame()
        self.widget.setFrameShape(QFrame.Shape.StyledPanel)
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.size = _length_box(1.0, LARGEST_NM, " nm/pixel", 4)
        self.meaning = QLabel()
        self.measure = QPushButton("Measure…")
        self.measure.setCheckable(True)
        self.length = _length_box(100.0, 1e6, " nm", 2)
        self.length_label = QLabel("The line is this long:")
        self.target = QComboBox()
        self.apply = QPushButton("Apply")
        self.close = QPushButton("Close")
        icons.dress(self.measure, "measure")
        icons.dress(self.apply, "ok")
        self._item: BatchItem | None = None
        self._missing: tuple[int, ...] = ()
        self._group: tuple[int, ...] = ()
        self._line_pixels = 0.0
        self._wanted = False
        self._asked: tuple[int | None, bool] = (None, False)
        self._build()

    def _build(self) -> None:
        self.size.setToolTip("Edge of a pixel in nm")
        self.size.setAccessibleName("Pixel size in nm per pixel")
        self.length.setToolTip("True length in nm of what the line spans")
        self.measure.setToolTip("Lay a line over something of known length, a scale bar say")
        self.apply.setToolTip("Use this pixel size (Enter)")
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.sentence)
        for parts in (
            (self.size, self.measure),
            (self.length_label, self.length),
            (self.target, self.apply, self.close),
        ):
            row = QHBoxLayout()
            for part in parts:
                row.addWidget(part)
            row.addStretch()
            layout.addLayout(row)
        layout.addWidget(self.meaning)
        self._show_line(False)
        self.widget.hide()
        self.size.valueChanged.connect(self._show_meaning)
        self.length.valueChanged.connect(self._use_line)
        self.measure.toggled.connect(self._on_measure)
        self.apply.clicked.connect(self._on_apply)
        self.size.lineEdit().returnPressed.connect(self._on_apply)
        self.close.clicked.connect(lambda: self.ask(False))

    def ask(self, wanted: bool) -> None:
        """Show the strip for a calibrated image too, or close it again."""
        self._wanted = wanted
        if not wanted:
            self.measure.setChecked(False)
        self._show_strip()

    def show_state(self, state: SessionState) -> None:
        """Follow the selected image and the images that lack a pixel size."""
        item = state.selected_item
        if item is None or self._item is None or item.key != self._item.key:
            self._wanted = False
            self.measure.setChecked(False)
        self._item = item
        self._missing = tuple(i.key for i in state.items if i.status is ItemStatus.UNCALIBRATED)
        group = item.group if item is not None else ""
        self._group = tuple(
            i.key for i in state.items if i.group == group and i.micrograph is not None
        )
        self._show_strip()

    def _show_strip(self) -> None:
        item = self._item
        if item is None or item.micrograph is None:
            self.widget.hide()
            return
        missing = item.status is ItemStatus.UNCALIBRATED
        self.widget.setVisible(missing or self._wanted)
        self.close.setVisible(not missing)
        if missing:
            self.sentence.setText("This file does not say how large its pixels are.")
        else:
            self.sentence.setText(f"Pixel size of {item.name}")
            if item.micrograph.pixel_size_nm is not None and not self.size.hasFocus():
                with QSignalBlocker(self.size):
                    self.size.setValue(item.micrograph.pixel_size_nm)
        self._fill_targets(missing)
        self._show_meaning()

    def _fill_targets(self, missing: bool) -> None:
        others = self._missing if missing else self._group
        index = self.target.currentIndex()
        with QSignalBlocker(self.target):
            self.target.clear()
            self.target.addItem("this image")
            if len(others) > 1:
                words = "without pixel size" if missing else "of its group"
                self.target.addItem(f"all {len(others)} {words}")
        self.target.setVisible(len(others) > 1)
        if len(others) > 1:
            asked = (self._item.key if self._item is not None else None, missing)
            fresh = asked != self._asked
            self._asked = asked
            self.target.setCurrentIndex(int(missing) if fresh else max(index, 0))

    def _show_meaning(self) -> None:
        if self._item is None or self._item.micrograph is None:
            return
        height, width = (n * self.size.value() for n in self._item.micrograph.pixels.shape)
        self.meaning.setText(f"Field of view {width:.4g} × {height:.4g} nm")

    def set_line_pixels(self, pixels: float) -> None:
        """Take over the length of the measuring line."""
        self._line_pixels = pixels
        self._use_line()

    def _use_line(self) -> None:
        if self._line_pixels > 0 and self.measure.isChecked():
            self.size.setValue(self.length.value() / self._line_pixels)

    def _on_measure(self, on: bool) -> None:
        self._show_line(on)
        self.measuring_asked.emit(on)

    def _show_line(self, on: bool) -> None:
        self.length.setVisible(on)
        self.length_label.setVisible(on)

    def _on_apply(self) -> None:
        if self._item is None:
            return
        missing = self._item.status is ItemStatus.UNCALIBRATED
        every = self._missing if missing else self._group
        keys = every if self.target.currentIndex() == 1 else (self._item.key,)
        value = self.size.value()
        self.ask(False)
        self.applied.emit(keys, value)

    @property
    def focus_widget(self) -> QWidget:
        """Where typing should go when the strip is asked for."""
        return self.size
