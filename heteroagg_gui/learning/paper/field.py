"""A micrograph as the paper's networks expect it: 512 x 512 pixels of 1.25 nm."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.learning.paper.basic import PIXEL_NM, SIDE_PIXELS
from heteroagg_gui.micrograph.foreground import Box, bounding_box, foreground_mask
from heteroagg_gui.micrograph.prepare import resampled

BRIGHT_QUANTILE = 0.999


@dataclass(frozen=True, eq=False)
class Field:
    """An aggregate in the middle of a field.

    Parameters
    ----------
    intensities
        Shape (512, 512), float32, in fractions of the incident beam.
    absolute
        Whether the micrograph itself was in these units; otherwise its brightest pixels
        have been given the intensity that is usual in the training images.
    """

    intensities: NDArray[np.float32]
    absolute: bool


def centred_field(
    micrograph: Micrograph,
    usual_full_scale: float,
    side: int = SIDE_PIXELS,
    pixel_size_nm: float = PIXEL_NM,
) -> Field:
    """Resample a micrograph and move its aggregate into the middle of a field.

    Parameters
    ----------
    micrograph
        A calibrated image of one aggregate.
    usual_full_scale
        Largest intensity of a usual training image, fraction of the incident beam.
    side
        Pixels of the field's edge.
    pixel_size_nm
        Edge of its pixels in nm.

    Raises
    ------
    MicrographError
        If the pixel size is unknown or the aggregate larger than the field.
    """
    image = resampled(micrograph, pixel_size_nm)
    mask = foreground_mask(image)
    box = bounding_box(mask, 0)
    if max(box.shape) > side:
        raise MicrographError(
            f"The aggregate in '{micrograph.name}' extends over more than the "
            f"{side * pixel_size_nm:.0f} nm that the paper's networks see: leave it out or use the "
            "compact network."
        )
    outside = image[~mask]
    background = float(np.median(outside if outside.size else image))
    absolute = bool(micrograph.pixels.min() >= 0.0 and micrograph.pixels.max() <= 1.0)
    if not absolute:
        bright = float(np.quantile(image, BRIGHT_QUANTILE)) - background
        image = (image - background) * (usual_full_scale / max(bright, 1e-12))
        background = 0.0
    return Field(_window(image, box, side, background), absolute)


def _window(
    image: NDArray[np.float64], box: Box, side: int, background: float
) -> NDArray[np.float32]:
    """Return a square of an image around the middle of a box, filled up with background."""
    row = (box.top + box.bottom - side) // 2
    column = (box.left + box.right - side) // 2
    window = np.full((side, side), background, dtype=np.float32)
    top, left = max(0, row), max(0, column)
    part = image[top : row + side, left : column + side]
    height, width = part.shape
    window[top - row : top - row + height, left - column : left - column + width] = part
    return window
