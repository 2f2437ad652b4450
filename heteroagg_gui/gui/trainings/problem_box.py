"""What went wrong with a training, what to do, and a button that does it."""

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from heteroagg_gui.gui.icons import pixmap
from heteroagg_gui.gui.theme import tones
from heteroagg_gui.workflow.trainings.status import Problem

GO_ON: Final = "go_on"
SMALLER: Final = "smaller"
CAREFUL: Final = "careful"
EDIT: Final = "edit"
STEPS: Final = {
    GO_ON: ("Go on from the checkpoint", "Take it up where it was last saved"),
    SMALLER: (
        "Begin again with a smaller batch",
        "Queue the same training with half the images at once and half the processes",
    ),
    CAREFUL: (
        "Begin again with a lower learning rate",
        "Queue the same training with a third of its learning rate",
    ),
    EDIT: ("Change the plan…", "Open the plan under New training"),
}
_NEXT: Final = {
    "out-of-memory": (SMALLER, GO_ON),
    "diverged": (CAREFUL, EDIT),
    "input": (EDIT,),
    "device-lost": (GO_ON,),
    "disk-full": (GO_ON,),
}


def next_steps(kind: str) -> tuple[str, ...]:
    """Return what can be done about a kind of problem, the best first."""
    return _NEXT.get(kind, (GO_ON, EDIT))


class ProblemBox(QFrame):
    """Sentence, remedy and next steps; the details are copied."""

    step_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._icon = QLabel()
        self.sentence = QLabel()
        self.remedy = QLabel()
        for label in (self.sentence, self.remedy):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = self.sentence.font()
        font.setBold(True)
        self.sentence.setFont(font)
        self.buttons = {name: QPushButton(text) for name, (text, _) in STEPS.items()}
        self.copy = QPushButton("Copy details")
        self.copy.setToolTip("Copy the sentence and the traceback or the end of the log")
        self.problem: Problem | None = None
        self._row = QHBoxLayout()
        self._build()
        self.hide()

    def _build(self) -> None:
        row = self._row
        row.setSpacing(8)
        for name, button in self.buttons.items():
            button.setToolTip(STEPS[name][1])
            button.clicked.connect(lambda _=False, name=name: self.step_asked.emit(name))
            row.addWidget(button)
        row.addWidget(self.copy)
        row.addStretch(1)
        self.copy.clicked.connect(self._copy)
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 8, 8, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._icon, 0, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.sentence, 0, 1)
        grid.addWidget(self.remedy, 1, 1)
        grid.addLayout(row, 2, 1)

    def show_problem(self, problem: Problem | None) -> None:
        """Show a problem; nothing if there is none."""
        self.problem = problem
        self.setVisible(problem is not None)
        if problem is None:
            return
        self.sentence.setText(problem.sentence)
        self.remedy.setText(problem.remedy)
        self.remedy.setVisible(bool(problem.remedy))
        steps = next_steps(problem.kind)
        for name, button in self.buttons.items():
            button.setVisible(name in steps)
        for place, name in enumerate(steps):
            self._row.insertWidget(place, self.buttons[name])
        self.copy.setVisible(bool(problem.details))
        self._paint_icon()

    def _copy(self) -> None:
        if self.problem is not None:
            text = f"{self.problem.sentence}\n{self.problem.remedy}\n\n{self.problem.details}"
            QGuiApplication.clipboard().setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_icon()

    def _paint_icon(self) -> None:
        color = tones(self.palette()).bad
        self._icon.setPixmap(pixmap("refused", color, 24, self.devicePixelRatioF()))
