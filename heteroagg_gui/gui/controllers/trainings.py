"""Trainings: asking for them, looking at them, and what becomes of their networks."""

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.gui.controllers.models import INSTALLING, ModelsController
from heteroagg_gui.gui.job_board import JobBoard

if TYPE_CHECKING:
    from heteroagg_gui.gui.trainings.panel import TrainingsPanel
    from heteroagg_gui.learning.retraining.plan import RetrainingPlan
    from heteroagg_gui.workflow.model_store import Shelf
    from heteroagg_gui.workflow.trainings.details import TrainingDetails
    from heteroagg_gui.workflow.trainings.queue import TrainingsState
    from heteroagg_gui.workflow.trainings.training import Training
    from heteroagg_gui.workflow.trainings.watcher import TrainingWatcher

EXPORTING = "Exporting a network"
NO_SMALLER = "The batch can't be smaller: close other programs, or train on another computer."
_ENDINGS = {
    "finished": "finished; its figures are in the Retrain tab",
    "failed": "failed; what to do is in the Retrain tab",
    "cancelled": "cancelled; what it has done is kept",
    "interrupted": "was interrupted; go on with it in the Retrain tab",
}


class Newest:
    """Keeps the newest of what the watcher tells until the window has time for it.

    Parameters
    ----------
    tell
        Called, from the watcher's thread, when there is something after there was nothing.
    """

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self._lock = Lock()
        self._state: TrainingsState | None = None
        self._details: TrainingDetails | None = None

    def put_state(self, state: "TrainingsState") -> None:
        """Keep the trainings as they are now."""
        with self._lock:
            first = self._state is None and self._details is None
            self._state = state
        if first:
            self._tell()

    def put_details(self, details: "TrainingDetails") -> None:
        """Keep the details of the chosen training."""
        with self._lock:
            first = self._state is None and self._details is None
            self._details = details
        if first:
            self._tell()

    def take(self) -> "tuple[TrainingsState | None, TrainingDetails | None]":
        """Return what was put since the last call; None where there was nothing."""
        with self._lock:
            state, self._state = self._state, None
            details, self._details = self._details, None
        return state, details


class TrainingsController(QObject):
    """Stands between the watcher of the trainings, which has a thread of its own, and the window.

    Attributes
    ----------
    changed
        The trainings as they are now, a
        :class:`~heteroagg_gui.workflow.trainings.queue.TrainingsState`.
    page_asked
        The page of the trainings is to be shown.
    edit_asked
        A plan is to be opened under New training.
    """

    changed = Signal(object)
    page_asked = Signal()
    edit_asked = Signal(object)
    failed = Signal(object)
    said = Signal(str)

    _stale = Signal()
    _submitted = Signal(str)

    def __init__(self, board: JobBoard, models: ModelsController, window: QWidget) -> None:
        super().__init__(window)
        self._board = board
        self._models = models
        self._window = window
        self._watcher: TrainingWatcher | None = None
        self._panel: TrainingsPanel | None = None
        self._state: TrainingsState | None = None
        self._wanted = ""
        self._newest = Newest(_relay(self._stale))
        queued = Qt.ConnectionType.QueuedConnection
        self._stale.connect(self._catch_up, queued)
        self._submitted.connect(self._on_submitted, queued)

    def start(self, watcher: "TrainingWatcher | None" = None) -> None:
        """Begin to watch over the trainings, if that has not begun."""
        if self._watcher is not None:
            return
        from heteroagg_gui.workflow.trainings.watcher import TrainingWatcher

        self._watcher = watcher or TrainingWatcher()
        self._watcher.changed.connect(self._newest.put_state)
        self._watcher.detailed.connect(self._newest.put_details)
        self._watcher.submitted.connect(_relay(self._submitted))
        self._watcher.failed.connect(_relay(self.failed))
        self._watcher.start()

    @property
    def watcher(self) -> "TrainingWatcher":
        """The watcher, started if need be."""
        self.start()
        if self._watcher is None:
            raise RuntimeError("the watcher did not start")
        return self._watcher

    @property
    def running_title(self) -> str:
        """Title of the training that this program watches over; empty if none runs."""
        running = self._state.running if self._state and self._state.is_owner else None
        return running.title if running is not None else ""

    def attach(self, panel: "TrainingsPanel") -> None:
        """Show the trainings in a panel and do what it asks for."""
        self._panel = panel
        panel.chosen.connect(self.watcher.select)
        panel.asked.connect(self._do)
        panel.queue.move_asked.connect(self.watcher.move)
        panel.queue.release_asked.connect(self.watcher.release)
        if self._state is not None:
            panel.show(self._state)

    def submit(self, plan: "RetrainingPlan") -> None:
        """Queue a training and show it."""
        self.watcher.submit(plan)

    def show_running(self) -> None:
        """Show the page of the running training."""
        running = self._state.running if self._state is not None else None
        self.page_asked.emit()
        if running is not None and self._panel is not None:
            self._panel.choose(running.key)

    def close(self) -> None:
        """Stop what runs, keeping its checkpoint."""
        if self._watcher is not None:
            self._watcher.close()

    def _catch_up(self) -> None:
        """Show the newest of what was told since the last time."""
        state, details = self._newest.take()
        if state is not None:
            self._on_changed(state)
        if details is not None and self._panel is not None:
            self._panel.show_details(details)

    def _on_changed(self, state: "TrainingsState") -> None:
        before, self._state = self._state, state
        for training in state.trainings:
            self._tell_ending(training, before)
        if self._panel is not None:
            self._panel.show(state)
            if self._wanted and state.find(self._wanted) is not None:
                self._panel.choose(self._wanted)
                self._wanted = ""
        self.changed.emit(state)

    def _tell_ending(self, training: "Training", before: "TrainingsState | None") -> None:
        old = before.find(training.key) if before is not None else None
        at_start = before is None and training.state.value == "interrupted"
        ended = old is not None and old.state.is_alive and not training.state.is_alive
        words = _ENDINGS.get(training.state.value)
        if words and (at_start or ended):
            self.said.emit(f"Training {training.title} {words}")

    def _on_submitted(self, key: str) -> None:
        self._wanted = key
        self.page_asked.emit()
        if self._state is not None:
            self._on_changed(self._state)

    def _do(self, what: str, key: str) -> None:
        training = self._state.find(key) if self._state is not None else None
        if training is None:
            return
        if what in {"pause", "go_on", "finish", "cancel"}:
            getattr(self.watcher, what)(key)
        elif what == "keep":
            self.watcher.set_kept(key)
        else:
            act = {
                "log": self._open_log,
                "folder": self._open_folder,
                "report": self._open_report,
                "remove": self._remove,
                "smaller": self._begin_smaller,
                "careful": self._begin_careful,
                "edit": self._edit,
                "use": self._use,
                "export": self._export,
                "card": self._show_card,
            }[what]
            act(training)

    def _open_log(self, training: "Training") -> None:
        from heteroagg_gui.workflow.trainings.child import LOG_FILE

        open_path(training.folder / LOG_FILE)

    def _open_folder(self, training: "Training") -> None:
        open_path(training.folder)

    def _open_report(self, training: "Training") -> None:
        from heteroagg_gui.workflow.trainings.training import REPORT

        open_path(training.folder / REPORT)

    def _remove(self, training: "Training") -> None:
        lost = "" if training.request.adopted else " A network that is not installed is lost."
        if ask(
            self._window,
            f"Remove the training {training.title}?",
            f"Its folder is deleted with everything in it.{lost}",
            "Remove",
        ):
            self.watcher.remove(training.key)

    def _begin_smaller(self, training: "Training") -> None:
        from heteroagg_gui.workflow.trainings.revisions import with_smaller_batch

        plan = with_smaller_batch(training.plan) if training.plan is not None else None
        if plan is None:
            self.failed.emit(ParameterError(NO_SMALLER))
        else:
            self.submit(plan)

    def _begin_careful(self, training: "Training") -> None:
        from heteroagg_gui.workflow.trainings.revisions import with_lower_rate

        if training.plan is not None:
            self.submit(with_lower_rate(training.plan))

    def _edit(self, training: "Training") -> None:
        if training.plan is not None:
            self.edit_asked.emit(training.plan)

    def _use(self, training: "Training") -> None:
        from heteroagg_gui.gui.trainings.adopt_dialog import AdoptDialog
        from heteroagg_gui.workflow.model_store import free_name
        from heteroagg_gui.workflow.trainings.adoption import check_network_name

        wish = training.plan.name if training.plan is not None else training.key
        dialog = AdoptDialog(free_name(wish), check_network_name, self._window)
        dialog.accepted.connect(lambda: self.adopt(training, dialog.name.text()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def adopt(self, training: "Training", name: str) -> None:
        """Install the network of a training and use it from now on."""

        def work(_progress: Progress) -> "Shelf":
            from heteroagg_gui.workflow.model_store import networks_at_hand
            from heteroagg_gui.workflow.trainings.adoption import adopt

            adopt(training.folder, name)
            return networks_at_hand()

        def then(shelf: "Shelf") -> None:
            self._models.set_shelf(shelf)
            self._models.choose(name)
            self.watcher.set_adopted(training.key, name)

        self._board.start(INSTALLING, work, then)

    def _export(self, training: "Training") -> None:
        wish = training.plan.name if training.plan is not None else training.key
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, "Export the network", f"{wish}.zip", "Zip file (*.zip)"
        )
        if chosen:
            target = Path(chosen).with_suffix(".zip")
            work = partial(_export, training.folder, wish, target)
            self._board.start(
                EXPORTING, work, lambda path: self.said.emit(f"The network is in {path}")
            )

    def _show_card(self, training: "Training") -> None:
        from heteroagg_gui.gui.trainings.card_dialog import CardDialog
        from heteroagg_gui.workflow.model_store import read_model_card
        from heteroagg_gui.workflow.trainings.training import NETWORK_FOLDER

        dialog = CardDialog(read_model_card(training.folder / NETWORK_FOLDER), self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _relay(signal: Any) -> Callable[..., None]:
    """Return a listener that passes on what it is told by a signal of the window."""

    def pass_on(*what: Any) -> None:
        # the window may have gone meanwhile
        with contextlib.suppress(RuntimeError):
            signal.emit(*what)

    return pass_on


def _export(folder: Path, name: str, target: Path, _progress: Progress) -> Path:
    from heteroagg_gui.workflow.trainings.adoption import export

    return export(folder, name, target)


def open_path(path: Path) -> None:
    """Open a file or folder with the program that the desktop has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def ask(window: QWidget, question: str, more: str, yes: str) -> bool:
    """Ask before something is lost; return whether it may be."""
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText(question)
    box.setInformativeText(more)
    agreed = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    return box.clickedButton() is agreed
