"""A few training images of a draft, as the network will see them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import Cancelled
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.examples import NETWORK_PIXEL_NM, image_stream, make_example
from heteroagg_gui.workflow.materials import find_system
from heteroagg_gui.workflow.retraining.conversion import ranges_of
from heteroagg_gui.workflow.retraining.draft import Draft

__all__ = ["COUNT", "NETWORK_PIXEL_NM", "NO_CURVES_YET", "Sample", "make_samples", "sample_key"]

COUNT = 12
NO_CURVES_YET = (
    "Sample images can be shown once the reference curves are computed, which is the first step "
    "of the training."
)


@dataclass(frozen=True, eq=False)
class Sample:
    """One training image.

    Parameters
    ----------
    levels
        Prepared image, shape (height, width), uint8.
    theta
        What its aggregate was drawn with.
    """

    levels: NDArray[np.uint8]
    theta: Theta


def sample_key(draft: Draft) -> tuple[Any, ...]:
    """Return what the sample images depend on: equal keys, equal images."""
    return (ranges_of(draft), draft.seed, draft.own)


def make_samples(
    draft: Draft, count: int = COUNT, stale: Callable[[], bool] = lambda: False
) -> tuple[Sample, ...]:
    """Draw training images from the ranges of a draft.

    Parameters
    ----------
    draft
        A sound draft with a material system that is at hand.
    count
        How many.
    stale
        Tells that nobody waits for them any more.

    Raises
    ------
    Cancelled
        If they are no longer wanted.
    HeteroaggError
        If they can't be drawn.
    """
    ranges = ranges_of(draft)
    curves = ranges.curves(find_system(ranges.system))
    samples = []
    for index in range(count):
        if stale():
            raise Cancelled
        rng = image_stream(draft.seed, index)
        theta = ranges.draw_theta(rng)
        example = make_example(theta, ranges, curves, rng, with_maps=False)
        samples.append(Sample(example.levels, theta))
    return tuple(samples)
