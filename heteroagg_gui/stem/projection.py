"""Projection of spheres onto an image: thickness maps, intensities, defocus blur."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

BLUR_REACH = 4.0
SHARP_SIGMA_PIXELS = 0.05


@njit(cache=True, nogil=True)
def _interpolate(curve: NDArray[np.float64], position: float) -> float:
    cell = int(position)
    if cell >= curve.size - 1:
        return float(curve[curve.size - 1])
    part = position - cell
    return float(curve[cell] * (1.0 - part) + curve[cell + 1] * part)


@njit(cache=True, nogil=True)
def _blur_weights(sigma: float, reach: int) -> NDArray[np.float64]:
    """Gaussian integrated over pixels, from -reach to reach, with unit sum."""
    weights = np.empty(2 * reach + 1)
    scale = 1.0 / (sigma * math.sqrt(2.0))
    for k in range(-reach, reach + 1):
        weights[k + reach] = math.erf((k + 0.5) * scale) - math.erf((k - 0.5) * scale)
    weights /= weights.sum()
    return weights


@njit(cache=True, nogil=True)
def _blur(source: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Full convolution along both axes; taps outside, so that whole rows are added at once."""
    rows, columns = source.shape
    taps = weights.size
    across = np.zeros((rows, columns + taps - 1))
    for i in range(rows):
        for k in range(taps - 1, -1, -1):
            for j in range(columns):
                across[i, j + k] += source[i, j] * weights[k]
    result = np.zeros((rows + taps - 1, columns + taps - 1))
    for i in range(rows):
        for k in range(taps):
            for j in range(columns + taps - 1):
                result[i + k, j] += across[i, j] * weights[k]
    return result


@njit(cache=True, nogil=True)
def _disc_patch(
    row: float,
    column: float,
    radius: float,
    pixel_size_nm: float,
    curve: NDArray[np.float64],
    steps_per_nm: float,
) -> tuple[int, int, NDArray[np.float64]]:
    """Intensity patch of one sphere; centre and radius in pixels."""
    top = int(math.floor(row - radius))
    left = int(math.floor(column - radius))
    height = int(math.ceil(row + radius)) - top + 1
    width = int(math.ceil(column + radius)) - left + 1
    patch = np.zeros((height, width))
    for i in range(height):
        offset = radius * radius - (top + i - row) ** 2
        for j in range(width):
            square = offset - (left + j - column) ** 2
            if square > 0.0:
                chord_nm = 2.0 * math.sqrt(square) * pixel_size_nm
                patch[i, j] = _interpolate(curve, chord_nm * steps_per_nm)
    return top, left, patch


@njit(cache=True, nogil=True)
def _add_patch(image: NDArray[np.float64], patch: NDArray[np.float64], top: int, left: int) -> None:
    for i in range(max(0, -top), min(patch.shape[0], image.shape[0] - top)):
        for j in range(max(0, -left), min(patch.shape[1], image.shape[1] - left)):
            image[top + i, left + j] += patch[i, j]


@njit(cache=True, nogil=True)
def project(
    image: NDArray[np.float64],
    corner: tuple[int, int],
    spheres: NDArray[np.float64],
    pixel_size_nm: float,
    curves: NDArray[np.float64],
    chosen: NDArray[np.int64],
    step_nm: float,
) -> None:
    """Add the blurred intensity map of every sphere to ``image``, section 2.1.4.

    Parameters
    ----------
    image
        Shape (height, width), changed in place; a cut-out of a frame whose pixel (i, j)
        has its centre at (i, j).
    corner
        Row and column of the frame that ``image`` begins with.
    spheres
        Row, column, radius and blur of each sphere in pixels of the frame, shape (N, 4).
    pixel_size_nm
        Edge of a pixel in nm.
    curves
        Intensity against thickness, shape (n_curves, n_thicknesses), from 0 nm on.
    chosen
        Each sphere's curve.
    step_nm
        Thickness step of the curves in nm.
    """
    for n in range(len(spheres)):
        row, column, radius, sigma = spheres[n]
        top, left, patch = _disc_patch(
            row, column, radius, pixel_size_nm, curves[chosen[n]], 1.0 / step_nm
        )
        if sigma > SHARP_SIGMA_PIXELS:
            reach = int(math.ceil(BLUR_REACH * sigma))
            patch = _blur(patch, _blur_weights(sigma, reach))
            top -= reach
            left -= reach
        _add_patch(image, patch, top - corner[0], left - corner[1])
