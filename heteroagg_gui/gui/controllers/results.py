"""Taking results out: text, tables, pictures, folders."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.gui.export_dialog import ExportDialog
from heteroagg_gui.gui.job_board import JobBoard
from heteroagg_gui.gui.pictures import ask_path, copy_picture, save_picture_dialog
from heteroagg_gui.gui.report import as_csv, as_text
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session

EXPORTING = "Exporting"


class ResultsController(QObject):
    """Copies and saves what the panels show."""

    failed = Signal(object)
    said = Signal(str)

    def __init__(self, session: Session, board: JobBoard, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._board = board
        self._window = window
        self.last_folder = ""

    def copy_text(self) -> None:
        """Copy the prediction as text."""
        QGuiApplication.clipboard().setText(as_text(self._session.state))
        self.said.emit("Copied theta as text")

    def copy_csv(self) -> None:
        """Copy the estimates as comma-separated values."""
        QGuiApplication.clipboard().setText(as_csv(self._session.state))
        self.said.emit("Copied the estimates as CSV")

    def copy_picture(self, make: Callable[[], QImage]) -> None:
        """Copy a picture."""
        try:
            image = make()
        except HeteroaggError as error:
            self.failed.emit(error)
            return
        copy_picture(image)
        self.said.emit(f"Copied a picture of {image.width()} × {image.height()} pixels")

    def save_picture(self, name: str, make: Callable[[], QImage]) -> None:
        """Save a picture where the user chooses."""
        try:
            path = save_picture_dialog(self._window, name, make)
        except HeteroaggError as error:
            self.failed.emit(error)
            return
        if path is not None:
            self.said.emit(f"Saved {path}")

    def save_text(self, title: str, name: str, make: Callable[[], str]) -> None:
        """Save a table where the user chooses."""
        path = ask_path(self._window, title, name, "Comma-separated values (*.csv)")
        if path is None:
            return
        try:
            with replacing(path) as part:
                part.write_text(make(), encoding="utf-8", newline="\n")
        except OSError as error:
            self.failed.emit(
                HeteroaggError(f"{path} can't be written ({error}): choose another place.")
            )
            return
        self.said.emit(f"Saved {path}")

    def ask_export(self) -> None:
        """Let the user choose a folder and formats, then write."""
        dialog = ExportDialog(self._session.state, self.last_folder, self._window)
        dialog.chosen.connect(self.export)
        dialog.open()

    def export(self, values: dict[str, Any]) -> None:
        """Write prediction, shadows and descriptors to a folder."""
        self.last_folder = str(Path(values["folder"]).parent)
        folder = values["folder"]

        def work(progress: Any) -> None:
            perform(self._session, "export", values, progress)

        self._board.start(EXPORTING, work, partial(self._after_export, folder))

    def _after_export(self, folder: Path, _result: object) -> None:
        self.said.emit(f"Exported to {folder}")
