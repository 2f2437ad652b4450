"""Classical estimates for images and for sets of images of one sample."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.baselines.calibration import Calibration, load_calibration
from heteroagg_gui.learning.baselines.scaling_law import slope
from heteroagg_gui.learning.baselines.silhouettes import Silhouettes, joined, measure
from heteroagg_gui.learning.baselines.thresholds import mixing_ratios

Reals = NDArray[np.float64]


def box_counting(silhouettes: Silhouettes, calibration: Calibration) -> Reals:
    """Return D_f of each image by corrected box counting, Eq. (21)."""
    return calibration.box_counting.corrected(silhouettes.box_dimension)


def thresholding(silhouettes: Silhouettes, calibration: Calibration) -> Reals:
    """Return rho of each image by two brightness thresholds.

    On intensities as fractions of the incident beam where they are known and calibrated,
    otherwise on the image's own range, which is much less accurate.
    """
    relative = mixing_ratios(silhouettes.relative, calibration.relative)
    if calibration.absolute is None:
        return relative
    absolute = mixing_ratios(silhouettes.absolute, calibration.absolute)
    known = silhouettes.absolute.any(axis=1) & np.isfinite(absolute)
    return np.where(known, absolute, relative)


def scaling_law(silhouettes: Silhouettes, calibration: Calibration) -> tuple[Reals, Reals]:
    """Return D_f and the number of particles of each image by the calibrated power law."""
    law = calibration.scaling_law
    log_radius, log_number = law.coordinates(silhouettes.area_nm2, silhouettes.gyration_nm)
    particles = law.particles(silhouettes.area_nm2, silhouettes.gyration_nm)
    return log_number / log_radius, particles


def scaling_slope(silhouettes: Silhouettes, calibration: Calibration) -> float:
    """Return D_f of a sample: the exponent of the power law over all its aggregates."""
    law = calibration.scaling_law
    return slope(*law.coordinates(silhouettes.area_nm2, silhouettes.gyration_nm))


def estimate_micrographs(
    micrographs: Sequence[Micrograph],
    calibration: Calibration | None = None,
    *,
    absolute: bool = False,
    progress: Progress = no_progress,
) -> dict[str, Reals]:
    """Estimate the structure of aggregates from micrographs without a network.

    Parameters
    ----------
    micrographs
        Calibrated images, one aggregate each.
    calibration
        Constants of the methods; the shipped ones if None.
    absolute
        Whether intensities are fractions of the incident beam.
    progress
        Receives the share of images done.

    Returns
    -------
    dict
        Arrays of shape (n,): ``fractal_dimension_box_counting``, Eq. (21);
        ``fractal_dimension_scaling_law`` and ``n_particles`` by Eq. (5) read off the
        projection; ``mixing_ratio`` by thresholds. Arrays of shape (1,), of all images as one
        sample: ``theta_fractal_dimension_box_counting``, Eq. (22),
        ``theta_fractal_dimension_scaling_law`` and ``theta_mixing_ratio``.

    Raises
    ------
    MicrographError
        If there is no image, or one can't be measured.
    """
    if not micrographs:
        raise MicrographError("There is no image to estimate from: add calibrated micrographs.")
    constants = calibration or load_calibration()
    parts = []
    for done, micrograph in enumerate(micrographs, start=1):
        parts.append(measure(micrograph, absolute=absolute))
        progress(done / len(micrographs), f"Measuring {micrograph.name}")
    found = joined(parts)
    boxes, ratios = box_counting(found, constants), thresholding(found, constants)
    dimensions, particles = scaling_law(found, constants)
    return {
        "fractal_dimension_box_counting": boxes,
        "fractal_dimension_scaling_law": dimensions,
        "n_particles": particles,
        "mixing_ratio": ratios,
        "theta_fractal_dimension_box_counting": boxes.mean(keepdims=True),
        "theta_fractal_dimension_scaling_law": np.array([scaling_slope(found, constants)]),
        "theta_mixing_ratio": ratios.mean(keepdims=True),
    }
