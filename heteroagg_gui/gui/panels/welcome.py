"""The empty state: an invitation to drop files."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.gui.icons import IconKeeper, pixmap
from heteroagg_gui.gui.remembered import Batch
from heteroagg_gui.gui.theme import tones
from heteroagg_gui.workflow.session_file import is_session_path

FORMATS = (
    "TIFF, DM3 and DM4, EMD, SER, MRC, PNG, JPEG. Many at once, whole folders and sessions too."
)
_RECENT = 5


def batch_title(batch: Batch) -> str:
    """Say in a few words which files were opened together."""
    first = batch[0]
    more = f" and {len(batch) - 1} more" if len(batch) > 1 else ""
    return f"{first.name}{more}   ({first.parent})"


class DropTarget(QFrame):
    """A dashed frame that lights up while files are dragged over the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lit = False

    def set_lit(self, lit: bool) -> None:
        """Show that files would be taken."""
        if lit != self._lit:
            self._lit = lit
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = tones(self.palette())
        pen = QPen(colors.accent if self._lit else colors.bars, 2.5 if self._lit else 1.6)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(self.palette().base())
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 14, 14)
        painter.end()


class WelcomePanel(QObject):
    """What the window shows while nothing is open."""

    open_asked = Signal()
    folder_asked = Signal()
    sample_asked = Signal()
    batch_asked = Signal(tuple)

    def __init__(self, icons: IconKeeper, has_sample: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self.widget = QWidget()
        self.target = DropTarget()
        self._picture = QLabel()
        self.open_button = QPushButton("Open files…")
        self.folder_button = QPushButton("Open a folder…")
        self.sample_button = QPushButton("Try the sample batch")
        icons.dress(self.open_button, "open")
        icons.dress(self.folder_button, "folder")
        icons.dress(self.sample_button, "sample")
        self.sample_button.setVisible(has_sample)
        self.sample_button.setToolTip(
            "Open twelve simulated micrographs, predict theta and draw 800 shadows"
        )
        self._recent_title = QLabel("Recent")
        self._recent = QVBoxLayout()
        self._build()
        self.open_button.clicked.connect(self.open_asked)
        self.folder_button.clicked.connect(self.folder_asked)
        self.sample_button.clicked.connect(self.sample_asked)
        self.widget.installEventFilter(self)

    def _build(self) -> None:
        title = QLabel("Drop HAADF-STEM micrographs here")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.9)
        title.setFont(font)
        purpose = QLabel(
            "From images of one sample, the program estimates the parameters θ of the stochastic\n"
            "3D model of hetero-aggregates of two materials, and draws aggregates in 3D with it."
        )
        formats = QLabel(FORMATS)
        inside = QVBoxLayout(self.target)
        inside.setContentsMargins(32, 24, 32, 24)
        inside.setSpacing(12)
        inside.addStretch(2)
        for label in (self._picture, title, formats):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inside.addWidget(label)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        for button in (self.open_button, self.folder_button, self.sample_button):
            button.setMinimumHeight(36)
            buttons.addWidget(button)
        buttons.addStretch()
        inside.addSpacing(8)
        inside.addLayout(buttons)
        inside.addSpacing(8)
        purpose.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(purpose, 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addStretch(3)
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(self.target, 1)
        self._recent.setSpacing(2)
        layout.addWidget(self._recent_title)
        layout.addLayout(self._recent)
        self._recent_title.hide()
        self._paint_icon()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the palette."""
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_icon()
        return False

    def _paint_icon(self) -> None:
        color = tones(self.widget.palette()).accent
        self._picture.setPixmap(pixmap("drop", color, 72, self.widget.devicePixelRatioF()))

    def set_recent(self, batches: Sequence[Batch]) -> None:
        """List what was opened before, the latest first."""
        while (entry := self._recent.takeAt(0)) is not None:
            old = entry.widget()
            if old is not None:
                old.deleteLater()
        for batch in batches[:_RECENT]:
            button = QPushButton(batch_title(batch))
            button.setFlat(True)
            self._icons.dress(button, "session" if is_session_path(batch[0]) else "picture")
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setStyleSheet("text-align: left; padding: 4px 8px;")
            button.setToolTip("\n".join(str(path) for path in batch[:20]))
            button.clicked.connect(lambda _=False, chosen=batch: self.batch_asked.emit(chosen))
            self._recent.addWidget(button)
        self._recent_title.setVisible(bool(batches))
