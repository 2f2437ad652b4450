"""Filling a draft of a training from files and from a trial, beside the window."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.gui.job_board import JobBoard

if TYPE_CHECKING:
    from heteroagg_gui.gui.retrain.wizard import Wizard
    from heteroagg_gui.learning.retraining.plan import RetrainingPlan
    from heteroagg_gui.stem.crystal_facts import CrystalFacts
    from heteroagg_gui.workflow.jobs import Job
    from heteroagg_gui.workflow.retraining.draft import Draft
    from heteroagg_gui.workflow.retraining.measured_radii import SizeTable
    from heteroagg_gui.workflow.retraining.microscope_facts import MicroscopeFacts
    from heteroagg_gui.workflow.retraining.trial import Trial

READING = "Reading {}"
Then = Callable[[Any], None]
Refused = Callable[[str], None]


class HoldsDraft(Protocol):
    """Whoever has the draft."""

    draft: "Draft"

    def change(self, draft: "Draft") -> None:
        """Take over another draft."""


class DraftSources(QObject):
    """Reads files and measures in the job pool; what can't be used is said on the page."""

    def __init__(self, holder: HoldsDraft, board: JobBoard, window: QWidget) -> None:
        super().__init__(window)
        self._holder = holder
        self._board = board
        self._window = window
        self._wizard: Wizard | None = None
        self._sizes: SizeTable | None = None
        self._ends: dict[int, Callable[[], None]] = {}
        self._asked_devices = False
        self.last_folder = ""
        board.finished.connect(lambda job, _: self._on_end(job))
        board.failed.connect(lambda job, _: self._on_end(job))
        board.cancelled.connect(self._on_end)

    def attach(self, wizard: "Wizard") -> None:
        """Serve the pages of a wizard."""
        self._wizard = wizard
        materials, particles, microscope = (wizard.materials, wizard.particles, wizard.microscope)
        materials.files_asked.connect(self._ask_crystals)
        materials.files_dropped.connect(self.add_crystals)
        materials.take_over_asked.connect(self.take_over)
        particles.sizes_asked.connect(self._ask_sizes)
        particles.sizes_dropped.connect(lambda paths: self.read_sizes(paths[0]))
        particles.kind_chosen.connect(self._use_kind)
        microscope.micrograph_asked.connect(self._ask_micrograph)
        microscope.micrograph_dropped.connect(lambda paths: self.read_micrograph(paths[0]))
        microscope.sensitivity_asked.connect(self._ask_sensitivity)
        microscope.sensitivity_dropped.connect(lambda paths: self.read_sensitivity(paths[0]))
        wizard.effort.trial_asked.connect(self.run_trial)
        wizard.page_shown.connect(self._on_page)

    def _start(
        self,
        title: str,
        work: Callable[[Progress], Any],
        then: Then,
        refused: Refused,
        end: Callable[[], None] = lambda: None,
    ) -> "Job":
        """Do work in the pool; a sentence for the user goes to the page, not into a dialog."""

        def quietly(progress: Progress) -> tuple[Any, str]:
            try:
                return work(progress), ""
            except HeteroaggError as error:
                return None, str(error)

        def after(outcome: tuple[Any, str]) -> None:
            result, sentence = outcome
            if sentence:
                refused(sentence)
            else:
                then(result)

        job = self._board.start(title, quietly, after)
        self._ends[job.id] = end
        return job

    def _on_end(self, job: "Job") -> None:
        self._ends.pop(job.id, lambda: None)()

    def _ask(self, title: str, filters: str) -> Path | None:
        name, _ = QFileDialog.getOpenFileName(self._window, title, self.last_folder, filters)
        if name:
            self.last_folder = str(Path(name).parent)
        return Path(name) if name else None

    def _ask_crystals(self, label: int) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self._window, "Crystal structures", self.last_folder, "Crystal structures (*.cif)"
        )
        if names:
            self.last_folder = str(Path(names[0]).parent)
            self.add_crystals(label, tuple(Path(name) for name in names))

    def add_crystals(self, label: int, paths: Sequence[Path]) -> None:
        """Read CIF files and add their crystals to a material."""
        if self._wizard is None:
            return
        card = self._wizard.materials.cards[label]

        def work(_progress: Progress) -> Sequence["CrystalFacts"]:
            from heteroagg_gui.workflow.retraining.own_materials import read_crystals

            return read_crystals(paths)

        card.set_busy(busy=True)
        card.refused.say("")
        self._start(
            READING.format("crystal structures"),
            work,
            partial(self._take_crystals, label),
            card.refused.say,
            lambda: card.set_busy(busy=False),
        )

    def _take_crystals(self, label: int, crystals: Sequence["CrystalFacts"]) -> None:
        from heteroagg_gui.workflow.retraining.own_materials import with_crystals

        draft = self._holder.draft
        other = draft.materials[1 - label]
        taken = [phase.name for phase in other.phases]
        try:
            material = with_crystals(draft.materials[label], crystals, taken)
        except HeteroaggError as error:
            if self._wizard is not None:
                self._wizard.materials.cards[label].refused.say(str(error))
            return
        self._holder.change(draft.with_material(label, material))

    def take_over(self) -> None:
        """Begin the description of own materials with those of the chosen pair."""
        from heteroagg_gui.workflow.retraining.own_materials import taken_over

        if self._wizard is None:
            return
        try:
            self._holder.change(taken_over(self._holder.draft))
        except HeteroaggError as error:
            self._wizard.materials.cards[0].refused.say(str(error))

    def _ask_sizes(self) -> None:
        path = self._ask("Measured radii or diameters", "Tables (*.csv *.txt *.tsv *.dat)")
        if path is not None:
            self.read_sizes(path)

    def read_sizes(self, path: Path) -> None:
        """Fit the distribution of the radius to the sizes in a file."""
        if self._wizard is None:
            return

        def work(_progress: Progress) -> "SizeTable":
            from heteroagg_gui.workflow.retraining.measured_radii import fit_sizes, read_sizes

            table = read_sizes(path)
            fit_sizes(table)
            return table

        refused = self._wizard.particles.show_refusal
        self._start(READING.format(path.name), work, self._take_sizes, refused)

    def _take_sizes(self, table: "SizeTable") -> None:
        from heteroagg_gui.workflow.retraining.measured_radii import in_words, with_sizes

        self._sizes = table
        self._holder.change(with_sizes(self._holder.draft, table))
        if self._wizard is not None:
            self._wizard.particles.show_fit(in_words(table), table.what)

    def _use_kind(self, what: str) -> None:
        from heteroagg_gui.workflow.retraining.measured_radii import as_kind

        if self._sizes is not None and self._sizes.what != what:
            self._take_sizes(as_kind(self._sizes, what))

    def _ask_micrograph(self) -> None:
        path = self._ask(
            "Micrograph with its settings",
            "Micrographs (*.dm3 *.dm4 *.emd *.ser *.mrc *.tif *.tiff *.png *.jpg *.jpeg)",
        )
        if path is not None:
            self.read_micrograph(path)

    def read_micrograph(self, path: Path) -> None:
        """Take the settings of the microscope from a micrograph, as far as it states them."""
        if self._wizard is None:
            return

        def work(_progress: Progress) -> "MicroscopeFacts":
            from heteroagg_gui.workflow.retraining.microscope_facts import read_facts

            return read_facts(path)

        refused = self._wizard.microscope.show_refusal
        self._start(READING.format(path.name), work, self._take_facts, refused)

    def _take_facts(self, facts: "MicroscopeFacts") -> None:
        self._holder.change(facts.applied_to(self._holder.draft))
        if self._wizard is not None:
            self._wizard.microscope.show_taken(facts.in_words)

    def _ask_sensitivity(self) -> None:
        path = self._ask("Sensitivity of the detector", "Tables (*.csv *.txt *.dat)")
        if path is not None:
            self.read_sensitivity(path)

    def read_sensitivity(self, path: Path) -> None:
        """Use the measured response of a detector."""
        if self._wizard is None:
            return

        def work(_progress: Progress) -> tuple[tuple[float, float], ...]:
            from heteroagg_gui.stem.sensitivity import read_sensitivity

            angle, response = read_sensitivity(path)
            return tuple(zip(angle.tolist(), response.tolist(), strict=True))

        refused = self._wizard.microscope.show_refusal
        take = partial(self._take_sensitivity, path.name)
        self._start(READING.format(path.name), work, take, refused)

    def _take_sensitivity(self, source: str, pairs: tuple[tuple[float, float], ...]) -> None:
        draft = replace(self._holder.draft, sensitivity=pairs, sensitivity_source=source)
        self._holder.change(draft)

    def run_trial(self) -> None:
        """Measure how long the draft's training would take here."""
        from heteroagg_gui.workflow.retraining import trial
        from heteroagg_gui.workflow.retraining.conversion import plan_of

        if self._wizard is None:
            return
        page = self._wizard.effort
        try:
            plan = plan_of(replace(self._holder.draft, name="trial", title="Trial"))
        except HeteroaggError as error:
            page.show_refusal(str(error))
            return
        page.set_busy(busy=True)
        self._start(
            trial.MEASURING,
            partial(trial.run_trial, plan),
            partial(self._take_trial, trial.trial_basis(self._holder.draft)),
            page.show_refusal,
            lambda: page.set_busy(busy=False),
        )

    def _take_trial(self, basis: "RetrainingPlan | None", trial: "Trial") -> None:
        if self._wizard is not None:
            self._wizard.effort.show_trial(trial, basis)
            self._wizard.show(self._holder.draft)

    def _on_page(self, name: str) -> None:
        """Find out, once, which devices there are."""
        if name != "effort" or self._asked_devices or self._wizard is None:
            return
        from heteroagg_gui.workflow.retraining import trial

        self._asked_devices = True
        page = self._wizard.effort
        self._start(trial.LISTING, trial.list_devices, page.set_devices, lambda _: None)
