"""A value and its 90 % interval on the range it can have."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from heteroagg_gui.gui.theme import tones

_SIDE = 14.0
_TRACK = 8.0


class IntervalBar(QWidget):
    """Draws the prior range as a track, the interval in it as a bar, the value as a stroke."""

    def __init__(self, grid: Sequence[float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._low, self._high = float(min(grid)), float(max(grid))
        self._value: float | None = None
        self._interval: tuple[float, float] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return a low strip with room for the numbers below it."""
        return QSize(180, 18 + self.fontMetrics().height())

    def set_range(self, low: float, high: float) -> None:
        """Show the range of values that a network was trained on."""
        if low < high:
            self._low, self._high = low, high
            self.update()

    def set_value(self, value: float | None, interval: tuple[float, float] | None) -> None:
        """Show a value with its interval; None leaves either out."""
        self._value = value
        self._interval = interval
        self.update()

    def x_of(self, value: float) -> float:
        """Return where a value lies, at the edge if it is outside the range."""
        share = (value - self._low) / (self._high - self._low)
        return _SIDE + min(max(share, -0.03), 1.03) * (self.width() - 2 * _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw track, interval, value and the numbers of the range."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = tones(self.palette())
        middle = 8.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.line)
        left, right = self.x_of(self._low), self.x_of(self._high)
        painter.drawRoundedRect(QRectF(left, middle - 2, right - left, 4), 2, 2)
        self._draw_numbers(painter, middle + 8, colors.quiet)
        if self._interval is not None:
            first, last = (self.x_of(value) for value in self._interval)
            color = QColor(colors.accent)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawRoundedRect(
                QRectF(first, middle - _TRACK / 2, max(last - first, 3.0), _TRACK), 3, 3
            )
        if self._value is not None:
            painter.setPen(self.palette().window().color())
            painter.setBrush(self.palette().windowText())
            x = self.x_of(self._value)
            painter.drawRoundedRect(QRectF(x - 2.5, middle - 7, 5, 14), 2, 2)
        painter.end()

    def _draw_numbers(self, painter: QPainter, top: float, color: QColor) -> None:
        metrics = self.fontMetrics()
        painter.setPen(color)
        for value in (self._low, (self._low + self._high) / 2, self._high):
            text = f"{value:g}"
            x = self.x_of(value) - metrics.horizontalAdvance(text) / 2
            painter.drawText(QPointF(x, top + metrics.ascent()), text)
