"""The page of the trainings: their list at the left, the chosen one at the right."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.trainings.heading import Heading
from heteroagg_gui.gui.trainings.problem_box import ProblemBox
from heteroagg_gui.gui.trainings.progress_page import ProgressPage
from heteroagg_gui.gui.trainings.queue_list import QueueList
from heteroagg_gui.gui.trainings.result_page import ResultPage
from heteroagg_gui.workflow.trainings.details import TrainingDetails
from heteroagg_gui.workflow.trainings.queue import TrainingsState
from heteroagg_gui.workflow.trainings.training import Training, TrainingState

EMPTY = (
    "<h3>No trainings yet</h3><p>Describe the network you need under New training; its progress, "
    "its curves and its figures appear here.</p>"
)


class TrainingsPanel(QObject):
    """Shows trainings and passes on what is asked of them; it does nothing itself.

    Attributes
    ----------
    chosen
        Another training is looked at: its key.
    asked
        What is to be done with the chosen one: pause, go_on, finish, cancel, log, folder,
        remove, smaller, careful, edit, use, keep, export, report or card; and its key.
    """

    chosen = Signal(str)
    asked = Signal(str, str)

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.queue = QueueList(icons, self)
        self.heading = Heading(icons, self)
        self.problem = ProblemBox()
        self.progress = ProgressPage(self)
        self.result = ResultPage(icons, self)
        self.pages = QTabWidget()
        self.state = TrainingsState()
        self.details: TrainingDetails | None = None
        self._with_result = ""
        self.widget = QSplitter(Qt.Orientation.Horizontal)
        self._stack = QStackedWidget()
        self._build()
        self._connect()
        self.show(self.state)

    def _build(self) -> None:
        empty = QLabel(EMPTY)
        empty.setWordWrap(True)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages.setDocumentMode(True)
        self.pages.addTab(self.progress.widget, "Progress")
        self.pages.addTab(self.result.widget, "Result")
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.heading.widget)
        layout.addWidget(self.problem)
        layout.addWidget(self.pages, 1)
        self._stack.addWidget(empty)
        self._stack.addWidget(page)
        self.widget.addWidget(self.queue.widget)
        self.widget.addWidget(self._stack)
        self.widget.setChildrenCollapsible(False)
        self.widget.setStretchFactor(1, 1)
        self.widget.setSizes([272, 1000])

    def _connect(self) -> None:
        self.queue.chosen.connect(self._on_chosen)
        self.heading.asked.connect(self._ask)
        self.problem.step_asked.connect(self._ask)
        for name in ("use", "keep", "export", "report", "card"):
            signal = getattr(self.result, f"{name}_asked")
            signal.connect(lambda name=name: self._ask(name))

    @property
    def training(self) -> Training | None:
        """The chosen training."""
        return self.state.find(self.queue.key)

    def choose(self, key: str) -> None:
        """Look at a training."""
        self.queue.choose(key)

    def show(self, state: TrainingsState) -> None:
        """Show the trainings as they are now."""
        self.state = state
        self.queue.show(state)
        self._show_training()

    def show_details(self, details: TrainingDetails) -> None:
        """Show curves, samples and card of the chosen training."""
        if details.key != self.queue.key:
            return
        self.details = details
        self.progress.show_details(details)
        self._show_training()

    def _show_training(self) -> None:
        training = self.training
        self._stack.setCurrentIndex(0 if training is None else 1)
        if training is None:
            return
        details = self.details if self.details and self.details.key == training.key else None
        size = details.size_mb if details is not None else 0.0
        self.heading.show(training, held=training.key in self.state.held, size_mb=size)
        self.problem.show_problem(training.problem)
        self.progress.show(training)
        self._show_result(training, details)

    def _show_result(self, training: Training, details: TrainingDetails | None) -> None:
        """Show the result as soon as there is one; stay on the page that was chosen then."""
        finished = training.state is TrainingState.FINISHED
        card = details.card if finished and details is not None else None
        self.pages.setTabVisible(1, card is not None)
        if card is None or details is None:
            self._with_result = ""
            return
        self.result.show(training, details)
        if self._with_result != training.key:
            self._with_result = training.key
            self.pages.setCurrentIndex(1)

    def _on_chosen(self, key: str) -> None:
        self.details = None
        self.progress.show_details(TrainingDetails(key))
        self._show_training()
        self.chosen.emit(key)

    def _ask(self, what: str) -> None:
        if self.queue.key:
            self.asked.emit(what, self.queue.key)
