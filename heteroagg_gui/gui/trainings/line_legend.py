"""Which line is whose: a stroke and words for each."""

from collections.abc import Mapping

from PySide6.QtCore import QLineF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from heteroagg_gui.gui.theme import tones
from heteroagg_gui.gui.trainings.curve_plot import LineKind, pen_of

_STROKE = 32
_GAP = 8


class LineLegend(QWidget):
    """A row of strokes with their words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.words: dict[LineKind, str] = {}

    def set_words(self, words: Mapping[LineKind, str]) -> None:
        """Name the lines that are shown."""
        self.words = dict(words)
        self.setAccessibleName("Lines: " + ", ".join(self.words.values()))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room that strokes and words need."""
        metrics = self.fontMetrics()
        width = sum(
            _STROKE + 3 * _GAP + metrics.horizontalAdvance(word) for word in self.words.values()
        )
        return QSize(width, metrics.height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw strokes and words."""
        painter = QPainter(self)
        colors = tones(self.palette())
        metrics = self.fontMetrics()
        x, middle = 0.0, self.height() / 2
        baseline = round(middle + (metrics.ascent() - metrics.descent()) / 2)
        for kind, word in self.words.items():
            painter.setPen(pen_of(kind, colors))
            painter.drawLine(QLineF(x, middle, x + _STROKE, middle))
            x += _STROKE + _GAP
            painter.setPen(self.palette().windowText().color())
            painter.drawText(round(x), baseline, word)
            x += metrics.horizontalAdvance(word) + 2 * _GAP
        painter.end()
