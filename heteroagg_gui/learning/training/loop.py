"""The loop of a training: updates until a limit is reached, checkpoints on the way."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.training.run import TrainingRun
from heteroagg_gui.learning.training.task import Limits

SAVED_EVERY_S = 120.0


@dataclass(frozen=True)
class Pace:
    """How the time of a training is told.

    Parameters
    ----------
    clock
        Seconds; one that stands still while the training is paused leaves pauses out.
    row_every_s
        Seconds after which figures are reported, also between the ends of epochs; None for
        the ends alone. For tasks that validate nothing.
    """

    clock: Callable[[], float] = time.monotonic
    row_every_s: float | None = None

    def is_due(self, seconds: float) -> bool:
        """Return whether so long after the last row another one is due."""
        return self.row_every_s is not None and seconds >= self.row_every_s


PLAIN = Pace()


def train(
    run: TrainingRun,
    limits: Limits,
    *,
    save_every_s: float = SAVED_EVERY_S,
    report: Callable[[dict[str, Any]], None] | None = None,
    progress: Progress = no_progress,
    title: str = "Training",
    pace: Pace = PLAIN,
) -> None:
    """Train until a limit is reached.

    Parameters
    ----------
    run
        What is trained; it goes on from its step.
    limits
        When to end.
    save_every_s
        Seconds between checkpoints; one is written in the end, too, also when the
        training is cancelled or fails.
    report
        Receives a row of figures after each epoch and in the end.
    progress
        Receives the share done and may raise to stop.
    title
        What to call the work in ``progress``.
    pace
        The clock, and rows between epochs.

    Raises
    ------
    ModelError
        If the loss is no number any more; the last good checkpoint is left in place.
    """
    if limits.steps is not None and run.step >= limits.steps:
        return
    clock = pace.clock
    started = saved = noted = clock()
    before = run.seconds
    done = _done(run, limits, 0.0, before)
    if done >= 1.0:
        return
    try:
        for chunk in run.task.chunks(run.step, run.team):
            run.update(chunk, done)
            run.seconds = before + clock() - started
            done = _done(run, limits, clock() - started, before)
            ends = run.step % run.task.updates_per_epoch == 0 or done >= 1.0
            if ends or pace.is_due(clock() - noted):
                noted = clock()
                row = run.close_epoch()
                if report and run.team.leads:
                    report(row)
            if ends and run.team.agreed(float(_is_stale(run, limits)), run.device) > 0:
                done = 1.0
            if clock() - saved > save_every_s:
                run.save()
                saved = clock()
            progress(done, title)
            if done >= 1.0:
                break
    finally:
        run.save()


def _done(run: TrainingRun, limits: Limits, elapsed_s: float, before_s: float) -> float:
    """Return the share done; by the leading process's clock where time is a limit."""
    done = limits.done(run.step, elapsed_s, before_s)
    return run.team.agreed(done, run.device) if limits.by_clock else done


def _is_stale(run: TrainingRun, limits: Limits) -> bool:
    """Tell whether ``patience`` epochs in a row were no better than the best before them."""
    criterion = run.task.criterion
    if limits.patience is None or not criterion:
        return False
    values = [row.get(criterion, math.inf) for row in run.log]
    return len(values) - 1 - values.index(min(values)) >= limits.patience
