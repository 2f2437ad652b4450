"""The card of a network that a training made."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from heteroagg_gui.gui.networks.pages import card_page

if TYPE_CHECKING:
    from heteroagg_gui.learning.model_card import ModelCard


class CardDialog(QDialog):
    """What a network was trained on and how well it does."""

    def __init__(self, card: "ModelCard", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Card of {card.title}")
        self.resize(640, 640)
        self.page = QTextBrowser()
        self.page.setHtml(card_page(card))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(self.page)
        layout.addWidget(buttons)
