"""From the scales a file states to nanometres per pixel, or to the reason why not."""

import math

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph.raw_image import Scale
from heteroagg_gui.micrograph.units import is_absent, is_energy, is_reciprocal, nanometres_per

SMALLEST_PIXEL_NM = 0.001
LARGEST_PIXEL_NM = 1000.0
LARGEST_DIFFERENCE = 0.01
"""Relative difference of the two edges up to which a pixel counts as square."""


def calibrate(vertical: Scale, horizontal: Scale) -> tuple[float | None, str | None]:
    """Return nm per pixel, or None and a note that says why there is none.

    Parameters
    ----------
    vertical, horizontal
        Edge of a pixel along each axis as the file states it.

    Raises
    ------
    MicrographError
        If the axes are those of a diffraction pattern or a spectrum, or the pixels are
        not square.
    """
    for scale in (vertical, horizontal):
        _require_length(scale.unit)
    height, reason_y = _in_nm(vertical)
    width, reason_x = _in_nm(horizontal)
    if height is None or width is None:
        return None, reason_y or reason_x
    if max(height, width) > (1 + LARGEST_DIFFERENCE) * min(height, width):
        raise MicrographError(
            f"The pixels are not square ({width:.6g} nm wide and {height:.6g} nm high): "
            "resample the image to equal steps along both axes."
        )
    return (height if height == width else (height + width) / 2), None


def _require_length(unit: str) -> None:
    if is_reciprocal(unit):
        raise MicrographError(
            f"The axes are in {unit.strip()}, so the file holds a diffraction pattern or a "
            "Fourier transform: open the HAADF-STEM image itself."
        )
    if is_energy(unit):
        raise MicrographError(
            f"One axis is in {unit.strip()}, so the file holds a spectrum: "
            "open the HAADF-STEM image recorded with it."
        )


def _in_nm(scale: Scale) -> tuple[float | None, str | None]:
    """Return the edge in nm, or None and the reason."""
    if scale.value is None:
        return None, "the file states no pixel size"
    if is_absent(scale.unit):
        if scale.value == 1.0:
            return None, "the file states no pixel size"
        return None, f"the file states a pixel size of {scale.value:.6g} without a unit"
    factor = nanometres_per(scale.unit)
    if factor is None:
        return None, f"the file's unit of length '{scale.unit.strip()}' is unknown"
    size = scale.value * factor
    if not (math.isfinite(size) and SMALLEST_PIXEL_NM <= size <= LARGEST_PIXEL_NM):
        return None, (
            f"the file states {scale.value:.6g} {scale.unit.strip()} per pixel, which no "
            f"micrograph has ({SMALLEST_PIXEL_NM:g} to {LARGEST_PIXEL_NM:g} nm)"
        )
    return size, None
