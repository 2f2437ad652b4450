"""The log file, and where unexpected errors go."""

import faulthandler
import logging
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TextIO

from heteroagg_gui import __version__
from heteroagg_gui.workflow.places import log_folder

__all__ = ["catch_errors", "log_folder", "log_path", "start_log"]

_log = logging.getLogger(__name__)
_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
_BYTES = 1_000_000
_KEPT = 3

Report = Callable[[BaseException], None]


def log_path() -> Path:
    """Return the file the log is written to."""
    return log_folder() / "heteroagg.log"


def start_log(path: Path | None = None) -> Path | None:
    """Write the log to a file that is rotated at 1 MB, three old ones being kept.

    Returns
    -------
    Path or None
        The file; None where it can't be written, in which case the program goes on.
    """
    path = path or log_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_BYTES, backupCount=_KEPT, encoding="utf-8")
    except OSError as error:
        _log.warning("The log %s can't be written: %s", path, error)
        return None
    handler.setFormatter(logging.Formatter(_FORMAT))
    logger = logging.getLogger("heteroagg_gui")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logging.getLogger("py.warnings").addHandler(handler)
    logging.captureWarnings(True)
    _log.info("heteroagg %s, Python %s, %s", __version__, sys.version.split()[0], sys.platform)
    return path


def catch_errors(report: Report) -> None:
    """Send errors that nothing else catches to the log and to ``report``.

    Covers the main thread, other threads and, in a file beside the log, crashes of
    compiled code.

    Parameters
    ----------
    report
        Called with the exception, in the thread that raised it.
    """

    def from_main(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _log.critical("Unexpected error", exc_info=(kind, error, trace))
        report(error)

    def from_thread(raised: threading.ExceptHookArgs) -> None:
        if raised.exc_value is not None and not issubclass(raised.exc_type, SystemExit):
            from_main(raised.exc_type, raised.exc_value, raised.exc_traceback)

    sys.excepthook = from_main
    threading.excepthook = from_thread
    _watch_crashes()


_crash_file: TextIO | None = None


def _watch_crashes() -> None:
    global _crash_file  # noqa: PLW0603  the file must stay open as long as the process lives
    try:
        log_folder().mkdir(parents=True, exist_ok=True)
        _crash_file = (log_folder() / "crash.log").open("a", encoding="utf-8")
        faulthandler.enable(_crash_file)
    except OSError as error:
        _log.warning("Crashes can't be recorded: %s", error)
