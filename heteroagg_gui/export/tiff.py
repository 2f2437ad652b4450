"""Calibrated TIFF images, as ImageJ reads and writes them."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.files import replacing

_LARGEST_TERM = 2**32 - 1
"""Resolution tags hold a ratio of two whole numbers of 32 bits."""

_KEPT_TYPES = (np.uint8, np.uint16, np.float32)


def write_tiff(
    path: Path, pixels: ArrayLike, pixel_size_nm: float | None, description: str = ""
) -> None:
    """Write an image whose pixel size ImageJ and tifffile read in nm.

    Parameters
    ----------
    path
        The TIFF file; replaced only once the new one is complete.
    pixels
        Shape (height, width); uint8, uint16 and float32 are kept, other numbers become
        float32.
    pixel_size_nm
        Edge of a pixel in nm; None leaves the image uncalibrated.
    description
        Text for ImageJ's "Show Info...".

    Raises
    ------
    ParameterError
        If the pixels are no 2D image or the pixel size is not a positive number.
    """
    import tifffile

    image = np.asarray(pixels)
    if image.ndim != 2 or image.size == 0:
        raise ParameterError(
            f"Pixels of shape {image.shape} are no image: give an array of height by width."
        )
    if image.dtype.type not in _KEPT_TYPES:
        image = image.astype(np.float32)
    metadata: dict[str, Any] = {"min": float(image.min()), "max": float(image.max())}
    resolution = None
    if pixel_size_nm is not None:
        metadata["unit"] = "nm"
        resolution = (_pixels_per_nm(pixel_size_nm),) * 2
    if description:
        metadata["Info"] = description
    with replacing(path) as part:
        tifffile.imwrite(
            part,
            image,
            imagej=True,
            resolution=resolution,
            metadata=metadata,
            compression="zlib",
        )


def _pixels_per_nm(pixel_size_nm: float) -> tuple[int, int]:
    """Return the resolution as the ratio of whole numbers closest to the true one."""
    if not 0 < pixel_size_nm < np.inf:
        raise ParameterError(
            f"The pixel size {pixel_size_nm} nm is not a positive number: give nm per pixel."
        )
    largest = int(_LARGEST_TERM / max(1.0, pixel_size_nm))
    size = Fraction(float(pixel_size_nm)).limit_denominator(max(1, largest))
    if size.numerator > _LARGEST_TERM or size.numerator == 0:
        raise ParameterError(
            f"A pixel size of {pixel_size_nm} nm does not fit a TIFF: give nm per pixel."
        )
    return size.denominator, size.numerator
