"""Two networks side by side."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.gui.networks.pages import comparison_page
from heteroagg_gui.workflow.model_card.comparison import compare

if TYPE_CHECKING:
    from heteroagg_gui.learning.model_card import ModelCard


class ComparisonDialog(QDialog):
    """Stays open beside the window; what differs is marked."""

    def __init__(
        self, first: "ModelCard", second: "ModelCard", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{first.name} and {second.name}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(880, 680)
        self._names = (first.name, second.name)
        self._lines = compare(first, second)
        self.page = QTextBrowser()
        self.page.setAccessibleName(f"Comparison of {first.name} and {second.name}")
        self.differences = QCheckBox("Show &differences only")
        self.differences.setToolTip("Leave out what both cards say alike")
        self.differences.toggled.connect(self._show)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        foot = QHBoxLayout()
        foot.addWidget(self.differences, 1)
        foot.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self.page, 1)
        layout.addLayout(foot)
        self._show(False)

    def _show(self, differences_alone: bool) -> None:
        page = comparison_page(self._names, self._lines, differences_alone=differences_alone)
        self.page.setHtml(page)
