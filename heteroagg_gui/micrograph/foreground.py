"""Where in an image the aggregate lies."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

SMOOTHING_PIXELS = 0.8
NOISE_LEVELS = 5.0
FAINTEST = 0.015
SMALLEST_PIXELS = 24


@dataclass(frozen=True)
class Box:
    """Half-open rows and columns of a rectangle of pixels."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.bottom - self.top, self.right - self.left


def background(image: NDArray[np.float64]) -> tuple[float, float]:
    """Estimate level and noise of the vacuum or support around the aggregate.

    The level is the median of the darker part below Otsu's threshold of the square-root
    intensities; the noise is the spread of what lies below that level.
    """
    lowest = float(image.min())
    if float(image.max()) <= lowest:
        return lowest, 0.0
    rooted = np.sqrt(image - lowest)
    dark = image[rooted <= _otsu(rooted)]
    level = float(np.median(dark))
    below = dark[dark < level]
    noise = float(np.sqrt(np.mean((below - level) ** 2))) if below.size else 0.0
    return level, noise


def _otsu(values: NDArray[np.float64]) -> float:
    """Threshold that maximises the variance between two classes."""
    counts, edges = np.histogram(values, bins=256)
    centres = (edges[:-1] + edges[1:]) / 2
    weight = np.cumsum(counts)
    total = np.cumsum(counts * centres)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = total / weight
        high = (total[-1] - total) / (weight[-1] - weight)
        between = weight * (weight[-1] - weight) * (high - low) ** 2
    best = int(np.nanargmax(between)) if np.isfinite(between).any() else 0
    return float(edges[best + 1])


def foreground_mask(image: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Mark the pixels that are brighter than the background, without lone specks.

    Parameters
    ----------
    image
        Intensities at the network's pixel size, shape (height, width).
    """
    smooth = ndimage.gaussian_filter(image, SMOOTHING_PIXELS)
    level, noise = background(smooth)
    bright = float(np.quantile(smooth, 0.999))
    threshold = level + max(NOISE_LEVELS * noise, FAINTEST * (bright - level))
    mask = smooth > threshold
    regions, count = ndimage.label(mask)
    if count == 0:
        return np.asarray(mask)
    areas = np.bincount(regions.ravel())
    keep = areas >= SMALLEST_PIXELS
    keep[0] = False
    return np.asarray(keep[regions])


def bounding_box(mask: NDArray[np.bool_], margin: int) -> Box:
    """Return the box around a mask with a margin, inside the image; all of it if empty."""
    height, width = mask.shape
    rows = np.flatnonzero(mask.any(axis=1))
    columns = np.flatnonzero(mask.any(axis=0))
    if rows.size == 0:
        return Box(0, 0, height, width)
    return Box(
        max(0, int(rows[0]) - margin),
        max(0, int(columns[0]) - margin),
        min(height, int(rows[-1]) + 1 + margin),
        min(width, int(columns[-1]) + 1 + margin),
    )
