"""The bar below: what runs, how far it is, and what was done."""

import time
from collections import deque

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.core.progress import duration
from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.job_board import JobBoard
from heteroagg_gui.gui.progress_bar import show_progress
from heteroagg_gui.workflow.jobs import Job

_LINES = 500


def time_left(seconds: float | None) -> str:
    """Write a remaining time the way people say it."""
    if seconds is None:
        return ""
    if seconds < 1:
        return "nearly done"
    return f"{duration(seconds)} left"


class JobRow(QWidget):
    """One job: title, bar, message, time left, cancel."""

    def __init__(self, job: Job, icons: IconKeeper, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.job = job
        title = QLabel(job.title)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setFixedWidth(180)
        self.bar.setTextVisible(False)
        self.message = QLabel()
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.left = QLabel()
        self.cancel = QPushButton("Cancel")
        icons.dress(self.cancel, "cancel")
        self.cancel.clicked.connect(self._on_cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 2)
        layout.addWidget(title)
        layout.addWidget(self.bar)
        layout.addWidget(self.message, 1)
        layout.addWidget(self.left)
        layout.addWidget(self.cancel)

    def show_progress(self, fraction: float, message: str, seconds: float | None) -> None:
        """Show how far the job is."""
        if fraction > 0:
            self.bar.setRange(0, 1000)
            show_progress(self.bar, round(1000 * fraction))
        self.message.setText(message)
        self.left.setText(time_left(seconds))

    def _on_cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.message.setText("Stopping…")
        self.left.clear()
        self.job.cancel()


class JobBar(QObject):
    """Rows of running jobs over one line of the log."""

    log_asked = Signal()

    def __init__(self, board: JobBoard, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._rows: dict[int, JobRow] = {}
        self._began: dict[int, float] = {}
        self.lines: deque[str] = deque(maxlen=_LINES)
        self.widget = QFrame()
        self.line = QLabel("Ready")
        self.history = QPlainTextEdit()
        self.toggle = QToolButton()
        self._list = QVBoxLayout()
        self._build()
        board.started.connect(self._on_started)
        board.progressed.connect(self._on_progressed)
        board.finished.connect(self._on_finished)
        board.failed.connect(self._on_failed)
        board.cancelled.connect(self._on_cancelled)

    def _build(self) -> None:
        self.line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.history.setReadOnly(True)
        self.history.setFixedHeight(104)
        self.history.hide()
        self.toggle.setText("Log")
        self.toggle.setCheckable(True)
        self.toggle.setAutoRaise(True)
        self.toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toggle.setToolTip("Show what was done in this session")
        self._icons.dress(self.toggle, "log")
        self.toggle.toggled.connect(self.history.setVisible)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 2, 8, 4)
        foot.addWidget(self.line, 1)
        foot.addWidget(self.toggle)
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(0, 2, 0, 0)
        layout.setSpacing(0)
        self._list.setSpacing(0)
        layout.addLayout(self._list)
        layout.addWidget(self.history)
        layout.addLayout(foot)

    def add_row(self, row: QWidget) -> None:
        """Put a row of its own above those of the jobs."""
        layout = self.widget.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(0, row)

    def say(self, text: str) -> None:
        """Add a line to the log and show it."""
        stamped = f"{time.strftime('%H:%M:%S')}  {text}"
        self.lines.append(stamped)
        self.line.setText(text)
        self.line.setToolTip(text)
        self.history.appendPlainText(stamped)

    def _on_started(self, job: Job) -> None:
        row = JobRow(job, self._icons)
        self._rows[job.id] = row
        self._began[job.id] = time.monotonic()
        self._list.addWidget(row)

    def _on_progressed(
        self, job: Job, fraction: float, message: str, seconds: float | None
    ) -> None:
        row = self._rows.get(job.id)
        if row is not None:
            row.show_progress(fraction, message, seconds)

    def _on_finished(self, job: Job, _result: object) -> None:
        took = self._remove(job)
        self.say(f"{job.title}: done in {took:.1f} s")

    def _on_failed(self, job: Job, error: BaseException) -> None:
        self._remove(job)
        self.say(f"{job.title}: failed. {error}")

    def _on_cancelled(self, job: Job) -> None:
        self._remove(job)
        self.say(f"{job.title}: cancelled")

    def _remove(self, job: Job) -> float:
        row = self._rows.pop(job.id, None)
        if row is not None:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        return time.monotonic() - self._began.pop(job.id, time.monotonic())
