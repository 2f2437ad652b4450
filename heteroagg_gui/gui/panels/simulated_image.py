"""The simulated image with its contrast."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.panels.image_view import ImageView
from heteroagg_gui.gui.panels.levels_bar import LevelsBar
from heteroagg_gui.gui.panels.tool_button import tool_button
from heteroagg_gui.gui.pictures import picture_of

Levels = tuple[float, float]


class SimulatedImage(QObject):
    """Follows the image with automatic levels until the user chooses some."""

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = ImageView(self)
        self.levels = LevelsBar()
        self.fit = tool_button(icons, "fit", "Bring the whole image into view")
        self.copy = tool_button(icons, "copy", "Copy picture of the image")
        self.save = tool_button(icons, "picture", "Save picture of the image…")
        self.widget = QWidget()
        self._pixels: NDArray[Any] | None = None
        self._pixel_size_nm = 0.0
        self._automatic: Levels = (0.0, 1.0)
        self._follows = True
        bar = QHBoxLayout()
        bar.setSpacing(2)
        bar.addWidget(self.levels, 1)
        for button in (self.fit, self.copy, self.save):
            bar.addWidget(button)
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.view.widget, 1)
        layout.addLayout(bar)
        self.view.widget.setMinimumSize(240, 200)
        self.fit.clicked.connect(self.view.fit)
        self.levels.changed.connect(self._on_levels)
        self.view.pointed.connect(self._show_cursor)

    @property
    def pixels(self) -> NDArray[Any] | None:
        """The intensities that are shown."""
        return self._pixels

    def show(self, pixels: NDArray[Any], pixel_size_nm: float, automatic: Levels) -> None:
        """Show an image; another size of the field brings the whole of it into view.

        Parameters
        ----------
        pixels
            Intensities, shape (height, width).
        pixel_size_nm
            Edge of a pixel in nm.
        automatic
            Intensities to show black and white unless the user chose others.
        """
        fresh = self._pixels is None or self._pixels.shape != pixels.shape
        self._pixels, self._pixel_size_nm, self._automatic = pixels, pixel_size_nm, automatic
        levels = automatic if self._follows else self.levels.levels
        self.levels.set_image(pixels, levels)
        self.view.set_levels(*levels)
        self.view.set_image(pixels, pixel_size_nm, fit=fresh)

    def _on_levels(self, low: float, high: float) -> None:
        self._follows = bool(np.isnan(low))
        if self._follows:
            low, high = self._automatic
            self.levels.set_levels((low, high))
        self.view.set_levels(low, high)

    def _show_cursor(self, place: tuple[float, float, float] | None) -> None:
        if place is None:
            self.view.scale_bar.set_note("")
            return
        x, y, value = place
        size = self._pixel_size_nm
        self.view.scale_bar.set_note(f"x {x * size:.1f} nm   y {y * size:.1f} nm   {value:.4g}")

    def picture(self) -> QImage:
        """Return the view as it is shown, at twice the resolution."""
        image = picture_of(self.view.widget)
        painter = QPainter(image)
        self.view.scale_bar.paint(painter, QRectF(self.view.widget.rect()))
        painter.end()
        return image
