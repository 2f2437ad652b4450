"""What a network sees of a micrograph: resampled, cropped, scaled to 256 levels.

Training and prediction call the same functions, so that a network never meets an image
that was treated in another way than those it learnt from.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.micrograph.foreground import Box, bounding_box, foreground_mask
from heteroagg_gui.micrograph.resample import resample

LEVELS = 256
MARGIN_PIXELS = 4
SMALLEST_SIDE_PIXELS = 16


@dataclass(frozen=True, eq=False)
class PreparedImage:
    """An image as the network reads it.

    Parameters
    ----------
    levels
        Shape (height, width), uint8; 0 is the darkest pixel and 255 the brightest.
    pixel_size_nm
        Edge of a pixel in nm.
    box
        Where the crop lies in the resampled image.
    resampled_shape
        Height and width of the resampled image before cropping.
    """

    levels: NDArray[np.uint8]
    pixel_size_nm: float
    box: Box
    resampled_shape: tuple[int, int]


def scale_to_levels(image: NDArray[np.floating], power: float = 1.0) -> NDArray[np.uint8]:
    """Scale linearly to the full range and round to 256 levels, section 2.2.2.

    Parameters
    ----------
    image
        Intensities; gain and offset do not matter.
    power
        Exponent applied to the scaled intensities before rounding; 1 is the paper's
        scaling, 0.5 (square root) keeps faint particles apart from the background.
    """
    values = np.asarray(image, dtype=np.float64)
    low, high = float(values.min()), float(values.max())
    if high <= low:
        return np.zeros(values.shape, dtype=np.uint8)
    scaled = ((values - low) / (high - low)) ** power
    return np.rint(scaled * (LEVELS - 1)).astype(np.uint8)


def prepare(micrograph: Micrograph, pixel_size_nm: float, power: float = 0.5) -> PreparedImage:
    """Prepare a calibrated micrograph for a network.

    Parameters
    ----------
    micrograph
        The image; its pixel size must be known.
    pixel_size_nm
        The network's pixel size in nm.
    power
        See :func:`scale_to_levels`.

    Raises
    ------
    MicrographError
        If the pixel size is unknown or the field of view too small to hold an aggregate.
    """
    image = resampled(micrograph, pixel_size_nm)
    box = bounding_box(foreground_mask(image), MARGIN_PIXELS)
    crop = image[box.top : box.bottom, box.left : box.right]
    return PreparedImage(scale_to_levels(crop, power), pixel_size_nm, box, image.shape)


def resampled(micrograph: Micrograph, pixel_size_nm: float) -> NDArray[np.float64]:
    """Return the intensities of a calibrated micrograph at another pixel size.

    Parameters
    ----------
    micrograph
        The image; its pixel size must be known.
    pixel_size_nm
        Edge of the new pixels in nm.

    Raises
    ------
    MicrographError
        If the pixel size is unknown or the field of view too small to hold an aggregate.
    """
    if micrograph.pixel_size_nm is None:
        raise MicrographError("The pixel size is unknown: enter the nm per pixel.")
    image = resample(micrograph.pixels, pixel_size_nm / micrograph.pixel_size_nm)
    if min(image.shape) < SMALLEST_SIDE_PIXELS:
        height_nm, width_nm = (side * micrograph.pixel_size_nm for side in micrograph.pixels.shape)
        smallest = SMALLEST_SIDE_PIXELS * pixel_size_nm
        raise MicrographError(
            f"The field of view of {width_nm:.3g} x {height_nm:.3g} nm is too small to hold an "
            f"aggregate: at least {smallest:.3g} nm a side are needed."
        )
    return image
