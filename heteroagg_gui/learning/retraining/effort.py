"""How much work goes into a network."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from heteroagg_gui.core.errors import ParameterError

_WHOLE = (
    ("updates", "updates of the weights", 1),
    ("batch", "images of a batch", 1),
    ("batches", "batches of an update", 1),
    ("training_sets", "training sets", 16),
    ("images_per_set", "images of a training set", 1),
    ("calibration_sets", "calibration sets", 16),
    ("test_sets", "sets of the evaluation", 16),
    ("test_images", "images of a set of the evaluation", 1),
    ("head_updates", "updates of a set head", 1),
    ("heads", "set heads", 1),
)


@dataclass(frozen=True)
class Effort:
    """Amounts of images and of training.

    Parameters
    ----------
    updates
        Updates of the per-image network; each sees ``batch * batches`` new images.
    minutes
        The per-image network is trained for so many minutes instead; None for ``updates``.
    batch, batches
        Images of a padded batch and such batches of an update.
    learning_rate
        Peak of the schedule, which falls to zero in the end.
    training_sets, images_per_set
        Sets of images that the set heads learn from, and the images of each.
    calibration_sets
        Further sets that the stated uncertainty is calibrated on.
    test_sets, test_images
        Further sets that the network is evaluated on, and the images of each.
    head_updates, heads
        Updates of each set head, and the number of heads whose distributions are averaged.

    Raises
    ------
    ParameterError
        If a number makes no training.
    """

    updates: int = 1500
    minutes: float | None = None
    batch: int = 8
    batches: int = 2
    learning_rate: float = 1e-3
    training_sets: int = 800
    images_per_set: int = 32
    calibration_sets: int = 150
    test_sets: int = 200
    test_images: int = 12
    head_updates: int = 3000
    heads: int = 4

    def __post_init__(self) -> None:
        for name, what, least in _WHOLE:
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise ParameterError(f"{value} {what} make no training: give {least} or more.")
        if self.minutes is not None and not 0.0 < self.minutes < math.inf:
            raise ParameterError(
                f"A training of {self.minutes} minutes is not possible: give more than 0."
            )
        if not 0.0 < self.learning_rate < 1.0:
            raise ParameterError(
                f"A learning rate of {self.learning_rate} is not possible: give a number "
                "between 0 and 1, such as 0.001."
            )

    @property
    def images_per_update(self) -> int:
        """Images that an update sees."""
        return self.batch * self.batches


EFFORTS: Mapping[str, Effort] = MappingProxyType(
    {
        "quick": Effort(
            updates=200,
            training_sets=300,
            images_per_set=16,
            calibration_sets=80,
            test_sets=100,
            head_updates=1200,
            heads=2,
        ),
        "normal": Effort(),
        "thorough": Effort(
            updates=8000,
            training_sets=3000,
            calibration_sets=400,
            test_sets=1000,
            head_updates=4000,
        ),
    }
)
"""Efforts by name; the window offers them, and any number can be changed."""
