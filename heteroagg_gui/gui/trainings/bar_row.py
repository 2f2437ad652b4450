"""The running training in the bar below, seen from every tab."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.panels.jobs import time_left
from heteroagg_gui.gui.progress_bar import show_progress
from heteroagg_gui.gui.trainings.words import LOOKS
from heteroagg_gui.workflow.trainings.training import Training, TrainingState


class TrainingRow(QWidget):
    """Title, bar, what it is doing, time left, and a way to its page."""

    show_asked = Signal()

    def __init__(self, icons: IconKeeper, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setFixedWidth(180)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the training")
        self.message = QLabel()
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.left = QLabel()
        self.button = QPushButton("Show")
        self.button.setToolTip("Show the training in the Retrain tab")
        self.button.clicked.connect(self.show_asked)
        icons.dress(self.button, "next")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 2)
        layout.addWidget(self.title)
        layout.addWidget(self.bar)
        layout.addWidget(self.message, 1)
        layout.addWidget(self.left)
        layout.addWidget(self.button)
        self.hide()

    def show_training(self, training: Training | None) -> None:
        """Show the running training; nothing if none runs."""
        self.setVisible(training is not None)
        if training is None:
            return
        status = training.status
        self.title.setText(f"Training {training.title}")
        show_progress(self.bar, round(1000 * status.fraction) if status is not None else 0)
        running = training.state is TrainingState.RUNNING and status is not None
        word = LOOKS[training.state].word
        share = f"{100 * status.fraction:.0f} %" if status is not None else ""
        words = f"{share}  {status.message}" if running and status is not None else word
        self.message.setText(words.strip())
        self.left.setText(time_left(status.seconds_left) if running and status else "")
