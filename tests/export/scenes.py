"""Aggregates for the writers."""

import numpy as np

from heteroagg_gui.core.aggregate import Aggregate


def aggregate(count: int = 9, seed: int = 3) -> Aggregate:
    """Return spheres at odd places; their numbers need all digits of a double."""
    rng = np.random.default_rng(seed)
    return Aggregate(
        positions_nm=rng.normal(0.0, 90.0, (count, 3)),
        radii_nm=rng.lognormal(2.4, 0.3, count),
        labels=rng.integers(0, 2, count).astype(np.uint8),
        clusters=np.sort(rng.integers(0, 4, count)).astype(np.int32),
    )
