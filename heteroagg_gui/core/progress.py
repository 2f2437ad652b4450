"""How long computations report what they have done."""

from typing import Protocol


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
