"""Which colour is which material."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from heteroagg_gui.gui.theme import MATERIAL_COLORS, MATERIAL_NAMES

_DOT = 11
_GAP = 5


class Legend(QWidget):
    """Two coloured dots with the names of their materials."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Blue is WO₃, orange is TiO₂")

    def sizeHint(self) -> QSize:
        """Return the room the two names need."""
        metrics = self.fontMetrics()
        names = sum(metrics.horizontalAdvance(name) for name in MATERIAL_NAMES.values())
        return QSize(names + 2 * (_DOT + 3 * _GAP), metrics.height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw dots and names."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = self.fontMetrics()
        x = 0.0
        for label, name in MATERIAL_NAMES.items():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(MATERIAL_COLORS[label]))
            painter.drawEllipse(QRectF(x, (self.height() - _DOT) / 2, _DOT, _DOT))
            x += _DOT + _GAP
            painter.setPen(self.palette().windowText().color())
            baseline = (self.height() + metrics.ascent() - metrics.descent()) / 2
            painter.drawText(round(x), round(baseline), name)
            x += metrics.horizontalAdvance(name) + 2 * _GAP
        painter.end()
