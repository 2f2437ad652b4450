"""The selected micrograph: levels, invert, what the network sees, cursor, calibration."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.gui.aside import Aside
from heteroagg_gui.gui.automatic_levels import automatic_levels
from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.panels.calibration_strip import CalibrationStrip
from heteroagg_gui.gui.panels.elided_label import ElidedLabel
from heteroagg_gui.gui.panels.image_view import ImageView
from heteroagg_gui.gui.panels.levels_bar import LevelsBar
from heteroagg_gui.gui.pictures import picture_of
from heteroagg_gui.workflow.state import BatchItem, ItemStatus, SessionState

Prepare = Callable[[Micrograph], tuple[NDArray[np.uint8], float]]


@dataclass(frozen=True, eq=False)
class ShownImage:
    """What the view shows: the file's intensities, or the network's 256 levels."""

    pixels: NDArray[Any]
    pixel_size_nm: float | None
    prepared: bool


class MicrographPanel(QObject):
    """Shows the selected image and lets the user look closely."""

    pixel_size_given = Signal(tuple, float)
    failed = Signal(object)
    copy_asked = Signal()
    save_asked = Signal()

    def __init__(
        self, icons: IconKeeper, prepare: Prepare | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._prepare = prepare
        self._item: BatchItem | None = None
        self._shown: ShownImage | None = None
        self._aside = Aside(self)
        self.widget = QWidget()
        self.view = ImageView(self)
        self.strip = CalibrationStrip(icons, self)
        self.levels = LevelsBar()
        self.title = ElidedLabel("No image selected")
        self.message = QLabel(self.view.widget)
        self.invert = self._tool("invert", "Invert", "Show bright as dark", icons)
        self.network = self._tool(
            "network",
            "As the network sees it",
            "Show the image resampled, cropped to the aggregate and reduced to 256 levels, "
            "the way it is given to the network; section 2.2.2",
            icons,
        )
        self.fit = self._tool("fit", "Whole image", "Bring the whole image into view", icons)
        self.copy = self._tool("copy", "Copy picture", "Copy the view as a picture", icons)
        self.save = self._tool("picture", "Save picture…", "Save the view as a picture", icons)
        for button in (self.fit, self.copy, self.save):
            button.setCheckable(False)
        self._build()
        self._connect()

    @staticmethod
    def _tool(name: str, text: str, tip: str, icons: IconKeeper) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setCheckable(True)
        button.setAutoRaise(True)
        icons.dress(button, name)
        return button

    def _build(self) -> None:
        self.message.setWordWrap(True)
        self.message.setMargin(16)
        self.message.setStyleSheet("color: #d8dde3; background: transparent;")
        self.message.hide()
        bar = QHBoxLayout()
        bar.setSpacing(2)
        bar.addWidget(self.levels, 1)
        for button in (self.invert, self.network, self.fit, self.copy, self.save):
            bar.addWidget(button)
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(self.strip.widget)
        layout.addWidget(self.view.widget, 1)
        layout.addLayout(bar)
        self.widget.setMinimumSize(300, 240)
        self.network.setVisible(self._prepare is not None)

    def _connect(self) -> None:
        self.view.pointed.connect(self._show_cursor)
        self.view.measured.connect(self.strip.set_line_pixels)
        self.strip.measuring_asked.connect(self._measure)
        self.strip.applied.connect(self.pixel_size_given)
        self.levels.changed.connect(self._on_levels)
        self.invert.toggled.connect(self.view.set_inverted)
        self.network.toggled.connect(self._show_pixels)
        self.fit.clicked.connect(self.view.fit)
        self.copy.clicked.connect(self.copy_asked)
        self.save.clicked.connect(self.save_asked)
        self._aside.done.connect(self._on_prepared)
        self._aside.failed.connect(self._on_not_prepared)

    def stop(self) -> None:
        """End the work beside the window."""
        self._aside.stop()

    def show(self, before: SessionState, after: SessionState) -> None:
        """Show the selected image of the new state."""
        self.strip.show_state(after)
        item = after.selected_item
        if item is self._item:
            return
        old, self._item = self._item, item
        same = (
            old is not None
            and item is not None
            and old.micrograph is not None
            and item.micrograph is not None
            and old.micrograph.pixels is item.micrograph.pixels
        )
        self._show_title()
        self._show_pixels(keep_view=same)

    def _show_title(self) -> None:
        item = self._item
        if item is None:
            self.title.setText("No image selected")
            self.title.setToolTip("")
            return
        parts = [item.name]
        if self._shown is not None and self._shown.prepared:
            parts.append(f"as the network sees it, {self._shown.pixel_size_nm:.3g} nm/px")
        elif item.micrograph is not None:
            if item.micrograph.pixel_size_nm is not None:
                parts.append(f"{item.micrograph.pixel_size_nm:.4g} nm/px")
            field = item.micrograph.field_of_view_nm
            if field is not None:
                parts.append(f"{field[1]:.4g} × {field[0]:.4g} nm")
        self.title.setText("   ".join(parts))
        data = item.micrograph.metadata if item.micrograph is not None else {}
        self.title.setToolTip("\n".join(f"{key}: {value}" for key, value in data.items()))

    def _show_pixels(self, *_: object, keep_view: bool = False) -> None:
        item = self._item
        if item is None or item.micrograph is None:
            self._show_nothing(self._reason(item))
            return
        micrograph = item.micrograph
        calibrated = micrograph.pixel_size_nm is not None
        self.network.setEnabled(calibrated)
        if self.network.isChecked() and self._prepare is not None and calibrated:
            self._aside.start(item.key, partial(self._prepare, micrograph))
            return
        shown = ShownImage(micrograph.pixels, micrograph.pixel_size_nm, prepared=False)
        self._display(shown, keep_view=keep_view)

    @staticmethod
    def _reason(item: BatchItem | None) -> str:
        if item is None:
            return ""
        if item.status is ItemStatus.READING:
            return f"Reading {item.name}…"
        return item.reason or ""

    def _show_nothing(self, why: str) -> None:
        self._shown = None
        self.view.set_image(None, None, fit=False)
        self._show_message(why)
        self._enable(False)
        self.network.setEnabled(False)

    def _enable(self, on: bool) -> None:
        self.levels.setEnabled(on)
        if not on:
            self.levels.clear()
        for button in (self.invert, self.fit, self.copy, self.save):
            button.setEnabled(on)

    def _display(self, shown: ShownImage, *, keep_view: bool) -> None:
        fresh = self._shown is None or self._shown.pixels is not shown.pixels
        self._shown = shown
        self._show_message("")
        self._enable(True)
        self._show_title()
        self.view.set_image(shown.pixels, shown.pixel_size_nm, fit=not keep_view)
        if fresh:
            levels = (0.0, 255.0) if shown.prepared else automatic_levels(shown.pixels)
            self.levels.set_image(shown.pixels, levels)
            self.view.set_levels(*levels)

    def _on_prepared(self, key: object, result: tuple[NDArray[np.uint8], float]) -> None:
        if self._item is not None and self._item.key == key and self.network.isChecked():
            self._display(ShownImage(*result, prepared=True), keep_view=False)

    def _on_not_prepared(self, key: object, error: Exception) -> None:
        if isinstance(error, HeteroaggError):
            self._show_nothing(str(error))
        else:
            self.failed.emit(error)

    def _show_message(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.message.setGeometry(0, 0, self.view.widget.width(), 80)

    def _on_levels(self, low: float, high: float) -> None:
        if self._shown is None:
            return
        if np.isnan(low):
            low, high = automatic_levels(self._shown.pixels)
            self.levels.set_levels((low, high))
        self.view.set_levels(low, high)

    def _show_cursor(self, place: tuple[float, float, float] | None) -> None:
        if place is None or self._shown is None:
            self.view.scale_bar.set_note("")
            return
        x, y, value = place
        size = self._shown.pixel_size_nm
        where = (
            f"x {x * size:.1f} nm   y {y * size:.1f} nm"
            if size is not None
            else f"x {x:.0f} px   y {y:.0f} px"
        )
        self.view.scale_bar.set_note(f"{where}   value {value:.5g}")

    def _measure(self, on: bool) -> None:
        if on:
            self.network.setChecked(False)
            self.view.start_measuring()
        else:
            self.view.stop_measuring()

    def ask_pixel_size(self) -> None:
        """Open the strip that takes a pixel size."""
        self.strip.ask(True)
        self.strip.focus_widget.setFocus()

    def picture(self) -> QImage:
        """Return the view as it is shown, at twice the resolution."""
        image = picture_of(self.view.widget)
        painter = QPainter(image)
        self.view.scale_bar.paint(painter, QRectF(self.view.widget.rect()))
        painter.end()
        return image
