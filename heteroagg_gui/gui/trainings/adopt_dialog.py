"""Asks for the name of a network that is taken into use."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QWidget

from heteroagg_gui.core.errors import HeteroaggError


class AdoptDialog(QDialog):
    """A line for the name, and why it can't be used.

    Parameters
    ----------
    name
        The proposed name.
    check
        Raises an error of one sentence where a name can't be used.
    """

    def __init__(
        self, name: str, check: Callable[[str], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._check = check
        self.setWindowTitle("Use this network")
        self.setMinimumWidth(440)
        self.name = QLineEdit(name)
        self.name.setAccessibleName("Name of the network")
        self.name.setToolTip("Letters, digits, dots, hyphens and underscores")
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText("Use it")
        words = QLabel("It is installed beside your other networks and used from now on.")
        words.setWordWrap(True)
        form = QFormLayout(self)
        form.setContentsMargins(16, 16, 16, 16)
        form.setSpacing(8)
        form.addRow(words)
        form.addRow("Name", self.name)
        form.addRow(self.reason)
        form.addRow(self.buttons)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.name.textChanged.connect(self._look)
        self._look()

    def _look(self) -> None:
        try:
            self._check(self.name.text())
        except HeteroaggError as error:
            self.reason.setText(str(error))
            self.ok.setEnabled(False)
        else:
            self.reason.clear()
            self.ok.setEnabled(True)
