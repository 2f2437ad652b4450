"""What a network is taught to see: dense maps and per-aggregate quantities."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from heteroagg_gui.aggregation.contacts import contact_pairs, join_components
from heteroagg_gui.core.aggregate import Aggregate

STRIDE = 4
SPREAD_CELLS = 0.8
REACH_CELLS = 3
MAPS = ("wo3", "tio2", "contacts_wo3", "contacts_tio2", "contacts_hetero")
LARGEST_CLUSTER = 7
"""Observable clusters of this size and above share one map."""
ALL_MAPS = len(MAPS) + 2 * LARGEST_CLUSTER


@njit(cache=True, nogil=True)
def _splat(
    maps: NDArray[np.float32],
    channels: NDArray[np.int64],
    rows: NDArray[np.float64],
    columns: NDArray[np.float64],
    spread: float,
    reach: int,
) -> None:
    """Add a Gaussian of unit mass per point; mass beyond the border is put back inside."""
    scale = 1.0 / (spread * math.sqrt(2.0))
    width = 2 * reach + 1
    for n in range(rows.size):
        i0 = int(math.floor(rows[n])) - reach
        j0 = int(math.floor(columns[n])) - reach
        weights = np.zeros((width, width))
        for a in range(width):
            i = i0 + a
            if 0 <= i < maps.shape[1]:
                vertical = math.erf((i + 1 - rows[n]) * scale) - math.erf((i - rows[n]) * scale)
                for b in range(width):
                    j = j0 + b
                    if 0 <= j < maps.shape[2]:
                        weights[a, b] = vertical * (
                            math.erf((j + 1 - columns[n]) * scale)
                            - math.erf((j - columns[n]) * scale)
                        )
        total = weights.sum()
        if total > 0.0:
            for a in range(width):
                for b in range(width):
                    if weights[a, b] > 0.0:
                        maps[channels[n], i0 + a, j0 + b] += weights[a, b] / total


def density_maps(
    aggregate: Aggregate,
    rows: NDArray[np.float64],
    columns: NDArray[np.float64],
    shape: tuple[int, int],
) -> NDArray[np.float32]:
    """Return the dense counting targets of an image.

    One map per entry of :data:`MAPS`: the density of particle centres of each material and
    of contacts, Eq. (2), between WO3 particles, between TiO2 particles and between the two.
    Then, for each material, one map of the particles in observable clusters of 1, 2, ...,
    :data:`LARGEST_CLUSTER` or more particles. Every map sums to the number of what it counts.

    Parameters
    ----------
    aggregate
        The particles.
    rows, columns
        Particle centres in pixels of the prepared image, shape (N,); a pixel's centre is
        at a whole number.
    shape
        Height and width of the prepared image in pixels.

    Returns
    -------
    NDArray
        Shape (19, ceil(height / 4), ceil(width / 4)), float32.
    """
    cells = (math.ceil(shape[0] / STRIDE), math.ceil(shape[1] / STRIDE))
    maps = np.zeros((ALL_MAPS, *cells), dtype=np.float32)
    pairs = contact_pairs(aggregate)
    labels = aggregate.labels.astype(np.int64)
    first, second = labels[pairs[:, 0]], labels[pairs[:, 1]]
    contact_channel = np.where(first != second, 4, 2 + first)
    clusters = join_components(pairs, labels)
    sizes = np.minimum(np.bincount(clusters)[clusters], LARGEST_CLUSTER)
    cluster_channel = len(MAPS) + labels * LARGEST_CLUSTER + sizes - 1
    channels = np.concatenate([labels, contact_channel, cluster_channel])
    all_rows = np.concatenate([rows, (rows[pairs[:, 0]] + rows[pairs[:, 1]]) / 2, rows])
    all_columns = np.concatenate(
        [columns, (columns[pairs[:, 0]] + columns[pairs[:, 1]]) / 2, columns]
    )
    _splat(
        maps,
        channels,
        (all_rows + 0.5) / STRIDE,
        (all_columns + 0.5) / STRIDE,
        SPREAD_CELLS,
        REACH_CELLS,
    )
    return maps
