"""Histogram of the intensities with two handles: black and white."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from heteroagg_gui.gui.theme import tones

_BINS = 128
_SIDE = 7.0
_REACH = 9.0


def histogram(pixels: NDArray[np.floating]) -> tuple[NDArray[np.float64], float, float]:
    """Return bar heights (0 to 1, logarithmic) and the range they cover."""
    step = max(1, int(np.sqrt(pixels.size / 250_000)))
    sample = pixels[::step, ::step]
    sample = sample[np.isfinite(sample)]
    if sample.size == 0:
        return np.zeros(_BINS), 0.0, 1.0
    low, high = float(sample.min()), float(sample.max())
    if high <= low:
        high = low + 1.0
    counts, _ = np.histogram(sample, bins=_BINS, range=(low, high))
    heights = np.log1p(counts)
    return heights / max(float(heights.max()), 1e-12), low, high


class LevelsBar(QWidget):
    """Lets the user choose which intensities are black and which are white."""

    changed = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heights: NDArray[np.float64] = np.zeros(_BINS)
        self._range = (0.0, 1.0)
        self._levels = (0.0, 1.0)
        self._held: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setToolTip(
            "Drag the handles: intensities left of the first are black, right of "
            "the second white. Double-click for automatic levels."
        )
        self.setAccessibleName("Levels")

    def sizeHint(self) -> QSize:
        """Return a low, wide strip."""
        return QSize(160, 44)

    @property
    def levels(self) -> tuple[float, float]:
        """The intensities that are shown black and white."""
        return self._levels

    def set_image(self, pixels: NDArray[np.floating], levels: tuple[float, float]) -> None:
        """Show the histogram of an image and its levels."""
        self._heights, low, high = histogram(pixels)
        self._range = (low, high)
        self._levels = levels
        self.update()

    def clear(self) -> None:
        """Show no histogram: there is no image."""
        self._heights = np.zeros(_BINS)
        self.update()

    def set_levels(self, levels: tuple[float, float]) -> None:
        """Move the handles."""
        self._levels = levels
        self.update()

    def _x_of(self, value: float) -> float:
        low, high = self._range
        share = min(max((value - low) / (high - low), 0.0), 1.0)
        return _SIDE + share * (self.width() - 2 * _SIDE)

    def _value_at(self, x: float) -> float:
        low, high = self._range
        share = (x - _SIDE) / max(self.width() - 2 * _SIDE, 1.0)
        return low + min(max(share, 0.0), 1.0) * (high - low)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw histogram and handles."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = tones(self.palette())
        ground = QRectF(_SIDE, 2, self.width() - 2 * _SIDE, self.height() - 12)
        painter.fillRect(ground, self.palette().base())
        points = [QPointF(ground.left(), ground.bottom())]
        for k, height in enumerate(self._heights):
            x = ground.left() + (k + 0.5) / _BINS * ground.width()
            points.append(QPointF(x, ground.bottom() - float(height) * (ground.height() - 2)))
        points.append(QPointF(ground.right(), ground.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.bars)
        painter.drawPolygon(QPolygonF(points))
        first, second = (self._x_of(value) for value in self._levels)
        painter.setBrush(colors.accent)
        painter.setOpacity(0.18)
        painter.drawRect(QRectF(first, ground.top(), second - first, ground.height()))
        painter.setOpacity(1.0)
        for x, fill in ((first, Qt.GlobalColor.black), (second, Qt.GlobalColor.white)):
            painter.fillRect(QRectF(x - 0.75, ground.top(), 1.5, ground.height()), colors.accent)
            painter.setPen(self.palette().windowText().color())
            painter.setBrush(fill)
            low = self.height() - 2.0
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(x, ground.bottom()),
                        QPointF(x + 5, low),
                        QPointF(x - 5, low),
                    ]
                )
            )
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the nearer handle."""
        x = event.position().x()
        distances = [abs(x - self._x_of(value)) for value in self._levels]
        self._held = 0 if distances[0] < distances[1] else 1
        self._move_to(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the handle that is held."""
        x = event.position().x()
        near = min(abs(x - self._x_of(value)) for value in self._levels) < _REACH
        self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)
        if self._held is not None:
            self._move_to(x)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for automatic levels: not-a-number stands for them."""
        self._held = None
        self.changed.emit(float("nan"), float("nan"))

    def _move_to(self, x: float) -> None:
        if self._held is None:
            return
        levels = list(self._levels)
        levels[self._held] = self._value_at(x)
        gap = (self._range[1] - self._range[0]) * 1e-3
        if self._held == 0:
            levels[0] = min(levels[0], levels[1] - gap)
        else:
            levels[1] = max(levels[1], levels[0] + gap)
        self._levels = (levels[0], levels[1])
        self.update()
        self.changed.emit(*self._levels)
