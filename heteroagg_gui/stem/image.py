"""HAADF-STEM images of aggregates, sections 2.1.3-2.1.4."""

import math

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.stem.curves import Curves
from heteroagg_gui.stem.microscope import SQUARE_ANGSTROM_PER_SQUARE_NM, Frame, Microscope
from heteroagg_gui.stem.noise import count_electrons, displace_beam
from heteroagg_gui.stem.projection import BLUR_REACH, project


def centred(aggregate: Aggregate) -> NDArray[np.float64]:
    """Return the particle centres with the middle of the aggregate's extent at the origin.

    The mid-plane z = 0 is the plane in focus, and the frame's centre is x = y = 0.
    """
    positions = aggregate.positions_nm
    radii = aggregate.radii_nm[:, None]
    middle = ((positions - radii).min(axis=0) + (positions + radii).max(axis=0)) / 2
    return np.asarray(positions - middle)


def extent_nm(aggregate: Aggregate) -> tuple[float, float]:
    """Return the projected extent of the aggregate along y and x in nm."""
    radii = aggregate.radii_nm[:, None]
    low = (aggregate.positions_nm - radii).min(axis=0)
    high = (aggregate.positions_nm + radii).max(axis=0)
    return float(high[1] - low[1]), float(high[0] - low[0])


def render_intensity(
    aggregate: Aggregate,
    curves: Curves,
    chosen: NDArray[np.int64],
    microscope: Microscope,
    frame: Frame,
) -> NDArray[np.float64]:
    """Project an aggregate along z without noise.

    Parameters
    ----------
    aggregate
        The particles, nm.
    curves
        Reference curves of the two materials.
    chosen
        Index of each particle's curve, shape (N,).
    microscope
        Its semi-angle and focus offset set the blur sigma = abs(z) tan(beta).
    frame
        Pixel grid; x runs along columns and y along rows.

    Returns
    -------
    NDArray
        Fractions of the incident beam, shape (height, width), float64.
    """
    image = np.zeros((frame.height, frame.width))
    spheres = spheres_in_pixels(aggregate, microscope, frame)
    add_projection(image, (0, 0), spheres, curves, chosen, frame.pixel_size_nm)
    return image


def spheres_in_pixels(
    aggregate: Aggregate, microscope: Microscope, frame: Frame
) -> NDArray[np.float64]:
    """Return row, column, radius and blur of each particle in pixels, shape (N, 4).

    The blur is sigma = abs(z) tan(beta) of section 2.1.4, z counted from the focal plane.
    """
    positions = centred(aggregate)
    heights = np.abs(positions[:, 2] - microscope.focus_offset_nm)
    spheres = np.empty((len(aggregate), 4))
    spheres[:, 0] = positions[:, 1] / frame.pixel_size_nm + (frame.height - 1) / 2
    spheres[:, 1] = positions[:, 0] / frame.pixel_size_nm + (frame.width - 1) / 2
    spheres[:, 2] = aggregate.radii_nm / frame.pixel_size_nm
    spheres[:, 3] = heights * microscope.blur_per_nm / frame.pixel_size_nm
    return spheres


def add_projection(
    image: NDArray[np.float64],
    corner: tuple[int, int],
    spheres: NDArray[np.float64],
    curves: Curves,
    chosen: NDArray[np.int64],
    pixel_size_nm: float,
) -> None:
    """Add spheres to a cut-out of a frame; see :func:`~heteroagg_gui.stem.projection.project`."""
    project(image, corner, spheres, pixel_size_nm, curves.intensity, chosen, curves.step_nm)


def _lit_box(spheres: NDArray[np.float64], frame: Frame) -> tuple[slice, slice]:
    """Return the part of the frame outside of which, and on whose border, nothing is lit."""
    reach = spheres[:, 2] + np.ceil(BLUR_REACH * spheres[:, 3]) + 2.0
    low = np.floor((spheres[:, :2] - reach[:, None]).min(axis=0)).astype(int)
    high = np.ceil((spheres[:, :2] + reach[:, None]).max(axis=0)).astype(int) + 1
    sides = (frame.height, frame.width)
    starts = [min(max(0, start), side - 1) for start, side in zip(low, sides, strict=True)]
    stops = [
        max(start + 1, min(stop, side))
        for start, stop, side in zip(starts, high, sides, strict=True)
    ]
    return slice(starts[0], stops[0]), slice(starts[1], stops[1])


def add_noise(
    image: NDArray[np.float64],
    microscope: Microscope,
    pixel_size_nm: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Apply scan noise, then shot noise, to a noise-free image.

    Parameters
    ----------
    image
        Fractions of the incident beam, shape (height, width).
    microscope
        Dose in electrons per square angstrom and beam displacement in nm.
    pixel_size_nm
        Edge of a pixel in nm.
    rng
        Source of randomness.
    """
    noisy = image.copy()
    _add_noise_to(noisy, microscope, pixel_size_nm, rng)
    return noisy


def _add_noise_to(
    image: NDArray[np.float64],
    microscope: Microscope,
    pixel_size_nm: float,
    rng: np.random.Generator,
) -> None:
    if microscope.scan_noise_nm > 0:
        displace_beam(image, microscope.scan_noise_nm / pixel_size_nm, rng)
    if microscope.dose_e_per_a2 > 0:
        count_electrons(image, electrons_per_pixel(microscope, pixel_size_nm), rng)


def electrons_per_pixel(microscope: Microscope, pixel_size_nm: float) -> float:
    """Return the number of incident electrons per pixel."""
    area_a2 = pixel_size_nm**2 * SQUARE_ANGSTROM_PER_SQUARE_NM
    return microscope.dose_e_per_a2 * area_a2


def render_image(
    aggregate: Aggregate,
    curves: Curves,
    microscope: Microscope,
    frame: Frame,
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """Simulate the HAADF-STEM image of an aggregate.

    Parameters
    ----------
    aggregate
        The particles, nm.
    curves
        Reference curves; every particle gets a random phase and orientation.
    microscope, frame
        Imaging conditions and pixel grid.
    rng
        Source of randomness.

    Returns
    -------
    NDArray
        Fractions of the incident beam, shape (height, width), float32.
    """
    chosen = curves.choose(aggregate.labels, rng)
    spheres = spheres_in_pixels(aggregate, microscope, frame)
    box = rows, columns = _lit_box(spheres, frame)
    lit = np.zeros((rows.stop - rows.start, columns.stop - columns.start))
    corner = (rows.start, columns.start)
    add_projection(lit, corner, spheres, curves, chosen, frame.pixel_size_nm)
    _add_noise_to(lit, microscope, frame.pixel_size_nm, rng)
    image = np.zeros((frame.height, frame.width), dtype=np.float32)
    image[box] = lit
    return image


def frame_around(aggregate: Aggregate, pixel_size_nm: float, margin_nm: float) -> Frame:
    """Return the smallest frame that holds the aggregate with a margin on every side."""
    height_nm, width_nm = extent_nm(aggregate)
    return Frame(
        math.ceil((height_nm + 2 * margin_nm) / pixel_size_nm),
        math.ceil((width_nm + 2 * margin_nm) / pixel_size_nm),
        pixel_size_nm,
    )
