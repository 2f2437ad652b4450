"""The steps of the wizard: done, current, to do."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout, QWidget

from heteroagg_gui.gui.icons import icon
from heteroagg_gui.gui.theme import tones

WIDTH = 216
DONE, TO_DO, WRONG = "done", "to do", "not finished"
_ICON = 16


class StepList(QWidget):
    """One button a step; those that can't be reached yet are grey."""

    chosen = Signal(int)

    def __init__(self, titles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.buttons = [QPushButton(f"{k + 1}  {title}") for k, title in enumerate(titles)]
        self.states = [TO_DO] * len(titles)
        self._titles = tuple(titles)
        group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for number, button in enumerate(self.buttons):
            button.setCheckable(True)
            button.setFlat(True)
            button.setMinimumHeight(36)
            button.setIconSize(QSize(_ICON, _ICON))
            button.setStyleSheet("text-align: left; padding: 4px 8px;")
            button.clicked.connect(lambda _=False, number=number: self.chosen.emit(number))
            group.addButton(button)
            column.addWidget(button)
        column.addStretch()

    def show_steps(self, current: int, states: Sequence[str], reachable: Sequence[bool]) -> None:
        """Show where one is, what each step is and which can be gone to."""
        self.states = list(states)
        for number, button in enumerate(self.buttons):
            button.setChecked(number == current)
            button.setEnabled(reachable[number])
            state = "current" if number == current else states[number]
            button.setAccessibleName(f"Step {number + 1}, {self._titles[number]}: {state}")
            button.setToolTip(
                f"{self._titles[number]}: {state}"
                if reachable[number]
                else f"{self._titles[number]}: finish the steps before it first"
            )
        self._paint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint()

    def _paint(self) -> None:
        colors = tones(self.palette())
        marks = {DONE: ("ok", colors.good), WRONG: ("warning", colors.caution)}
        for button, state in zip(self.buttons, self.states, strict=True):
            mark = marks.get(state)
            button.setIcon(icon(*mark) if mark is not None else _nothing())


def _nothing() -> QIcon:
    """Return an icon that keeps the place of the others."""
    picture = QPixmap(_ICON, _ICON)
    picture.fill(Qt.GlobalColor.transparent)
    return QIcon(picture)
