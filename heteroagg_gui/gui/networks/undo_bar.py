"""One line that says what was deleted and offers to take it back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from heteroagg_gui.gui.icons import IconKeeper


class UndoBar(QFrame):
    """Hidden until something was deleted."""

    undo_asked = Signal(str)

    def __init__(self, icons: IconKeeper, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = ""
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.undo = QPushButton("U&ndo")
        self.undo.setAutoDefault(False)
        self.undo.setToolTip("Bring the deleted network back (Ctrl+Z)")
        icons.dress(self.undo, "undo")
        self.undo.clicked.connect(self.take_back)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.undo)
        self.hide()

    def offer(self, name: str, key: str) -> None:
        """Say that a network was deleted."""
        self._key = key
        self.label.setText(f"Deleted {name}.")
        self.show()

    def take_back(self) -> None:
        """Ask for the deleted network, once."""
        if self._key:
            key = self._key
            self.forget()
            self.undo_asked.emit(key)

    def forget(self) -> None:
        """Offer nothing any more."""
        self._key = ""
        self.hide()
