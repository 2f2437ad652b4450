"""Cards to choose how much work goes into a network."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.learning.retraining.effort import EFFORTS, Effort

TITLES: Mapping[str, str] = {"quick": "Quick", "normal": "Normal", "thorough": "Thorough"}
_PURPOSES = {
    "quick": "To see whether everything fits; errors are larger.",
    "normal": "For most questions; begins with a trained network.",
    "thorough": "For published results, or to begin with random weights.",
}


class EffortCard(QFrame):
    """One effort: its amounts and how long it takes; the whole card can be clicked."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.radio = QRadioButton(TITLES[key])
        font = self.radio.font()
        font.setBold(True)
        self.radio.setFont(font)
        effort = EFFORTS[key]
        images = effort.updates * effort.images_per_update
        amounts = QLabel(
            f"{images:,} images in {effort.updates:,} updates\n"
            f"{effort.training_sets:,} sets of {effort.images_per_set} images, "
            f"{effort.test_sets:,} to test"
        )
        purpose = QLabel(_PURPOSES[key])
        self.time = QLabel()
        for label in (amounts, purpose, self.time):
            label.setWordWrap(True)
        self.radio.setToolTip(_PURPOSES[key])
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        for widget in (self.radio, purpose, amounts, self.time):
            column.addWidget(widget)
        column.addStretch()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the card."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.radio.setFocus()
            self.radio.setChecked(True)


class EffortCards(QObject):
    """``chosen`` carries the effort of the card that was chosen."""

    chosen = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget = QWidget()
        self.cards = {key: EffortCard(key) for key in EFFORTS}
        self._choice = QButtonGroup(self)
        self.widget.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        row = QHBoxLayout(self.widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for key, card in self.cards.items():
            self._choice.addButton(card.radio)
            card.radio.toggled.connect(lambda on, key=key: self._on_toggled(key, on=on))
            row.addWidget(card, 1)

    def _on_toggled(self, key: str, *, on: bool) -> None:
        if on:
            self.chosen.emit(EFFORTS[key])

    def show(self, effort: Effort, times: Mapping[str, str]) -> None:
        """Show which card an effort is, if any, and how long each takes."""
        self._choice.setExclusive(False)
        for key, card in self.cards.items():
            with QSignalBlocker(card.radio):
                card.radio.setChecked(EFFORTS[key] == effort)
            card.time.setText(f"Time: {times[key]}")
        self._choice.setExclusive(True)
