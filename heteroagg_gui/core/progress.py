"""How long computations report what they have done."""

import time
from typing import Protocol

_SETTLED_S = 1.0


class Progress(Protocol):
    """Receives the fraction done; may raise :class:`~heteroagg_gui.core.errors.Cancelled`."""

    def __call__(self, fraction: float, message: str) -> None:
        """Report that ``fraction`` (0 to 1) of the work is done."""


def no_progress(fraction: float, message: str) -> None:
    """Ignore the report."""


def part_of(progress: Progress, start: float, stop: float) -> Progress:
    """Map a sub-task's own 0 to 1 onto ``start`` to ``stop`` of the whole."""

    def report(fraction: float, message: str) -> None:
        progress(start + (stop - start) * fraction, message)

    return report


def with_time_left(progress: Progress) -> Progress:
    """Add to each message how long the rest will take at the pace since the first report."""
    began: list[tuple[float, float]] = []

    def report(fraction: float, message: str) -> None:
        now = time.monotonic()
        if not began:
            began.append((now, fraction))
        start, first = began[0]
        if now - start > _SETTLED_S and first < fraction < 1.0:
            seconds = (now - start) * (1.0 - fraction) / (fraction - first)
            message = f"{message}, {duration(seconds)} left"
        progress(fraction, message)

    return report


def duration(seconds: float) -> str:
    """Write a duration the way people say it."""
    if seconds < 90.0:
        return f"{seconds:.0f} s"
    if seconds < 5400.0:
        return f"{seconds / 60.0:.0f} min"
    return f"{seconds / 3600.0:.1f} h"
