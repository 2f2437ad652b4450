"""What a network says about a set of micrographs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from heteroagg_gui.core.materials import DEFAULT_SYSTEM
from heteroagg_gui.core.theta import Theta

Interval = tuple[float, float]

RANGE_WORDS: Mapping[bool | None, str] = {
    True: "Images inside the training range",
    False: "Images OUTSIDE the training range",
    None: "Whether the images are inside the training range is unknown to this network",
}
"""By ``inside_training_range``."""


@dataclass(frozen=True)
class ImagePrediction:
    """Per-image estimates for one aggregate A.

    Parameters
    ----------
    fractal_dimension, mixing_ratio
        Estimates of D_f(A), Eq. (5), and rho(A), Eq. (3).
    n_particles
        Estimated number of particles; None for a model that does not count.
    inside_training_range
        Whether the image resembles those the network was trained on; None for a network that
        can't tell.
    reason
        Why not, in words, where it can be told.
    """

    fractal_dimension: float
    mixing_ratio: float
    n_particles: float | None = None
    inside_training_range: bool | None = True
    reason: str | None = None

    @property
    def is_unusual(self) -> bool:
        """Whether the image is known to be unlike those the network was trained on."""
        return self.inside_training_range is False


@dataclass(frozen=True)
class Prediction:
    """Estimate of theta from a set of images, with its uncertainty.

    Parameters
    ----------
    model
        Name of the network.
    theta
        Point estimate.
    interval_90
        90 % intervals of ``fractal_dimension`` and ``mixing_ratio``; None for a model
        that gives point estimates only.
    probabilities
        Probabilities of theta_0 and theta_1 being 1, 2, ..., 6; None likewise.
    images
        Per-image estimates, in the order of the input.
    draws
        Draws of theta from the predicted distribution, for shadows that carry the
        uncertainty; empty for a point estimate.
    inside_training_range
        Whether the set as a whole resembles the training data; None for a network that
        can't tell.
    warnings
        One sentence each.
    system
        Name of the material system the network was trained for, which says what the
        labels 0 and 1 stand for.
    """

    model: str
    theta: Theta
    interval_90: Mapping[str, Interval] | None
    probabilities: Mapping[str, tuple[float, ...]] | None
    images: tuple[ImagePrediction, ...]
    draws: tuple[Theta, ...] = ()
    inside_training_range: bool | None = True
    warnings: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    system: str = DEFAULT_SYSTEM

    @property
    def is_unusual(self) -> bool:
        """Whether the set is known to be unlike the training data."""
        return self.inside_training_range is False
