"""One dialog for everything that goes wrong: cause, remedy, details."""

import traceback
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.gui.icons import pixmap
from heteroagg_gui.gui.names import DISPLAY_NAME
from heteroagg_gui.gui.theme import tones

UNEXPECTED = "Something went wrong that the program did not expect."
REMEDY = (
    "What is open is still there: try again. If it happens twice, send the details to the authors."
)


def sentences(error: BaseException) -> tuple[str, str]:
    """Return cause and remedy of an error in words for people."""
    if isinstance(error, HeteroaggError):
        return str(error), ""
    if isinstance(error, OSError) and error.filename is not None:
        reason = error.strerror or type(error).__name__
        return f"{error.filename} can't be used ({reason}).", "Choose another place or name."
    if isinstance(error, MemoryError):
        return "There is not enough memory for this.", "Close other programs or open fewer images."
    return f"{UNEXPECTED} ({type(error).__name__}: {error})", REMEDY


def details_of(error: BaseException) -> str:
    """Return the traceback as text."""
    return "".join(traceback.format_exception(error))


class ErrorDialog(QDialog):
    """Shows the latest error; further ones are counted rather than piled up."""

    def __init__(self, log_folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._log_folder = log_folder
        self._seen: list[str] = []
        self.setWindowTitle(f"{DISPLAY_NAME}: error")
        self.setMinimumWidth(600)
        self._picture = QLabel()
        self.cause = QLabel()
        self.remedy = QLabel()
        self.count = QLabel()
        self.details = QPlainTextEdit()
        self.details_button = QPushButton("Details")
        self.copy_button = QPushButton("Copy")
        self.folder_button = QPushButton("Open log folder")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._build()

    def _build(self) -> None:
        for label in (self.cause, self.remedy, self.count):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = self.cause.font()
        font.setPointSizeF(font.pointSizeF() * 1.1)
        self.cause.setFont(font)
        self.details.setReadOnly(True)
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.setMinimumHeight(200)
        self.details.hide()
        self.details_button.setCheckable(True)
        self.details_button.toggled.connect(self._show_details)
        self.copy_button.clicked.connect(self._copy)
        self.folder_button.clicked.connect(self._open_folder)
        self.buttons.rejected.connect(self.close)
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        texts = QVBoxLayout()
        texts.setSpacing(8)
        for label in (self.cause, self.remedy, self.count):
            texts.addWidget(label)
        texts.addStretch()
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(texts, 1)
        row = QHBoxLayout()
        for button in (self.details_button, self.copy_button, self.folder_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch()
        row.addWidget(self.buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(top)
        layout.addWidget(self.details, 1)
        layout.addLayout(row)

    def tell(self, error: BaseException) -> None:
        """Show an error, on top of those that are already shown."""
        if not self.isVisible():
            self._seen.clear()
        cause, remedy = sentences(error)
        self._seen.append(details_of(error))
        self.cause.setText(cause)
        self.remedy.setText(remedy)
        self.remedy.setVisible(bool(remedy))
        more = len(self._seen) - 1
        self.count.setText(f"{more} more before this one, see Details." if more else "")
        self.count.setVisible(more > 0)
        self.details.setPlainText("\n".join(self._seen))
        color = tones(self.palette()).bad
        self._picture.setPixmap(pixmap("refused", color, 40, self.devicePixelRatioF()))
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        self.open()

    def _show_details(self, shown: bool) -> None:
        self.details.setVisible(shown)
        if not shown:
            self.adjustSize()

    def _copy(self) -> None:
        text = f"{self.cause.text()}\n\n{self.details.toPlainText()}"
        QGuiApplication.clipboard().setText(text)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log_folder)))
