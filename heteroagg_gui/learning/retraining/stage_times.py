"""How long the parts of a retraining take: estimated first, then measured."""

from collections.abc import Sequence
from dataclasses import dataclass

from heteroagg_gui.learning.retraining.effort import Effort

CURVES, TRAINING, SETS, HEADS, EVALUATION = "curves", "training", "sets", "heads", "evaluation"
TITLES = {
    CURVES: "Reference curves",
    TRAINING: "Training on images",
    SETS: "Describing sets",
    HEADS: "Training of the set heads",
    EVALUATION: "Evaluation",
}
CALIBRATION_IMAGES = 12
_SETTLED_S = 3.0


@dataclass(frozen=True)
class Rates:
    """Seconds that single pieces of work take; the defaults hold for a processor core.

    Parameters
    ----------
    trained_image, described_image
        An image in training and when it is described, simulation included.
    head_update
        An update of a set head.
    table
        Reference curves of a crystal, see
        :func:`~heteroagg_gui.learning.retraining.curve_work.curve_seconds`.
    """

    trained_image: float = 0.06
    described_image: float = 0.025
    head_update: float = 0.02
    table: float = 1700.0


def described_images(effort: Effort) -> int:
    """Return the images that the set heads learn from and are calibrated on."""
    held_out = effort.calibration_sets * min(CALIBRATION_IMAGES, effort.images_per_set)
    return effort.training_sets * effort.images_per_set + held_out


def estimated(effort: Effort, tables: int, tests: int, rates: Rates) -> dict[str, float]:
    """Return the seconds that each part will take, in their order.

    Parameters
    ----------
    effort
        Amounts of work.
    tables
        Reference tables to compute; the part is left out with 0.
    tests
        Kinds of test sets times the networks that are evaluated on them.
    rates
        Seconds for each piece of work.
    """
    by_clock = effort.minutes is not None
    training = effort.updates * effort.images_per_update * rates.trained_image
    found = {
        CURVES: tables * rates.table,
        TRAINING: 60.0 * (effort.minutes or 0.0) if by_clock else training,
        SETS: described_images(effort) * rates.described_image,
        HEADS: effort.heads * effort.head_updates * rates.head_update,
        EVALUATION: tests * effort.test_sets * effort.test_images * rates.described_image + 2.0,
    }
    if not tables:
        del found[CURVES]
    return found


@dataclass
class StageTime:
    """One part: its estimate, and how far it is."""

    name: str
    estimate: float
    done: float = 0.0
    seconds: float = 0.0

    def remaining(self, pace: float = 1.0) -> float:
        """Return the seconds left, where work takes ``pace`` times its estimate."""
        return (1.0 - self.done) * self.estimate * pace


class TimeTable:
    """The parts in order, the one that is worked on, and the time that is left.

    Parameters
    ----------
    stages
        The parts with their estimates.
    """

    def __init__(self, stages: Sequence[StageTime]) -> None:
        self.stages = list(stages)
        self.current = self.stages[0]
        self._since: tuple[float, float] | None = None
        self._fraction = 0.0
        self._rate: float | None = None

    def begin(self, name: str) -> None:
        """Go on to a part."""
        self.current = next(stage for stage in self.stages if stage.name == name)
        self._since = None
        self._rate = None

    def advance(self, done: float, seconds: float) -> None:
        """Note how far the current part is and the seconds it took so far."""
        stage = self.current
        if self._since is None or done < self._since[0]:
            self._since = (done, seconds)
        stage.done, stage.seconds = done, seconds
        gained, took = done - self._since[0], seconds - self._since[1]
        if took > _SETTLED_S and gained > 0.0:
            self._rate = took / gained

    @property
    def fraction(self) -> float:
        """Share of the whole that is done; it never falls."""
        whole = sum(stage.estimate for stage in self.stages)
        done = sum(stage.estimate * stage.done for stage in self.stages)
        self._fraction = max(self._fraction, done / max(1e-9, whole))
        return min(1.0, self._fraction)

    @property
    def seconds_left(self) -> float | None:
        """Estimated time that is left in s; None before anything was measured."""
        stage = self.current
        if self._rate is None:
            past = [s for s in self.stages if s.done >= 1.0 and s.seconds > _SETTLED_S]
            if not past:
                return None
            pace = self._pace(past)
            here = stage.remaining(pace)
        else:
            here = (1.0 - stage.done) * self._rate
            pace = self._pace([stage])
        later = self.stages[self.stages.index(stage) + 1 :]
        return here + sum(part.remaining(pace) for part in later)

    def _pace(self, parts: list[StageTime]) -> float:
        """Return how much longer than estimated work takes here; curves tell nothing of it."""
        took = expected = 0.0
        for part in parts:
            if part.name == CURVES:
                continue
            whole = part.seconds if part is not self.current else self._rate or 0.0
            took, expected = took + whole, expected + part.estimate
        return min(20.0, max(0.05, took / expected)) if expected else 1.0
