"""Scan noise and shot noise of section 2.1.4."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def is_flat(image: NDArray[np.float64], i: int, j: int) -> bool:
    """Return whether a pixel and its eight neighbours are equal."""
    value = image[i, j]
    for k in range(max(0, i - 1), min(image.shape[0], i + 2)):
        for m in range(max(0, j - 1), min(image.shape[1], j + 2)):
            if image[k, m] != value:
                return False
    return True


@njit(cache=True, nogil=True)
def _uneven_box(image: NDArray[np.float64]) -> tuple[int, int, int, int]:
    """Rows and columns outside of which every neighbourhood is flat, half-open."""
    height, width = image.shape
    ground = image[0, 0]
    top, bottom, left, right = height, 0, width, 0
    for i in range(height):
        for j in range(width):
            if image[i, j] != ground:
                top, bottom = min(top, i), i + 1
                left = min(left, j)
                break
        for j in range(width - 1, right - 1, -1):
            if image[i, j] != ground:
                right = j + 1
                break
    return max(0, top - 1), min(height, bottom + 1), max(0, left - 1), min(width, right + 1)


@njit(cache=True, nogil=True)
def bilinear(image: NDArray[np.float64], row: float, column: float) -> float:
    """Return the value between pixel centres, the edges continued outwards."""
    row = min(max(row, 0.0), image.shape[0] - 1.0)
    column = min(max(column, 0.0), image.shape[1] - 1.0)
    i = min(int(math.floor(row)), image.shape[0] - 2) if image.shape[0] > 1 else 0
    j = min(int(math.floor(column)), image.shape[1] - 2) if image.shape[1] > 1 else 0
    down, right = min(i + 1, image.shape[0] - 1), min(j + 1, image.shape[1] - 1)
    u, v = row - i, column - j
    upper = image[i, j] * (1.0 - v) + image[i, right] * v
    lower = image[down, j] * (1.0 - v) + image[down, right] * v
    return float(upper * (1.0 - u) + lower * u)


@njit(cache=True, nogil=True)
def displace_beam(
    image: NDArray[np.float64], sigma_pixels: float, rng: np.random.Generator
) -> None:
    """Read each pixel where the displaced beam really was, bilinear between pixel centres.

    Parameters
    ----------
    image
        Noise-free intensities, shape (height, width), changed in place.
    sigma_pixels
        Standard deviation of the beam's displacement along each axis, in pixels.
    rng
        Source of randomness; pixels in a flat neighbourhood, which no small displacement
        changes, draw nothing from it.
    """
    top, bottom, left, right = _uneven_box(image)
    source = image[top:bottom, left:right].copy()
    for i in range(source.shape[0]):
        for j in range(source.shape[1]):
            if not is_flat(source, i, j):
                row = i + sigma_pixels * rng.standard_normal()
                column = j + sigma_pixels * rng.standard_normal()
                image[top + i, left + j] = bilinear(source, row, column)


@njit(cache=True, nogil=True)
def count_electrons(
    image: NDArray[np.float64], electrons_per_pixel: float, rng: np.random.Generator
) -> None:
    """Replace intensities by Poisson counts over the number of incident electrons.

    Parameters
    ----------
    image
        Fractions of the incident beam, shape (height, width), changed in place.
    electrons_per_pixel
        Incident electrons per pixel.
    rng
        Source of randomness.
    """
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            if image[i, j] > 0.0:
                image[i, j] = rng.poisson(image[i, j] * electrons_per_pixel) / electrons_per_pixel
