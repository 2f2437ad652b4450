"""Which colour is which material."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from heteroagg_gui.gui.material_look import MaterialLook, color_word, look_named

_DOT = 11
_GAP = 5


class Legend(QWidget):
    """Two coloured dots with the names of their materials."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.look = look_named()
        self.set_look(self.look)

    def set_look(self, look: MaterialLook) -> None:
        """Name the materials of another system."""
        self.look = look
        pairs = zip(look.colors, look.names, strict=True)
        words = ", ".join(f"{color_word(color)} is {name}" for color, name in pairs)
        self.setAccessibleName(words[:1].upper() + words[1:])
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room the two names need."""
        metrics = self.fontMetrics()
        names = sum(metrics.horizontalAdvance(name) for name in self.look.names)
        return QSize(names + 2 * (_DOT + 3 * _GAP), metrics.height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw dots and names."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = self.fontMetrics()
        x = 0.0
        for color, name in zip(self.look.colors, self.look.names, strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color))
            painter.drawEllipse(QRectF(x, (self.height() - _DOT) / 2, _DOT, _DOT))
            x += _DOT + _GAP
            painter.setPen(self.palette().windowText().color())
            baseline = (self.height() + metrics.ascent() - metrics.descent()) / 2
            painter.drawText(round(x), round(baseline), name)
            x += metrics.horizontalAdvance(name) + 2 * _GAP
        painter.end()
