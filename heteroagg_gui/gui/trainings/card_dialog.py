"""The card of a network that a training made."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from heteroagg_gui.gui.help_pages import model_page
from heteroagg_gui.gui.symbols import subscript


class CardDialog(QDialog):
    """What a network was trained on and how well it does."""

    def __init__(self, title: str, card: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Card of {title}")
        self.resize(640, 640)
        self.page = QTextBrowser()
        self.page.setHtml(subscript(model_page(title, str(card.get("title", "")), card)))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(self.page)
        layout.addWidget(buttons)
