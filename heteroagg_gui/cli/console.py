"""What goes to the terminal: results to stdout, everything else to stderr."""

import sys
import time
from typing import TextIO

_INTERVAL_S = 0.1
_WIDTH = 79


class Console:
    """Prints progress on a terminal only, and sentences about failures.

    Parameters
    ----------
    err
        Where progress and sentences go.
    """

    def __init__(self, err: TextIO | None = None) -> None:
        self._err = err if err is not None else sys.stderr
        self._lively = self._err.isatty()
        self._shown_at = 0.0
        self._dirty = False

    def progress(self, fraction: float, message: str) -> None:
        """Show the fraction done on the line the cursor is in."""
        now = time.monotonic()
        if not self._lively or (now - self._shown_at < _INTERVAL_S and fraction < 1.0):
            return
        self._shown_at = now
        line = f"{fraction:4.0%}  {message}"[:_WIDTH]
        self._err.write(f"\r{line:<{_WIDTH}}")
        self._err.flush()
        self._dirty = True

    def clear(self) -> None:
        """Wipe the progress."""
        if self._dirty:
            self._err.write("\r" + " " * _WIDTH + "\r")
            self._dirty = False

    def say(self, sentence: str) -> None:
        """Print a sentence on a line of its own."""
        self.clear()
        line = " ".join(sentence.split())
        self._err.write(line + "\n")
        self._err.flush()
