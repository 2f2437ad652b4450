"""Saving the session to a file, opening one, and asking before results are lost."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from heteroagg_gui.gui.job_board import JobBoard
from heteroagg_gui.gui.remembered import Remembered
from heteroagg_gui.gui.unsaved_question import Answer, ask_about_results
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.session_file import SUFFIX, is_session_path
from heteroagg_gui.workflow.unsaved import is_unsaved

SAVING = "Saving the session"
OPENING = "Opening a session"
FILTER = f"Sessions (*{SUFFIX})"

Next = Callable[[], object]


class SessionsController(QObject):
    """Moves what is open to and from session files; asks once where something would be lost."""

    opened = Signal()
    recent_changed = Signal()
    said = Signal(str)

    def __init__(
        self, session: Session, board: JobBoard, remembered: Remembered, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session = session
        self._board = board
        self._remembered = remembered
        self._window = window
        self.may_ask = True
        self._given: dict[str, Any] = {}
        self.folder_at_hand: Callable[[], str] = str

    @property
    def _path(self) -> Path | None:
        file = self._session.state.file
        return file.path if file is not None else None

    @property
    def own_settings(self) -> dict[str, Any]:
        """The settings of this user: those in force, without those a session came with."""
        now = vars(self._session.state.settings)
        return {k: v for k, v in now.items() if k not in self._given or self._given[k] != v}

    def save(self) -> None:
        """Save to the file that the session came from, or to one that the user chooses."""
        if self._path is not None:
            self.save_to(self._path)
        else:
            self.save_as()

    def save_as(self) -> None:
        """Save to a file that the user chooses."""
        self._choose_and_save(lambda: None)

    def _choose_and_save(self, then: Next) -> None:
        path = self._ask_path()
        if path is not None:
            self.save_to(path, then)

    def _ask_path(self) -> Path | None:
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Save session", str(self._proposal()), FILTER
        )
        if not name:
            return None
        path = Path(name)
        if is_session_path(path):
            return path
        path = path.with_name(path.name + SUFFIX)
        return path if not path.exists() or self._may_replace(path) else None

    def _proposal(self) -> Path:
        if self._path is not None:
            return self._path
        for item in self._session.state.items:
            if item.path is not None:
                folder = item.path.absolute().parent
                return folder / f"{folder.name or 'session'}{SUFFIX}"
        return Path(self.folder_at_hand()) / f"session{SUFFIX}"

    def _may_replace(self, path: Path) -> bool:
        answer = QMessageBox.question(
            self._window, "Save session", f"{path.name} is there already. Replace it?"
        )
        return answer == QMessageBox.StandardButton.Yes

    def save_to(self, path: Path, then: Next = lambda: None) -> None:
        """Save to a file beside the window.

        Parameters
        ----------
        path
            The session file.
        then
            Called once it is saved.
        """

        def work(progress: Any) -> None:
            perform(self._session, "save_session", {"path": path}, progress)

        self._board.start(SAVING, work, partial(self._after_save, path, then))

    def _after_save(self, path: Path, then: Next, _result: object) -> None:
        self._remember(path)
        self.said.emit(f"Saved {path}")
        then()

    def _remember(self, *paths: Path) -> None:
        self._remembered.add_recent(paths)
        self.recent_changed.emit()

    def ask_open(self) -> None:
        """Let the user choose a session file."""
        folder = str(self._path.parent) if self._path is not None else self.folder_at_hand()
        name, _ = QFileDialog.getOpenFileName(self._window, "Open session", folder, FILTER)
        if name:
            self.open_paths([Path(name)])

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open a session, and add the micrographs named with it.

        It takes the place of what is open, which undo brings back; results that were not
        saved are asked about first.
        """
        begin = partial(self._begin_to_open, tuple(paths))
        if self.settle(begin):
            begin()

    def _begin_to_open(self, paths: tuple[Path, ...]) -> None:
        def work(progress: Any) -> str | None:
            from heteroagg_gui.workflow.predictors import note_on_missing

            perform(self._session, "open", {"paths": paths}, progress)
            return note_on_missing(self._session.state)

        self._board.start(OPENING, work, partial(self._after_open, paths))

    def _after_open(self, paths: tuple[Path, ...], note: str | None) -> None:
        self._given = dict(vars(self._session.state.settings))
        self._remember(*paths)
        self.opened.emit()
        if note is not None:
            self.said.emit(note)

    @property
    def would_ask(self) -> bool:
        """Whether there are results that were not saved, and somebody to ask about them."""
        return self.may_ask and is_unsaved(self._session.state)

    def settle(self, go_on: Next, running: Sequence[str] = ()) -> bool:
        """Ask what to do with results that were not saved.

        Parameters
        ----------
        go_on
            Called once the results are saved, if that is what the user wants.
        running
            Titles of jobs that would be stopped.

        Returns
        -------
        bool
            Whether to go on at once; False where the user wants to stay, or where the
            results are being saved.
        """
        if not self.would_ask:
            return True
        path = self._path
        answer = ask_about_results(self._window, path.name if path is not None else "", running)
        if answer is Answer.SAVE and path is not None:
            self.save_to(path, go_on)
        elif answer is Answer.SAVE:
            self._choose_and_save(go_on)
        return answer is Answer.DISCARD
