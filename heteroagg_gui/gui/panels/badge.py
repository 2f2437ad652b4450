"""Inside or outside the training range: an icon, words and the reason."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from heteroagg_gui.gui.icons import pixmap
from heteroagg_gui.gui.theme import tones

INSIDE = "Inside the training range"
OUTSIDE = "Outside the training range"
UNKNOWN = "Training range not checked"
_LOOKS: Mapping[bool | None, tuple[str, str, str, str]] = {
    True: (INSIDE, "The images resemble those the network was trained on.", "ok", "good"),
    False: (
        OUTSIDE,
        (
            "The network has not learnt from images like these: its answer may be wrong by more "
            "than the intervals say."
        ),
        "warning",
        "caution",
    ),
    None: (
        UNKNOWN,
        "This network can't tell whether the images resemble its training images.",
        "info",
        "quiet",
    ),
}
"""Words, their meaning, icon and its tone."""


class Badge(QFrame):
    """Says at a glance whether a prediction can be trusted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._picture = QLabel()
        self.words = QLabel()
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        font = self.words.font()
        font.setBold(True)
        self.words.setFont(font)
        self._inside: bool | None = None
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.words)
        texts.addWidget(self.reason)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.addWidget(self._picture)
        layout.addLayout(texts, 1)

    def set_range(self, inside: bool | None, reasons: tuple[str, ...]) -> None:
        """Show whether the images resemble the training data, and why not; None for unknown."""
        self._inside = inside
        words, meaning, _icon, _tone = _LOOKS[inside]
        self.words.setText(words)
        self.reason.setText("\n".join(reasons))
        self.reason.setVisible(bool(reasons))
        self.setToolTip(meaning)
        self._paint_icon()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_icon()

    def _paint_icon(self) -> None:
        if not self.words.text():
            return
        _words, _meaning, name, tone = _LOOKS[self._inside]
        color = getattr(tones(self.palette()), tone)
        self._picture.setPixmap(pixmap(name, color, 24, self.devicePixelRatioF()))
