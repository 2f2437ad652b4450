"""Opening files and changing the batch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.core.resources import resource_path
from heteroagg_gui.gui.dropping import paths_of
from heteroagg_gui.gui.job_board import JobBoard
from heteroagg_gui.gui.remembered import Remembered
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.session_file import is_session_path
from heteroagg_gui.workflow.state import ItemStatus

READING = "Reading micrographs"
FILTER = (
    "Micrographs and sessions (*.tif *.tiff *.dm3 *.dm4 *.emd *.ser *.mrc *.png *.jpg *.jpeg "
    "*.bmp *.heteroagg);;"
    "All files (*)"
)


def sample_folder() -> Path | None:
    """Return the folder of the sample batch, if it came with the program."""
    try:
        folder = resource_path("samples")
    except HeteroaggError:
        return None
    return folder if any(folder.glob("*.tif*")) else None


class FilesController(QObject):
    """Turns what was dropped, chosen or pasted into items of the batch."""

    opened = Signal(bool)
    session_named = Signal(tuple)
    calibrated = Signal()
    failed = Signal(object)
    recent_changed = Signal()
    said = Signal(str)

    def __init__(
        self,
        session: Session,
        board: JobBoard,
        remembered: Remembered,
        window: QWidget,
        chosen: Callable[[], tuple[int, ...]],
    ) -> None:
        super().__init__(window)
        self._session = session
        self._board = board
        self._remembered = remembered
        self._window = window
        self._chosen = chosen
        self.last_folder = ""

    def ask_files(self) -> None:
        """Let the user choose files."""
        names, _ = QFileDialog.getOpenFileNames(
            self._window, "Open micrographs", self.last_folder, FILTER
        )
        self.open_paths([Path(name) for name in names])

    def ask_folder(self) -> None:
        """Let the user choose a folder."""
        name = QFileDialog.getExistingDirectory(
            self._window, "Open a folder of micrographs", self.last_folder
        )
        if name:
            self.open_paths([Path(name)])

    def open_sample(self) -> None:
        """Open the sample batch and do the whole job with it."""
        folder = sample_folder()
        if folder is not None:
            self.open_paths([folder], whole_job=True)

    def open_paths(self, paths: Sequence[Path], *, whole_job: bool = False) -> None:
        """Read files and folders beside the window.

        Parameters
        ----------
        paths
            Files and folders; where a session is among them, it is asked for.
        whole_job
            Whether to predict and draw shadows afterwards, whatever the preferences say.
        """
        paths = tuple(paths)
        if not paths:
            return
        if any(map(is_session_path, paths)):
            self.session_named.emit(paths)
            return
        first = paths[0]
        self.last_folder = str(first if first.is_dir() else first.parent)
        if not whole_job:
            self._remembered.add_recent(paths)
            self.recent_changed.emit()
        values = {"paths": paths, "group": self._group_at_hand()}
        self._board.start(
            READING,
            partial(self._perform, "open", values),
            lambda _: self.opened.emit(whole_job),
        )

    def _group_at_hand(self) -> str:
        item = self._session.state.selected_item
        return item.group if item is not None else "A"

    def _perform(self, name: str, values: Mapping[str, Any], progress: Any) -> None:
        perform(self._session, name, values, progress)

    def paste(self) -> None:
        """Open the files on the clipboard."""
        paths = paths_of(QGuiApplication.clipboard().mimeData())
        if paths:
            self.open_paths(paths)
        else:
            self.said.emit("There are no files on the clipboard: copy some in the file manager.")

    def retry(self, keys: Sequence[int] = ()) -> None:
        """Read refused files again; all of them where none is named."""
        refused = [
            item.key for item in self._session.state.items if item.status is ItemStatus.REFUSED
        ]
        wanted = tuple(key for key in refused if key in keys) or tuple(refused)
        if wanted:
            self._board.start(
                READING,
                partial(self._perform, "retry", {"keys": wanted}),
                lambda _: self.opened.emit(False),
            )

    def _do(self, name: str, **values: Any) -> None:
        try:
            perform(self._session, name, values)
        except HeteroaggError as error:
            self.failed.emit(error)

    def remove(self, keys: Sequence[int] = ()) -> None:
        """Take images out of the batch; the chosen ones where none is named."""
        wanted = tuple(keys) or self._chosen()
        if wanted:
            self._do("remove", keys=wanted)

    def close_batch(self) -> None:
        """Take every image out, and leave the session file as it is."""
        self._board.cancel_all()
        self._do("remove", keys=tuple(item.key for item in self._session.state.items))
        self._session.update(
            lambda state: (
                replace(state, shadows=None, shadows_of_given_theta=False, file=None)
                if not state.items and (state.shadows is not None or state.file is not None)
                else state
            ),
            undoable=False,
        )

    def include(self, keys: Sequence[int], included: bool) -> None:
        """Choose whether images take part in the prediction."""
        self._do("include", keys=tuple(keys), included=included)

    def toggle_included(self) -> None:
        """Include the chosen images, or leave them out if they all take part."""
        keys = self._chosen()
        chosen = [item for item in self._session.state.items if item.key in keys]
        if chosen:
            self.include(keys, not all(item.included for item in chosen))

    def set_group(self, keys: Sequence[int], group: str) -> None:
        """Say which sample images belong to."""
        self._do("set_group", keys=tuple(keys), group=group)

    def set_pixel_size(self, keys: Sequence[int], pixel_size_nm: float) -> None:
        """Give the pixel size of images."""
        self._do("set_pixel_size", keys=tuple(keys), pixel_size_nm=pixel_size_nm)
        self.calibrated.emit()
