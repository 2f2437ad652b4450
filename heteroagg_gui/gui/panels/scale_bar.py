"""A bar of round length over a picture, on the screen and in exported pictures."""

import math

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

_MARGIN = 12.0
_PLATE = QColor(0, 0, 0, 140)


def round_length(longest_nm: float) -> float:
    """Return the largest of 1, 2, 5 x 10^k nm that is not longer than ``longest_nm``."""
    if not math.isfinite(longest_nm) or longest_nm <= 0:
        return 0.0
    decade = 10.0 ** math.floor(math.log10(longest_nm))
    for step in (5.0, 2.0):
        if step * decade <= longest_nm * (1 + 1e-9):
            return step * decade
    return decade


def length_text(length_nm: float) -> str:
    """Write a length with the unit that keeps its number short."""
    if length_nm >= 1000:
        return f"{length_nm / 1000:g} µm"
    return f"{length_nm:g} nm"


def paint_scale_bar(
    painter: QPainter,
    area: QRectF,
    nm_per_point: float,
    color: QColor,
    *,
    plate: bool,
) -> None:
    """Draw a bar of at most a third of the area's width into its lower right corner.

    Parameters
    ----------
    painter
        Paints in points; a picture of twice the size is painted through a scaled painter.
    area
        The picture.
    nm_per_point
        Length of a point in the picture.
    color
        Colour of bar and text.
    plate
        Whether to put a dark plate behind them, for pictures of any brightness.
    """
    length = round_length(nm_per_point * min(area.width() / 3, 180.0))
    if length == 0.0:
        return
    width = length / nm_per_point
    text = length_text(length)
    metrics = QFontMetricsF(painter.font())
    text_width = metrics.horizontalAdvance(text)
    box_width = max(width, text_width) + 12
    box_height = metrics.height() + 12
    box = QRectF(
        area.right() - _MARGIN - box_width,
        area.bottom() - _MARGIN - box_height,
        box_width,
        box_height,
    )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if plate:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_PLATE)
        painter.drawRoundedRect(box, 4, 4)
    painter.setPen(color)
    painter.drawText(
        QPointF(box.center().x() - text_width / 2, box.top() + 2 + metrics.ascent()), text
    )
    bar = QRectF(box.center().x() - width / 2, box.bottom() - 7, width, 3)
    painter.fillRect(bar, color)


class ScaleBarOverlay(QWidget):
    """Lies over a view and lets the mouse through."""

    def __init__(self, parent: QWidget, *, plate: bool) -> None:
        super().__init__(parent)
        self._plate = plate
        self._nm_per_point: float | None = None
        self._note = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setGeometry(parent.rect())
        parent.installEventFilter(self)

    @property
    def nm_per_point(self) -> float | None:
        """Length of a point of the view; None while unknown."""
        return self._nm_per_point

    def set_nm_per_point(self, value: float | None) -> None:
        """Tell what length a point of the view has."""
        if value != self._nm_per_point:
            self._nm_per_point = value
            self.update()

    def set_note(self, text: str) -> None:
        """Write a note into the lower left corner; it is not part of exported pictures."""
        if text != self._note:
            self._note = text
            self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the view below."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Draw the bar into an exported picture."""
        if self._nm_per_point is not None:
            font = QFont(self.font())
            painter.setFont(font)
            color = QColor("white") if self._plate else self.palette().windowText().color()
            paint_scale_bar(painter, area, self._nm_per_point, color, plate=self._plate)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar."""
        painter = QPainter(self)
        self.paint(painter, QRectF(self.rect()))
        self._paint_note(painter)
        painter.end()

    def _paint_note(self, painter: QPainter) -> None:
        if not self._note:
            return
        metrics = self.fontMetrics()
        height = metrics.height() + 8
        width = metrics.horizontalAdvance(self._note) + 16
        box = QRectF(_MARGIN, self.height() - _MARGIN - height, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_PLATE)
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor("white"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._note)
