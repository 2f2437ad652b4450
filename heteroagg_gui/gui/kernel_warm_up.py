"""Compiles kernels beside the window, once for each version of the program."""

import logging
import platform
from pathlib import Path

from PySide6.QtCore import QObject, QProcess

from heteroagg_gui import __version__
from heteroagg_gui.core.child_program import child_command
from heteroagg_gui.workflow.places import cache_folder

MODULE = "heteroagg_gui.shadow.kernels"
_END_MS = 2_000
_log = logging.getLogger(__name__)


def mark_path() -> Path:
    """Return the file that says that the kernels of this version are compiled."""
    return cache_folder() / f"kernels-{__version__}-{platform.machine()}.done"


class KernelWarmUp(QObject):
    """Starts a child process that compiles, unless that was done before."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.process = QProcess(self)
        self.process.finished.connect(self._on_finished)

    def start(self) -> None:
        """Compile in a child process."""
        if mark_path().exists() or self.process.state() is not QProcess.ProcessState.NotRunning:
            return
        program, *arguments = child_command(module=MODULE)
        self.process.start(program, arguments)

    def stop(self) -> None:
        """End the child process; what it has compiled stays."""
        if self.process.state() is not QProcess.ProcessState.NotRunning:
            self.process.finished.disconnect(self._on_finished)
            self.process.kill()
            self.process.waitForFinished(_END_MS)

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        if status is not QProcess.ExitStatus.NormalExit or code != 0:
            errors = bytes(self.process.readAllStandardError().data()).decode(errors="replace")
            _log.warning("The kernels were not compiled ahead (status %d): %s", code, errors)
            return
        try:
            mark_path().parent.mkdir(parents=True, exist_ok=True)
            mark_path().touch()
        except OSError as error:
            _log.warning("Compiled kernels can't be noted: %s", error)
