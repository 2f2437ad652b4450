"""A button that shows a colour and lets the user choose another."""

from PySide6.QtCore import QEvent, QRectF, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QColorDialog, QPushButton, QWidget

from heteroagg_gui.gui.material_look import color_word
from heteroagg_gui.gui.theme import tones

_SIDE = 16


def swatch(colour: str, ratio: float = 1.0) -> QPixmap:
    """Return a small square of a colour."""
    picture = QPixmap(round(_SIDE * ratio), round(_SIDE * ratio))
    picture.fill(QColor("transparent"))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(colour))
    painter.setPen(tones().line)
    painter.drawRoundedRect(QRectF(picture.rect()).adjusted(1, 1, -1, -1), 3 * ratio, 3 * ratio)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


class ColourButton(QPushButton):
    """``chosen`` carries the colour as #rrggbb."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = "#808080"
        self.setToolTip("Colour the material is drawn in; blue and orange suit every eye")
        self.clicked.connect(self._ask)

    def show_colour(self, colour: str) -> None:
        """Show a colour."""
        self._colour = colour
        self.setText(f"{color_word(colour)}  {colour}")
        self.setAccessibleName(f"Colour: {color_word(colour)}")
        self._paint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint()

    def _paint(self) -> None:
        self.setIcon(QIcon(swatch(self._colour, self.devicePixelRatioF())))

    def _ask(self) -> None:
        colour = QColorDialog.getColor(QColor(self._colour), self, "Colour of the material")
        if colour.isValid():
            self.chosen.emit(colour.name())
