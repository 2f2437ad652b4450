"""From the form of the Simulate tab to images: a preview at once, a batch as a job."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.gui.controllers.analysis import AnalysisController
from heteroagg_gui.gui.controllers.results import ResultsController
from heteroagg_gui.gui.job_board import JobBoard
from heteroagg_gui.gui.latest import LatestWins
from heteroagg_gui.gui.remembered import Remembered
from heteroagg_gui.workflow.materials import system_names
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session

if TYPE_CHECKING:
    from heteroagg_gui.gui.panels.simulate import SimulatePanel
    from heteroagg_gui.workflow.preview import Preview, PreviewMaker

SIMULATING = "Simulating micrographs"
FOLDER = "simulated"
_KEY = "simulate"


class SimulationController(QObject):
    """Makes previews beside the window; the latest wish wins."""

    failed = Signal(object)
    said = Signal(str)

    def __init__(
        self,
        session: Session,
        board: JobBoard,
        remembered: Remembered,
        analysis: AnalysisController,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._board = board
        self._remembered = remembered
        self._analysis = analysis
        self._window = window
        self._panel: SimulatePanel | None = None
        self._maker: PreviewMaker | None = None
        self.worker = LatestWins("preview", self)
        self.worker.done.connect(self._on_done)
        self.worker.failed.connect(self._on_failed)
        self.last_folder = ""

    def attach(self, panel: "SimulatePanel", results: ResultsController) -> None:
        """Serve the panel: restore what stood in it and make its previews."""
        self._panel = panel
        panel.form.set_systems(system_names())
        panel.set_entries(self._remembered.document_of(_KEY))
        panel.changed.connect(self.refresh)
        panel.shown.connect(self._on_shown)
        panel.add_asked.connect(self.add)
        panel.save_asked.connect(self.ask_folder)
        panel.copy_asked.connect(self.copy_command)
        image, aggregate = panel.image, panel.aggregate
        image.copy.clicked.connect(lambda: results.copy_picture(image.picture))
        image.save.clicked.connect(lambda: results.save_picture("simulated", image.picture))
        panel.copy_3d.clicked.connect(lambda: results.copy_picture(aggregate.picture))
        panel.save_3d.clicked.connect(lambda: results.save_picture("aggregate", aggregate.picture))
        self.refresh()

    def warm(self) -> None:
        """Load what previews need, so that the first one comes at once."""

        def work() -> None:
            self._make({"theta": (1.8, 0.5, 1, 1), "pixels": 64})

        if self._panel is None:
            self.worker.ask(work)

    def _on_shown(self) -> None:
        if self._panel is not None:
            self._panel.form.set_systems(system_names())

    def _values(self, *more: str) -> dict[str, Any]:
        from heteroagg_gui.gui.simulation_fields import as_values

        if self._panel is None:
            return {}
        entries = self._panel.entries()
        return as_values({k: v for k, v in entries.items() if k not in ("count", "group")}) | {
            name: entries[name] for name in more
        }

    @property
    def _makes_sense(self) -> bool:
        """Whether images can be made of what stands in the form; the panel says why not."""
        return self._panel is not None and self._panel.add.isEnabled()

    def refresh(self) -> None:
        """Ask for a preview of what stands in the form."""
        if self._panel is not None:
            self.worker.ask(partial(self._make, self._values()))

    def _make(self, values: Mapping[str, Any]) -> tuple["Preview", tuple[float, float]]:
        """Make a preview; runs in the worker alone."""
        from heteroagg_gui.gui.automatic_levels import automatic_levels
        from heteroagg_gui.workflow.preview import PreviewMaker

        if self._maker is None:
            self._maker = PreviewMaker()
        preview = self._maker.make(values)
        return preview, automatic_levels(preview.micrograph.pixels)

    def _on_done(self, result: tuple["Preview", tuple[float, float]] | None) -> None:
        if self._panel is not None and result is not None:
            self._panel.show_preview(*result)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, HeteroaggError) and self._panel is not None:
            self._panel.show_error(str(error))
        elif self._panel is not None:
            self.failed.emit(error)

    def add(self) -> None:
        """Make as many images as wanted and add them to the batch."""
        if not self._makes_sense:
            return
        values = self._values("count", "group")
        self._start(values, partial(self._after_add, values["count"], values["group"]))

    def _after_add(self, count: int, group: str, _result: object) -> None:
        noun = "image" if count == 1 else "images"
        self.said.emit(f"{count} simulated {noun} added to group {group}")
        self._analysis.predict_if_wanted()

    def ask_folder(self) -> None:
        """Let the user choose a folder and write the images to it."""
        if not self._makes_sense:
            return
        name = QFileDialog.getExistingDirectory(
            self._window, "Folder for images, particles and truth.json", self.last_folder
        )
        if name:
            self.last_folder = name
            self.save(Path(name))

    def save(self, folder: Path) -> None:
        """Make as many images as wanted and write them to a folder with their truth."""
        values = {**self._values("count"), "folder": folder, "add": False}
        self._start(values, lambda _: self.said.emit(f"Simulated images written to {folder}"))

    def _start(self, values: Mapping[str, Any], then: Any) -> None:
        def work(progress: Any) -> None:
            from heteroagg_gui.workflow.preview import with_beam

            perform(self._session, "simulate", with_beam(values), progress)

        self._board.start(SIMULATING, work, then)

    def copy_command(self) -> None:
        """Copy the command line that makes the same images."""
        if not self._makes_sense:
            return
        from heteroagg_gui.workflow.preview import with_beam
        from heteroagg_gui.workflow.simulate_command import simulate_command

        try:
            line = simulate_command(with_beam(self._values("count")), FOLDER)
        except HeteroaggError as error:
            self.failed.emit(error)
            return
        QGuiApplication.clipboard().setText(line)
        self.said.emit("Copied the command that makes these images")

    def stop(self) -> None:
        """Remember what stands in the form and end the previews."""
        self.worker.stop()
        if self._panel is not None:
            self._remembered.keep_document(_KEY, self._panel.entries())
            self._panel.aggregate.close()
