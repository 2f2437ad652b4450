"""The support film behind an aggregate."""

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.stem.imperfections import Imperfections
from heteroagg_gui.stem.microscope import Frame

SMOOTHEST_WHITE_NOISE_PIXELS = 0.2
"""Below it a Gaussian on the pixel grid is one pixel."""


def support_film(
    imperfections: Imperfections, frame: Frame, margin: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw the film's intensity: a plane times Gaussian grains.

    Parameters
    ----------
    imperfections
        Intensity, slopes and granularity of the film.
    frame
        The pixel grid.
    margin
        Pixels around the frame on every side that are wanted too.
    rng
        Source of randomness for the grains.

    Returns
    -------
    NDArray
        Fractions of the beam, not negative; shape (height + 2 margin, width + 2 margin).
    """
    down = (np.arange(-margin, frame.height + margin) - (frame.height - 1) / 2) / frame.height
    right = (np.arange(-margin, frame.width + margin) - (frame.width - 1) / 2) / frame.width
    relative = 1.0 + (
        imperfections.support_slope_y * down[:, None] + imperfections.support_slope_x * right
    )
    if imperfections.support_granularity > 0:
        sigma = imperfections.support_grain_nm / frame.pixel_size_nm
        relative *= 1.0 + imperfections.support_granularity * _grains(relative.shape, sigma, rng)
    return np.asarray(imperfections.support_intensity * np.maximum(relative, 0.0))


def _grains(
    shape: tuple[int, ...], sigma_pixels: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Smoothed white noise with mean 0 and standard deviation 1."""
    from scipy.ndimage import gaussian_filter

    noise = rng.standard_normal(shape)
    if sigma_pixels < SMOOTHEST_WHITE_NOISE_PIXELS:
        return noise
    impulse = np.zeros(shape)
    impulse[0, 0] = 1.0
    response = gaussian_filter(impulse, sigma_pixels, mode="wrap")
    smooth = gaussian_filter(noise, sigma_pixels, mode="wrap")
    return np.asarray(smooth / np.sqrt((response**2).sum()))
