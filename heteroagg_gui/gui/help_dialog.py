"""The help window: purpose, parameters, keys, network, licence."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui import __version__
from heteroagg_gui.gui.help_pages import PURPOSE, about_page, keys_page, theta_page
from heteroagg_gui.gui.material_look import look_named
from heteroagg_gui.gui.names import DISPLAY_NAME
from heteroagg_gui.gui.networks.pages import card_page

if TYPE_CHECKING:
    from heteroagg_gui.learning.model_card import ModelCard

NO_NETWORK = "<h3>No network is installed</h3><p>Train one, or add one from a folder.</p>"


class HelpDialog(QDialog):
    """Pages of text; stays open beside the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{DISPLAY_NAME}: help")
        self.resize(680, 560)
        self.tabs = QTabWidget()
        self._pages: dict[str, QTextBrowser] = {}
        for key, title in (
            ("help", "What it does"),
            ("keys", "Keys"),
            ("model", "Network"),
            ("about", "About"),
        ):
            page = QTextBrowser()
            page.setOpenExternalLinks(True)
            self._pages[key] = page
            self.tabs.addTab(page, title)
        self._pages["keys"].setHtml(keys_page())
        self._pages["about"].setHtml(about_page(__version__))
        self._pages["model"].setHtml(NO_NETWORK)
        self.set_names(look_named().names)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        layout = QVBoxLayout(self)
        layout.addWidget(self.tabs)
        layout.addWidget(buttons)

    def set_model(self, card: "ModelCard") -> None:
        """Describe the network that is in use."""
        self._pages["model"].setHtml(card_page(card))

    def set_names(self, names: tuple[str, str]) -> None:
        """Explain the parameters for the materials with labels 0 and 1."""
        self._pages["help"].setHtml(PURPOSE + theta_page(names))

    def open_at(self, key: str) -> None:
        """Show one page."""
        self.tabs.setCurrentWidget(self._pages[key])
        self.show()
        self.raise_()
