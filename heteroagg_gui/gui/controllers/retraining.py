"""From the wizard of the Retrain tab to the plan of a training."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from heteroagg_gui.core.errors import Cancelled, HeteroaggError
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.gui.controllers.draft_sources import DraftSources
from heteroagg_gui.gui.controllers.models import ModelsController
from heteroagg_gui.gui.job_board import JobBoard
from heteroagg_gui.gui.latest import LatestWins
from heteroagg_gui.gui.pictures import ask_path

if TYPE_CHECKING:
    from heteroagg_gui.gui.retrain.tab import RetrainTab
    from heteroagg_gui.learning.retraining.plan import RetrainingPlan
    from heteroagg_gui.workflow.retraining.draft import Draft
    from heteroagg_gui.workflow.retraining.samples import Sample

PLAN_FILTER = "Plans of a training (*.plan.json *.json)"
_KEEP_AFTER_MS = 1000


class RetrainingController(QObject):
    """Holds the draft that the wizard shows; keeps it for the next start."""

    failed = Signal(object)
    said = Signal(str)

    def __init__(self, board: JobBoard, models: ModelsController, window: QWidget) -> None:
        super().__init__(window)
        self._board = board
        self._models = models
        self._window = window
        self._tab: RetrainTab | None = None
        self._draft: Draft | None = None
        self._saved: Draft | None = None
        self._file: Path | None = None
        self._drawn: Any = None
        self._wish = 0
        self.sources = DraftSources(self, board, window)
        self.sampler = LatestWins("samples", self)
        self.sampler.done.connect(self._on_samples)
        self.sampler.failed.connect(self._on_sampling_failed)
        self.keeper = LatestWins("draft", self)
        self.keeper.failed.connect(self.failed)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_KEEP_AFTER_MS)
        self._later.timeout.connect(self._keep)
        models.listed.connect(lambda _: self._list_networks())

    @property
    def draft(self) -> "Draft":
        """What stands in the wizard."""
        if self._draft is None:
            from heteroagg_gui.workflow.retraining.draft_file import kept_draft

            self._draft = kept_draft()
        return self._draft

    @draft.setter
    def draft(self, draft: "Draft") -> None:
        self._draft = draft

    @property
    def unsaved(self) -> bool:
        """Whether the wizard holds what is in no file."""
        from heteroagg_gui.workflow.retraining.draft import Draft

        return self.draft != (self._saved or Draft())

    def attach(self, tab: "RetrainTab") -> None:
        """Serve the tab: what stood in the wizard is there again."""
        from heteroagg_gui.workflow.materials import system_names

        self._tab = tab
        wizard = tab.wizard
        self.sources.attach(wizard)
        wizard.edited.connect(lambda changes: self.change(replace(self.draft, **changes)))
        wizard.page_shown.connect(lambda _: self._refresh_samples())
        wizard.start_over_asked.connect(self.start_over)
        wizard.open_asked.connect(self.ask_plan)
        wizard.save_asked.connect(self.save)
        wizard.copy_asked.connect(self.copy_command)
        wizard.start_asked.connect(self.start)
        wizard.begin(self.draft)
        wizard.materials.set_systems(system_names())
        self._list_networks()
        self._say_source()

    def refresh(self) -> None:
        """List materials and networks anew, as the tab is shown again."""
        if self._tab is not None:
            from heteroagg_gui.workflow.materials import system_names

            self._tab.wizard.materials.set_systems(system_names())
            self._list_networks()

    def _list_networks(self) -> None:
        if self._tab is None:
            return
        from heteroagg_gui.workflow.retraining.checks import networks_to_begin_with

        usual = self._models.default_name
        networks = [
            (card.name, f"{card.name}: {card.title}{' (recommended)' * (card.name == usual)}")
            for card in networks_to_begin_with()
        ]
        networks.sort(key=lambda entry: entry[0] != usual)
        self._tab.wizard.effort.set_networks(networks)

    def change(self, draft: "Draft") -> None:
        """Show another state of the draft, and keep it soon."""
        self.draft = draft
        self._later.start()
        if self._tab is not None:
            self._tab.wizard.show(draft)
        self._say_source()
        self._refresh_samples()

    def _begin(self, draft: "Draft", file: Path | None) -> None:
        """Show another draft from its first page on."""
        self.draft, self._saved, self._file = draft, draft, file
        self._later.start()
        if self._tab is not None:
            self._tab.wizard.begin(draft)
            self._tab.show_new()
        self._say_source()
        self.refresh()

    def _say_source(self) -> None:
        if self._tab is not None:
            name = self._file.name if self._file is not None else ""
            changed = ", changed" if name and self.unsaved else ""
            self._tab.wizard.say_source(f"Plan: {name}{changed}" if name else "")

    def _keep(self) -> None:
        from heteroagg_gui.workflow.retraining.draft_file import keep_draft

        self.keeper.ask(partial(keep_draft, self.draft))

    def _refresh_samples(self) -> None:
        """Draw sample images where they are looked at and the plan has changed."""
        if self._tab is None or self._tab.wizard.page != "summary":
            return
        from heteroagg_gui.workflow.retraining.checks import check, problems_before
        from heteroagg_gui.workflow.retraining.curves import curves_to_compute
        from heteroagg_gui.workflow.retraining.samples import make_samples, sample_key

        draft = self.draft
        if curves_to_compute(draft) or problems_before(draft, "summary"):
            return
        key = sample_key(draft) if not check(draft, "particles") else None
        page = self._tab.wizard.summary
        if key is None or key == self._drawn:
            return
        self._drawn = key
        self._wish += 1
        wish = self._wish
        page.show_drawing()
        self.sampler.ask(partial(make_samples, draft, stale=lambda: wish != self._wish))

    def _on_samples(self, samples: Sequence["Sample"]) -> None:
        from heteroagg_gui.workflow.retraining.curves import curves_to_compute

        if self._tab is not None and not curves_to_compute(self.draft):
            self._tab.wizard.summary.show_samples(samples)

    def _on_sampling_failed(self, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            return
        if self._tab is not None and isinstance(error, HeteroaggError):
            self._tab.wizard.summary.show_samples((), str(error))
        else:
            self.failed.emit(error)

    def _plan(self) -> "RetrainingPlan | None":
        """Return the plan, or show what is missing."""
        from heteroagg_gui.workflow.retraining.conversion import plan_of

        if self._tab is None or self._tab.wizard.show_first_problem():
            return None
        return plan_of(self.draft)

    def save(self) -> bool:
        """Write the plan where the user chooses; return whether it was written."""
        from heteroagg_gui.learning.retraining.plan_file import write_plan
        from heteroagg_gui.workflow.retraining.retrain_command import plan_file_name

        plan = self._plan()
        if plan is None:
            return False
        usual = str(self._file) if self._file is not None else plan_file_name(plan)
        path = ask_path(self._window, "Save plan", usual, PLAN_FILTER)
        if path is None:
            return False
        try:
            write_plan(plan, path)
        except OSError as error:
            self.failed.emit(
                HeteroaggError(f"{path} can't be written ({error}): choose another place.")
            )
            return False
        self._saved, self._file = self.draft, path
        self._say_source()
        self.said.emit(f"Saved {path}")
        return True

    def ask_plan(self) -> None:
        """Let the user choose a plan and show it, unless something would be lost."""
        if not self._may_replace():
            return
        name, _ = QFileDialog.getOpenFileName(self._window, "Open plan", "", PLAN_FILTER)
        if name:
            self.open_plan(Path(name))

    def open_plan(self, path: Path) -> None:
        """Show the plan in a file."""

        def work(_progress: Progress) -> "Draft":
            from heteroagg_gui.learning.retraining.plan_file import read_plan
            from heteroagg_gui.workflow.retraining.conversion import draft_of

            return draft_of(read_plan(path))

        self._board.start("Opening a plan", work, lambda draft: self._begin(draft, path))

    def edit_plan(self, plan: "RetrainingPlan") -> None:
        """Show a plan that is in no file of the user's, unless something would be lost."""
        from heteroagg_gui.workflow.retraining.conversion import draft_of

        if self._may_replace():
            self._begin(draft_of(plan), None)

    def start_over(self) -> None:
        """Begin with the usual values, unless something would be lost."""
        from heteroagg_gui.workflow.retraining.draft import Draft

        if self._may_replace():
            self._begin(Draft(), None)

    def _may_replace(self) -> bool:
        """Ask what is to become of changes that are in no file."""
        if not self.unsaved:
            return True
        answer = self.ask_about_changes()
        return answer == "replace" or (answer == "save" and self.save())

    def ask_about_changes(self) -> str:
        """Ask; return save, replace or cancel."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText("What stands in the wizard is not saved as a plan.")
        box.setInformativeText("Save it to a file first?")
        save = box.addButton("Save plan…", QMessageBox.ButtonRole.AcceptRole)
        replace_it = box.addButton("Don't save", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        box.exec()
        chosen = box.clickedButton()
        if chosen is save:
            return "save"
        return "replace" if chosen is replace_it else "cancel"

    def copy_command(self, way: str = "machine") -> None:
        """Copy the command line that runs the plan."""
        from heteroagg_gui.workflow.retraining.retrain_command import retrain_command

        plan = self._plan()
        if plan is None:
            return
        saved = self._file is not None and not self.unsaved
        QGuiApplication.clipboard().setText(
            retrain_command(plan, way, str(self._file) if saved else "")
        )
        rest = "" if saved else ": save the plan under the name in it first"
        self.said.emit(f"Copied the command that runs this plan{rest}")

    def start(self) -> None:
        """Hand the plan over to be trained, and show the trainings where there is a page."""
        plan = self._plan()
        if plan is not None and self._tab is not None:
            self._tab.start_asked.emit(plan)
            self._tab.show_trainings()

    def stop(self) -> None:
        """Keep the draft and end what is being drawn."""
        from heteroagg_gui.workflow.retraining.draft_file import keep_draft

        self._wish += 1
        self._later.stop()
        self.sampler.stop()
        self.keeper.stop()
        if self._tab is None:
            return
        try:
            keep_draft(self.draft)
        except OSError as error:
            self.said.emit(f"The unfinished training can't be kept: {error}")
