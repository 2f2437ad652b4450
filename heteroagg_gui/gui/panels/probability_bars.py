"""Six small bars: how probable each primary cluster size is."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from heteroagg_gui.gui.theme import blend, tones

_GAP = 4.0
_BAR_HEIGHT = 34.0
_LEAST_FULL = 0.34
"""Probability that fills the height, unless a larger one occurs."""


class ProbabilityBars(QWidget):
    """Draws one bar for each size 1 to 6, the estimate in full colour."""

    def __init__(self, color: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = QColor(color)
        self._probabilities: Sequence[float] | None = None
        self._estimate: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return room for bars, percentages above and sizes below them."""
        return QSize(132, int(_BAR_HEIGHT) + 2 * self.fontMetrics().height() + 6)

    def set_color(self, color: str) -> None:
        """Draw the bars in another colour."""
        self._color = QColor(color)
        self.update()

    def set_values(self, probabilities: Sequence[float] | None, estimate: int | None) -> None:
        """Show probabilities of 1, 2, ...; None shows the point estimate alone."""
        self._probabilities = probabilities
        self._estimate = estimate
        words = [f"{k + 1}: {100 * p:.0f} %" for k, p in enumerate(probabilities or ())]
        self.setToolTip("Probability of each size\n" + "\n".join(words) if words else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw bars and numbers."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = tones(self.palette())
        metrics = self.fontMetrics()
        count = len(self._probabilities or ()) or 6
        width = (self.width() - (count - 1) * _GAP) / count
        full = max(*(self._probabilities or (1.0,)), _LEAST_FULL)
        floor = metrics.height() + 2 + _BAR_HEIGHT
        faint = blend(self._color, self.palette().window().color(), 0.45)
        for k in range(count):
            x = k * (width + _GAP)
            chosen = self._estimate == k + 1
            share = self._share(k)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.line)
            painter.drawRect(QRectF(x, floor, width, 1.5))
            painter.setBrush(self._color if chosen else faint)
            if share > 0:
                height = max(share / full * _BAR_HEIGHT, 1.0)
                painter.drawRect(QRectF(x, floor - height, width, height))
            painter.setPen(self.palette().windowText().color())
            self._center(painter, x, width, floor + 2 + metrics.ascent(), str(k + 1), chosen)
            if self._probabilities is not None and share >= 0.005:
                top = floor - share / full * _BAR_HEIGHT - 2 - metrics.descent()
                painter.setPen(colors.quiet)
                self._center(painter, x, width, top, f"{100 * share:.0f}", False)
        painter.end()

    def _share(self, k: int) -> float:
        if self._probabilities is not None:
            return min(max(float(self._probabilities[k]), 0.0), 1.0)
        return 1.0 if self._estimate == k + 1 else 0.0

    @staticmethod
    def _center(
        painter: QPainter, x: float, width: float, baseline: float, text: str, bold: bool
    ) -> None:
        font = painter.font()
        font.setBold(bold)
        painter.setFont(font)
        advance = painter.fontMetrics().horizontalAdvance(text)
        painter.drawText(QPointF(x + (width - advance) / 2, baseline), text)
