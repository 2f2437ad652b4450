"""Icons drawn for the program, coloured like the text around them."""

from functools import cache, lru_cache
from typing import Protocol
from weakref import WeakKeyDictionary

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from heteroagg_gui.core.resources import resource_path

SIZES = (16, 24, 32, 48)


class TakesIcon(Protocol):
    """An action or a button."""

    def setIcon(self, icon: QIcon) -> None:
        """Wear the icon."""


@cache
def _source(name: str) -> str:
    return resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def _renderer(name: str, color: str) -> QSvgRenderer:
    source = _source(name).replace("currentColor", color)
    return QSvgRenderer(QByteArray(source.encode()))


def paint_icon(painter: QPainter, name: str, rect: QRectF, color: QColor) -> None:
    """Draw the icon ``name`` in ``color``."""
    _renderer(name, color.name()).render(painter, rect)


def pixmap(name: str, color: QColor, size: int, ratio: float = 1.0) -> QPixmap:
    """Return the icon as a picture of ``size`` points."""
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_icon(painter, name, QRectF(picture.rect()), color)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def icon(name: str, color: QColor | None = None) -> QIcon:
    """Return the icon ``name`` in the colour of button text, or in ``color``."""
    palette = QGuiApplication.palette()
    role = QPalette.ColorRole.ButtonText
    normal = color if color is not None else palette.color(role)
    faint = palette.color(QPalette.ColorGroup.Disabled, role)
    result = QIcon()
    for size in SIZES:
        result.addPixmap(pixmap(name, normal, size), QIcon.Mode.Normal)
        result.addPixmap(pixmap(name, faint, size), QIcon.Mode.Disabled)
    return result


def application_icon() -> QIcon:
    """Return the program's own icon."""
    result = QIcon()
    for size in (*SIZES, 64, 128, 256):
        result.addPixmap(pixmap("heteroagg", QColor("black"), size))
    return result


class IconKeeper:
    """Gives widgets their icons, and draws them anew when the palette changed."""

    def __init__(self) -> None:
        self._wearers: WeakKeyDictionary[TakesIcon, str] = WeakKeyDictionary()

    def dress(self, wearer: TakesIcon, name: str) -> None:
        """Give ``wearer`` the icon and keep its colour right."""
        self._wearers[wearer] = name
        wearer.setIcon(icon(name))

    def refresh(self) -> None:
        """Draw all icons in the colours of the palette in force."""
        for wearer, name in list(self._wearers.items()):
            try:
                wearer.setIcon(icon(name))
            except RuntimeError:  # Qt deleted it already
                del self._wearers[wearer]
