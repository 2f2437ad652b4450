"""The top of a training's page: what it is, how it goes, and what can be done with it."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from heteroagg_gui.core.progress import duration
from heteroagg_gui.gui.icons import IconKeeper, pixmap
from heteroagg_gui.gui.panels.elided_label import ElidedLabel
from heteroagg_gui.gui.progress_bar import show_progress
from heteroagg_gui.gui.theme import tones
from heteroagg_gui.gui.trainings.words import LOOKS, state_line
from heteroagg_gui.workflow.trainings.status import Status
from heteroagg_gui.workflow.trainings.training import Training, TrainingState

_BUTTONS: Final = {
    "pause": ("Pause", "pause", "Let the training rest; it keeps its memory"),
    "go_on": ("Go on", "go_on", "Take the training up again where it was"),
    "finish": (
        "Finish now",
        "finish",
        "Stop training on images and make the network from what has been learnt so far",
    ),
    "cancel": ("Cancel", "cancel", "Stop the training; what it has done stays"),
    "log": ("Show log", "log", "Open the output of the training"),
    "folder": ("Open folder", "folder", "Show the files of the training"),
    "remove": ("Remove…", "remove", "Delete the training with everything it has made"),
}
_PAUSABLE: Final = frozenset({TrainingState.RUNNING})
_BUSY: Final = frozenset(
    {
        TrainingState.WAITING,
        TrainingState.STARTING,
        TrainingState.RUNNING,
        TrainingState.PAUSING,
        TrainingState.PAUSED,
    }
)
_RESTING: Final = frozenset({TrainingState.PAUSING, TrainingState.PAUSED})


def facts_of(status: Status | None, size_mb: float) -> tuple[str, ...]:
    """Return speed, device, memory and times as short texts."""
    if status is None:
        return ()
    facts = [status.device, f"{status.images:,} images".replace(",", "\u202f")]
    if status.images_per_s is not None:
        facts.append(f"{status.images_per_s:.3g} images/s")
    if status.memory_mb is not None:
        facts.append(f"{status.memory_mb:.0f} MB memory")
    if status.gpu_memory_mb is not None:
        facts.append(f"{status.gpu_memory_mb:.0f} MB GPU memory")
    facts.append(f"{duration(status.seconds)} worked")
    if size_mb >= 1.0:
        facts.append(f"{size_mb:.0f} MB on the disk")
    return tuple(fact for fact in facts if fact)


class Heading(QObject):
    """Title, state, bar, facts and buttons."""

    asked = Signal(str)

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget = QWidget()
        self.title = ElidedLabel()
        font = self.title.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setBold(True)
        self.title.setFont(font)
        self._icon = QLabel()
        self.state = QLabel()
        self.message = ElidedLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(12)
        self.bar.setAccessibleName("Progress of the whole training")
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.buttons: dict[str, QPushButton] = {}
        for name, (text, icon, tip) in _BUTTONS.items():
            button = QPushButton(text)
            button.setToolTip(tip)
            button.clicked.connect(lambda _=False, name=name: self.asked.emit(name))
            icons.dress(button, icon)
            self.buttons[name] = button
        self._training: Training | None = None
        self._build()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for name, button in self.buttons.items():
            if name == "log":
                row.addStretch(1)
            row.addWidget(button)
        grid = QGridLayout(self.widget)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        grid.addWidget(self.title, 0, 0, 1, 3)
        grid.addWidget(self._icon, 1, 0)
        grid.addWidget(self.state, 1, 1)
        grid.addWidget(self.message, 1, 2)
        grid.addWidget(self.bar, 2, 0, 1, 3)
        grid.addWidget(self.facts, 3, 0, 1, 3)
        grid.addLayout(row, 4, 0, 1, 3)
        self.widget.installEventFilter(self)
        self.state.setTextFormat(Qt.TextFormat.PlainText)

    def show(self, training: Training, *, held: bool, size_mb: float) -> None:
        """Show a training."""
        self._training = training
        status, state = training.status, training.state
        self.title.setText(training.title)
        self.state.setText(state_line(training, held=held))
        live = state.is_alive and status is not None
        self.message.setText(f"–  {status.message}" if live and status is not None else "")
        show_progress(self.bar, round(1000 * status.fraction) if status is not None else 0)
        self.facts.setText("   ·   ".join(facts_of(status, size_mb)))
        self._offer(training, held=held)
        self._paint_icon()

    def _offer(self, training: Training, *, held: bool) -> None:
        state = training.state
        shown = {
            "pause": not (state in _RESTING or training.can_go_on or held),
            "go_on": state in _RESTING or training.can_go_on or held,
            "cancel": state.is_alive or state is TrainingState.WAITING,
            "finish": True,
        }
        usable = {
            "pause": state in _PAUSABLE,
            "go_on": True,
            "finish": training.can_finish,
            "cancel": state in _BUSY,
            "log": training.status is not None or state is TrainingState.FAILED,
            "folder": True,
            "remove": not state.is_alive,
        }
        over = state is TrainingState.FINISHED
        for name, button in self.buttons.items():
            button.setVisible(shown.get(name, True) and not (over and name in shown))
            button.setEnabled(usable[name])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the palette."""
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_icon()
        return False

    def _paint_icon(self) -> None:
        if self._training is None:
            return
        look = LOOKS[self._training.state]
        color = look.color(tones(self.widget.palette()))
        self._icon.setPixmap(pixmap(look.icon, color, 20, self.widget.devicePixelRatioF()))
