"""Check boxes and radio buttons that can be seen on dark ground."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QWidget

from heteroagg_gui.gui.theme import is_dark, tones


class BoxOutline(QObject):
    """Outlines a box in a colour that stands out; the style darkens the window's for it."""

    def __init__(self, box: QAbstractButton) -> None:
        super().__init__(box)
        self._box = box
        box.installEventFilter(self)
        self._apply()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the palette."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationPaletteChange):
            self._apply()
        return False

    def _apply(self) -> None:
        usual = QGuiApplication.palette()
        role = QPalette.ColorRole.Window
        wanted = tones(usual).quiet if is_dark(usual) else usual.color(role)
        if self._box.palette().color(role) != wanted:
            palette = QPalette()
            palette.setColor(role, wanted)
            self._box.setPalette(palette)


def outline_boxes(parent: QWidget) -> None:
    """Outline every check box and radio button in a widget."""
    for kind in (QCheckBox, QRadioButton):
        for box in parent.findChildren(kind):
            BoxOutline(box)
