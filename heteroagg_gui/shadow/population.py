"""A population of digital shadows and its descriptors."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.materials import DEFAULT_SYSTEM
from heteroagg_gui.core.theta import Theta


@dataclass(frozen=True, eq=False)
class ShadowPopulation:
    """Aggregates drawn from the stochastic 3D model, section 3.4.

    Parameters
    ----------
    aggregates
        The digital shadows.
    thetas
        The parameter vector each was drawn with; one vector for all of a point
        estimate, differing ones for draws from a predicted distribution.
    descriptors
        One float64 array of the population's length per descriptor, keyed and ordered
        as :data:`heteroagg_gui.aggregation.descriptors.DESCRIPTORS`. NaN where a
        descriptor does not exist (the mean cluster size of a material that is absent).
    seed
        Seed the population was drawn with.
    system
        Name of the material system, which says what the labels 0 and 1 stand for.
    """

    aggregates: tuple[Aggregate, ...]
    thetas: tuple[Theta, ...]
    descriptors: Mapping[str, NDArray[np.float64]]
    seed: int
    system: str = DEFAULT_SYSTEM

    def __len__(self) -> int:
        return len(self.aggregates)
