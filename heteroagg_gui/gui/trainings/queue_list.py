"""The list of trainings: what runs, what waits in which order, what is done."""

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.gui.icons import IconKeeper, pixmap
from heteroagg_gui.gui.panels.tool_button import tool_button
from heteroagg_gui.gui.theme import tones
from heteroagg_gui.gui.trainings.words import LOOKS, state_line
from heteroagg_gui.workflow.trainings.queue import TrainingsState
from heteroagg_gui.workflow.trainings.training import TrainingState

ELSEWHERE = "Another window of the program starts the trainings."
_KEY = Qt.ItemDataRole.UserRole


class QueueList(QObject):
    """Shows the trainings in their order; chooses, moves and releases them."""

    chosen = Signal(str)
    move_asked = Signal(str, int)
    release_asked = Signal()

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget = QWidget()
        self.list = QListWidget()
        self.up = tool_button(icons, "up", "Run this one earlier (Alt+Up)")
        self.down = tool_button(icons, "down", "Run this one later (Alt+Down)")
        self.notice = QFrame()
        self.sentence = QLabel()
        self.release = QPushButton("Start them")
        self._state = TrainingsState()
        self._build()
        self.list.currentItemChanged.connect(self._on_current)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.up.setShortcut("Alt+Up")
        self.down.setShortcut("Alt+Down")
        self.release.clicked.connect(self.release_asked)

    def _build(self) -> None:
        self.list.setAccessibleName("Trainings")
        self.list.setIconSize(QSize(20, 20))
        self.list.setAlternatingRowColors(True)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.installEventFilter(self)
        self.sentence.setWordWrap(True)
        self.notice.setFrameShape(QFrame.Shape.StyledPanel)
        inside = QVBoxLayout(self.notice)
        inside.setContentsMargins(8, 8, 8, 8)
        inside.addWidget(self.sentence)
        inside.addWidget(self.release, 0, Qt.AlignmentFlag.AlignLeft)
        self.notice.hide()
        head = QHBoxLayout()
        title = QLabel("<b>Trainings</b>")
        head.addWidget(title, 1)
        head.addWidget(self.up)
        head.addWidget(self.down)
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.notice)
        layout.addWidget(self.list, 1)

    @property
    def key(self) -> str:
        """Key of the chosen training; empty if there is none."""
        row = self.list.currentRow()
        return str(self.list.item(row).data(_KEY)) if row >= 0 else ""

    def choose(self, key: str) -> None:
        """Choose a training, if it is in the list."""
        for row in range(self.list.count()):
            if self.list.item(row).data(_KEY) == key:
                self.list.setCurrentRow(row)
                return

    def show(self, state: TrainingsState) -> None:
        """Show the trainings; the chosen one stays chosen."""
        before, self._state = self.key, state
        keys = [training.key for training in state.trainings]
        if keys != [self.list.item(k).data(_KEY) for k in range(self.list.count())]:
            self._refill(keys, before)
        self._write_lines()
        self._show_notice()
        if self.key != before:
            self.chosen.emit(self.key)
        self._enable()

    def _refill(self, keys: list[str], chosen: str) -> None:
        with QSignalBlocker(self.list):
            self.list.clear()
            for key in keys:
                item = QListWidgetItem()
                item.setData(_KEY, key)
                self.list.addItem(item)
            row = keys.index(chosen) if chosen in keys else 0
            self.list.setCurrentRow(row if keys else -1)

    def _write_lines(self) -> None:
        colors = tones(self.list.palette())
        ratio = self.list.devicePixelRatioF()
        for row, training in enumerate(self._state.trainings):
            item = self.list.item(row)
            look = LOOKS[training.state]
            line = state_line(training, held=training.key in self._state.held)
            text = f"{training.title}\n{line}"
            if item.text() != text:
                item.setText(text)
                icon = QIcon(pixmap(look.icon, look.color(colors), 20, ratio))
                on_highlight = self.list.palette().highlightedText().color()
                icon.addPixmap(pixmap(look.icon, on_highlight, 20, ratio), QIcon.Mode.Selected)
                item.setIcon(icon)
                item.setToolTip(f"{training.title}: {line}\n{training.folder}")

    def _show_notice(self) -> None:
        count = len(self._state.held)
        elsewhere = not self._state.is_owner and bool(self._state.trainings)
        if count:
            one = "1 training waits" if count == 1 else f"{count} trainings wait"
            self.sentence.setText(f"{one} from an earlier start of the program.")
        elif elsewhere:
            self.sentence.setText(ELSEWHERE)
        self.release.setVisible(bool(count))
        self.release.setText("Start it" if count == 1 else "Start them")
        self.notice.setVisible(bool(count) or elsewhere)

    def _enable(self) -> None:
        training = self._state.find(self.key)
        waits = training is not None and training.state is TrainingState.WAITING
        place = training.place if training is not None else 0
        last = max((t.place for t in self._state.trainings), default=0)
        self.up.setEnabled(waits and place > 1)
        self.down.setEnabled(waits and place < last)

    def _move(self, steps: int) -> None:
        if self.key:
            self.move_asked.emit(self.key, steps)

    def _on_current(self) -> None:
        self._enable()
        self.chosen.emit(self.key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the palette."""
        if event.type() == QEvent.Type.PaletteChange:
            for row in range(self.list.count()):
                self.list.item(row).setText("")
            self._write_lines()
        return False
