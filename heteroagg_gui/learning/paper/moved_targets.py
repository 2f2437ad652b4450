"""Density maps of stored aggregates, moved as their images are."""

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.learning.targets import STRIDE, density_maps
from heteroagg_gui.stem.image import centred

CELL_PIXELS = 8
FIRST_CELL_PIXELS = 33.5
"""Middle of what the first cell of the maps sees, in pixels of the image; see Table 3."""


def moved_maps(
    aggregate: Aggregate,
    transform: NDArray[np.float32],
    side: int,
    pixel_size_nm: float,
    cells: int,
) -> NDArray[np.float32]:
    """Return the counting targets of an augmented image on the cells of layer 10 of Table 3.

    Parameters
    ----------
    aggregate
        What the image shows.
    transform
        Affine map from the moved image's coordinates to its old ones, shape (2, 3), see
        :class:`~heteroagg_gui.learning.training.augmentation.Augmentation`.
    side
        Pixels of the image's edge.
    pixel_size_nm
        Edge of a pixel in nm.
    cells
        Cells of the maps' edge.

    Returns
    -------
    NDArray
        Shape (19, cells, cells), float32; see
        :func:`~heteroagg_gui.learning.targets.density_maps`.
    """
    half_nm = 0.5 * side * pixel_size_nm
    old = centred(aggregate)[:, :2] / half_nm
    matrix, shift = transform[:, :2].astype(float), transform[:, 2].astype(float)
    moved = np.linalg.solve(matrix, (old - shift).T).T
    pixels = (moved + 1.0) * side / 2.0 - 0.5
    places = ((pixels - FIRST_CELL_PIXELS) / CELL_PIXELS + 0.5) * STRIDE - 0.5
    return density_maps(aggregate, places[:, 1], places[:, 0], (STRIDE * cells, STRIDE * cells))
