"""Fractal dimension of a projection by counting boxes, section 4, Eqs. (21) and (22)."""

from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

BOX_SIZES_NM = (4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0)


@njit(cache=True, nogil=True)
def _covering(
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    size: int,
    shift_row: int,
    shift_column: int,
) -> int:
    """Count the boxes of a grid, shifted by whole pixels, that hold a marked pixel."""
    height = (rows.max() + shift_row) // size + 1
    width = (columns.max() + shift_column) // size + 1
    seen = np.zeros((height, width), np.bool_)
    for k in range(rows.size):
        seen[(rows[k] + shift_row) // size, (columns[k] + shift_column) // size] = True
    return int(seen.sum())


def box_counts(mask: NDArray[np.bool_], sizes: Sequence[int]) -> NDArray[np.int64]:
    """Count the square boxes needed to cover a mask.

    Parameters
    ----------
    mask
        Marked pixels, shape (height, width).
    sizes
        Edges of the boxes in pixels, shape (B,).

    Returns
    -------
    numpy.ndarray
        For each size the smallest count over four placements of the grid, half a box
        apart, shape (B,), int64; 0 for an empty mask.
    """
    rows, columns = np.nonzero(mask)
    if rows.size == 0:
        return np.zeros(len(sizes), dtype=np.int64)
    rows, columns = rows - rows.min(), columns - columns.min()
    return np.array(
        [
            min(
                _covering(rows, columns, size, down, right)
                for down in {0, size // 2}
                for right in {0, size // 2}
            )
            for size in sizes
        ],
        dtype=np.int64,
    )


def box_dimension(mask: NDArray[np.bool_], sizes: Sequence[int]) -> float:
    """Return the box-counting dimension of a mask.

    The slope of log count against log(1/size) by least squares; 1 for a line, 2 for a filled
    area that is much larger than the boxes.

    Parameters
    ----------
    mask
        Marked pixels, shape (height, width).
    sizes
        Edges of the boxes in pixels; at least two that differ.

    Returns
    -------
    float
        NaN for an empty mask.
    """
    counts = box_counts(mask, sizes)
    if counts[0] == 0:
        return float("nan")
    scales = -np.log(np.asarray(sizes, dtype=float))
    centred = scales - scales.mean()
    return float(centred @ np.log(counts) / (centred @ centred))
