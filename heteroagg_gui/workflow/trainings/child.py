"""The process that trains: starting it, finding it again, ending it with all it started."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from heteroagg_gui.core.child_program import HIDDEN_CONSOLE
from heteroagg_gui.core.folder_lock import LOCK_FILE, is_locked

LOG_FILE = "log.txt"
LOWER_PRIORITY = 5
_TAIL_BYTES = 8000


class Child:
    """A process that works on a training, started here or by a program that is gone.

    Attributes
    ----------
    pid
        Its number.
    since
        When it was started, in s since 1970; 0 if another program started it.
    """

    def __init__(
        self, folder: Path, pid: int, process: "subprocess.Popen[bytes] | None", since: float
    ) -> None:
        self._lock = folder / LOCK_FILE
        self._process = process
        self.pid = pid
        self.since = since

    @property
    def is_alive(self) -> bool:
        """Whether it still works."""
        if self._process is not None:
            return self._process.poll() is None
        return is_locked(self._lock)

    @property
    def exit_status(self) -> int | None:
        """What it ended with; None while it works, and where another program started it."""
        return None if self._process is None else self._process.poll()

    def kill(self) -> None:
        """End it and every process it started, at once."""
        _kill_tree(self.pid)
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(2.0)


def start_child(command: Sequence[str], folder: Path) -> Child:
    """Start the process that trains, without a console, behind everything else in priority.

    Parameters
    ----------
    command
        Its command line.
    folder
        The training's folder, where its output is added to ``log.txt``.

    Raises
    ------
    OSError
        If it can't be started.
    """
    since = time.time()
    with (folder / LOG_FILE).open("ab") as log:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            creationflags=HIDDEN_CONSOLE | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, LOWER_PRIORITY)
    return Child(folder, process.pid, process, since)


def found_child(folder: Path, pid: int) -> Child:
    """Return a process that another program started and that still holds the lock."""
    return Child(folder, pid, None, 0.0)


def log_tail(folder: Path) -> str:
    """Return the last lines of a training's output."""
    try:
        with (folder / LOG_FILE).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL_BYTES))
            block = file.read()
    except OSError:
        return ""
    return block.decode("utf-8", "replace").strip()


if sys.platform == "win32":

    def _kill_tree(pid: int) -> None:
        if pid > 0:
            subprocess.run(
                ["taskkill", "/T", "/F", "/PID", str(pid)],
                capture_output=True,
                check=False,
                creationflags=HIDDEN_CONSOLE,
            )

else:

    def _kill_tree(pid: int) -> None:
        if pid <= 1:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
