"""Ctrl-C on the command line."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from heteroagg_gui.core.errors import Cancelled
from heteroagg_gui.core.progress import Progress


@contextmanager
def stopping_at_progress(progress: Progress) -> Iterator[Progress]:
    """Let Ctrl-C take effect at the next report of progress, and a second one at once.

    Compiled code crashes where an exception is raised while it works on a Python object.

    Parameters
    ----------
    progress
        Receives what is reported to the callable that is yielded.
    """
    asked = threading.Event()

    def note(_number: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    def report(fraction: float, message: str) -> None:
        if asked.is_set():
            raise Cancelled
        progress(fraction, message)

    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield progress
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield report
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
