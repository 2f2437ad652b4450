"""Images as 8-bit square roots of their intensity, cut to what is not background."""

import numpy as np
from numpy.typing import NDArray

LEVELS = 255


def to_levels(intensity: NDArray[np.float32]) -> tuple[NDArray[np.uint8], np.float32]:
    """Return an image's levels and its full scale.

    Intensity is ``full_scale * (levels / 255)**2``. Shot noise has a variance proportional
    to the intensity, hence a constant one on the square root, where the 255 steps are equal.

    Parameters
    ----------
    intensity
        Fractions of the incident beam, not negative, shape (height, width).
    """
    full_scale = np.float32(intensity.max(initial=0.0))
    if full_scale <= 0.0:
        return np.zeros(intensity.shape, dtype=np.uint8), np.float32(0.0)
    root = np.sqrt(intensity / full_scale)
    root *= LEVELS
    return np.rint(root, out=root).astype(np.uint8), full_scale


def to_intensity(levels: NDArray[np.uint8], full_scale: np.float32) -> NDArray[np.float32]:
    """Return levels as fractions of the incident beam, in the shape they come in, float32."""
    scale = full_scale * np.square(np.arange(LEVELS + 1, dtype=np.float32) / LEVELS)
    return np.asarray(scale[levels], dtype=np.float32)


def bright_box(levels: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Return top, left, height and width of the smallest box outside of which all is 0."""
    rows = np.flatnonzero(levels.any(axis=1))
    if not len(rows):
        return 0, 0, 0, 0
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(levels[top:bottom].any(axis=0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    return top, left, bottom - top, right - left
