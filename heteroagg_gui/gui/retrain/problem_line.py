"""A sentence below a field that says what is wrong with it."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from heteroagg_gui.gui.icons import pixmap
from heteroagg_gui.gui.theme import tones

_ICON = 16


class ProblemLine(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self, icon: str = "refused", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._picture = QLabel()
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 4)
        row.setSpacing(8)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.sentence, 1)
        self.say("")

    def say(self, text: str) -> None:
        """Show a sentence, or nothing."""
        self.sentence.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self._paint_icon()

    def text(self) -> str:
        """Return the sentence."""
        return self.sentence.text()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_icon()

    def _paint_icon(self) -> None:
        colors = tones(self.palette())
        color = {"refused": colors.bad, "warning": colors.caution}.get(self._icon, colors.quiet)
        self._picture.setPixmap(pixmap(self._icon, color, _ICON, self.devicePixelRatioF()))
