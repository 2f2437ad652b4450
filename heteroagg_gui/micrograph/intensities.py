"""From pixels of any kind to finite float32 intensities."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import MicrographError

LARGEST_BAD_FRACTION = 0.001
"""Share of NaN and infinite pixels up to which they are replaced."""

_GREY_TOLERANCE = 0.01


def as_intensities(pixels: NDArray[Any]) -> tuple[NDArray[np.float32], str | None]:
    """Return float32 intensities, and a note on pixels that were replaced.

    Parameters
    ----------
    pixels
        Shape (height, width) or (height, width, channels), real numbers.

    Raises
    ------
    MicrographError
        If the picture is in colour, too many pixels are not finite, or all are equal.
    """
    if pixels.ndim == 3:
        pixels = _grey(pixels)
    with np.errstate(over="ignore", invalid="ignore"):
        values = np.array(pixels, dtype=np.float32, order="C")
    note = _replace_bad(values)
    if values.min() == values.max():
        raise MicrographError(
            "All pixels have the same value, so the image shows nothing: export it again."
        )
    return values, note


def _grey(pixels: NDArray[Any]) -> NDArray[Any]:
    """Return the one channel of a grey picture; alpha is ignored."""
    channels = pixels.shape[2]
    if channels < 3:
        return pixels[..., 0]
    red, green, blue = (pixels[..., channel] for channel in range(3))
    if np.array_equal(red, green) and np.array_equal(red, blue):
        return red
    colour = pixels[..., :3].astype(np.float64)
    full = np.iinfo(pixels.dtype).max if pixels.dtype.kind in "ui" else np.ptp(colour)
    if not np.ptp(colour, axis=2).max() <= _GREY_TOLERANCE * full:
        raise MicrographError(
            "The picture is in colour: export the micrograph as greyscale, without a colour "
            "table or coloured markings."
        )
    return np.asarray(colour.mean(axis=2))


def _replace_bad(values: NDArray[np.float32]) -> str | None:
    """Replace the few pixels that are NaN or infinite by their neighbours' median."""
    bad = ~np.isfinite(values)
    count = int(bad.sum())
    if count == 0:
        return None
    if count > LARGEST_BAD_FRACTION * values.size:
        raise MicrographError(
            f"{count} of {values.size} pixels are not numbers (NaN or infinite): "
            "export the image again without masked areas."
        )
    values[bad] = [_local_median(values, int(row), int(column)) for row, column in np.argwhere(bad)]
    return f"pixels that were not numbers, replaced by the median of their neighbours: {count}"


def _local_median(values: NDArray[np.float32], row: int, column: int) -> np.float32:
    for reach in (1, 2, 4, 8, 16, max(values.shape)):
        around = values[max(row - reach, 0) : row + reach + 1]
        around = around[:, max(column - reach, 0) : column + reach + 1]
        finite = around[np.isfinite(around)]
        if finite.size:
            break
    return np.float32(np.median(finite))
