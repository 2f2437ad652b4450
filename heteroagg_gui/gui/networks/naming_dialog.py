"""Asks for a network's name, and for its title where it can be changed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.workflow.model_store.naming import LONGEST, check_name

_LONGEST_TITLE = 300


class NamingDialog(QDialog):
    """One or two lines; what can't be a name is said below while it is typed.

    Parameters
    ----------
    heading
        Title of the dialog.
    reason
        Why a name is asked for.
    name, title
        What to begin with; there is no line for the title where it is None.
    """

    chosen = Signal(str, str)

    def __init__(
        self,
        heading: str,
        reason: str,
        name: str,
        title: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(heading)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self.name = QLineEdit(name)
        self.name.setMaxLength(LONGEST)
        self.name.setAccessibleName("Name")
        self.name.setToolTip("Letters, digits, dots, hyphens and underscores")
        self.title = QLineEdit(title or "")
        self.title.setMaxLength(_LONGEST_TITLE)
        self.title.setAccessibleName("Title")
        self.title.setToolTip("One line that says what the network is for")
        self.complaint = QLabel()
        self.complaint.setWordWrap(True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        for button in self.buttons.buttons():
            button.setIcon(QIcon())
        self._build(reason, with_title=title is not None)
        self.name.textChanged.connect(self._check)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        self.name.selectAll()
        self._check(name)

    def _build(self, reason: str, *, with_title: bool) -> None:
        text = QLabel(reason)
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setVisible(bool(reason))
        form = QFormLayout()
        form.addRow("&Name", self.name)
        if with_title:
            form.addRow("&Title", self.title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(text)
        layout.addLayout(form)
        layout.addWidget(self.complaint)
        layout.addWidget(self.buttons)

    def _check(self, name: str) -> None:
        try:
            check_name(name)
        except HeteroaggError as error:
            self.complaint.setText(str(error) if name else "")
            usable = False
        else:
            self.complaint.clear()
            usable = True
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(usable)

    def _accept(self) -> None:
        name, title = self.name.text(), self.title.text()
        self.accept()
        self.chosen.emit(name, title)
