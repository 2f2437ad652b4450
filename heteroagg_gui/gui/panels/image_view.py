"""A grey image that can be moved and zoomed, with scale bar and measuring line."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from heteroagg_gui.gui.panels.scale_bar import ScaleBarOverlay

_GROUND = QColor("#14171b")


class ImageView(QObject):
    """Shows one image; positions are in pixels of the image, x to the right, y down."""

    pointed = Signal(object)
    measured = Signal(float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        pg.setConfigOptions(imageAxisOrder="row-major")
        self._graphics: Any = pg.GraphicsView(background=_GROUND)
        self._box: Any = pg.ViewBox(
            lockAspect=True, invertY=True, enableMenu=False, border=None, defaultPadding=0.0
        )
        self._graphics.setCentralItem(self._box)
        self._image: Any = pg.ImageItem(autoDownsample=True)
        self._box.addItem(self._image)
        self._line: Any = None
        self._pixel_size_nm: float | None = None
        self.scale_bar = ScaleBarOverlay(self._graphics, plate=True)
        self._graphics.setMouseTracking(True)
        self._graphics.scene().sigMouseMoved.connect(self._on_moved)
        self._box.sigRangeChanged.connect(self._on_range)
        self._box.sigResized.connect(self._on_range)
        self._graphics.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def widget(self) -> QWidget:
        """The widget to place in the window."""
        widget: QWidget = self._graphics
        return widget

    def set_image(
        self, pixels: NDArray[Any] | None, pixel_size_nm: float | None, *, fit: bool
    ) -> None:
        """Show an image, or nothing.

        Parameters
        ----------
        pixels
            Intensities, shape (height, width).
        pixel_size_nm
            Edge of a pixel; no scale bar is drawn while it is unknown.
        fit
            Whether to bring the whole image into view.
        """
        self._pixel_size_nm = pixel_size_nm
        if pixels is None:
            self._image.clear()
        else:
            self._image.setImage(np.asarray(pixels), autoLevels=False)
            if fit:
                self.fit()
        self._on_range()

    def set_levels(self, low: float, high: float) -> None:
        """Choose the intensities that are black and white; swapped they invert the image."""
        self._image.setLevels((low, high))

    def set_inverted(self, inverted: bool) -> None:
        """Show bright as dark."""
        self._image.setLookupTable(np.linspace(255, 0, 256).astype(np.uint8) if inverted else None)

    def fit(self) -> None:
        """Bring the whole image into view."""
        image = self._image.image
        if image is not None:
            height, width = image.shape
            self._box.setRange(QRectF(0, 0, width, height), padding=0.02)

    def _on_range(self, *_: object) -> None:
        pixel_width, _height = self._box.viewPixelSize()
        known = self._pixel_size_nm is not None and self._image.image is not None
        self.scale_bar.set_nm_per_point(
            self._pixel_size_nm * pixel_width if known and self._pixel_size_nm else None
        )

    def _on_moved(self, position: QPointF) -> None:
        image = self._image.image
        if image is None:
            return
        point = self._box.mapSceneToView(position)
        row, column = int(np.floor(point.y())), int(np.floor(point.x()))
        if 0 <= row < image.shape[0] and 0 <= column < image.shape[1]:
            self.pointed.emit((point.x(), point.y(), float(image[row, column])))
        else:
            self.pointed.emit(None)

    @property
    def measuring(self) -> bool:
        """Whether the measuring line is there."""
        return self._line is not None

    def start_measuring(self) -> None:
        """Lay a line over the image whose ends can be dragged."""
        self.stop_measuring()
        ((left, right), (top, bottom)) = self._box.viewRange()
        middle = (top + bottom) / 2
        span = right - left
        ends = [(left + 0.3 * span, middle), (left + 0.7 * span, middle)]
        ratio = self._graphics.devicePixelRatioF()
        pen = pg.mkPen("#ffd54a", width=2 * ratio)
        self._line = pg.LineSegmentROI(
            ends, pen=pen, hoverPen=pg.mkPen("#fff3c4", width=3 * ratio), handlePen=pen
        )
        self._box.addItem(self._line)
        self._line.sigRegionChanged.connect(self._on_line)
        self._on_line()

    def stop_measuring(self) -> None:
        """Take the line away."""
        if self._line is not None:
            self._box.removeItem(self._line)
            self._line = None

    def set_line(self, start: tuple[float, float], stop: tuple[float, float]) -> None:
        """Put the ends of the measuring line at these pixels."""
        if self._line is not None:
            for handle, end in zip(self._line.getHandles(), (start, stop), strict=True):
                self._line.movePoint(handle, pg.Point(*end), coords="parent")

    def line_length_pixels(self) -> float:
        """Return the length of the measuring line."""
        if self._line is None:
            return 0.0
        first, second = (
            self._box.mapSceneToView(position)
            for _, position in self._line.getSceneHandlePositions()
        )
        return float(np.hypot(second.x() - first.x(), second.y() - first.y()))

    def _on_line(self, *_: object) -> None:
        self.measured.emit(self.line_length_pixels())
