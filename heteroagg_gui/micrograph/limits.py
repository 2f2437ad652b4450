"""What counts as one image, judged by its shape before anything is decoded."""

import math
from collections.abc import Sequence
from typing import NoReturn

import numpy as np

from heteroagg_gui.core.errors import MicrographError

SMALLEST_SIDE = 32
LARGEST_SIDE = 16384
LARGEST_BYTES = 2**30


def require_image(shape: Sequence[int], dtype: np.dtype) -> tuple[int, int]:
    """Return the height and width of the one image that data of this shape hold.

    Parameters
    ----------
    shape
        Extents with the columns last and the stack, if any, first; extents of 1 are
        ignored. Colour channels do not belong here.
    dtype
        Number type of one pixel.

    Raises
    ------
    MicrographError
        If the data are a spectrum, a stack, too small, too large or no intensities.
    """
    sides = [int(side) for side in shape if side != 1]
    if len(shape) == 0 or any(side < 1 for side in sides):
        raise MicrographError("The file holds no pixels: export the image again.")
    if len(sides) > 2:
        refuse_stack(math.prod(sides[:-2]))
    if len(sides) == 1 and sides[0] >= SMALLEST_SIDE:
        raise MicrographError(
            f"The file holds one row of {sides[0]} values, a spectrum or a line profile: "
            "open the HAADF-STEM image recorded with it."
        )
    if dtype.kind == "c":
        raise MicrographError(
            "The file holds complex numbers, as a Fourier transform does: export the image itself."
        )
    if dtype.kind not in "buif":
        raise MicrographError(
            "The file's pixels are no plain intensities: export the image as greyscale."
        )
    height, width = (1, 1, *sides)[-2:]
    _require_size(height, width, dtype.itemsize)
    return height, width


def _require_size(height: int, width: int, itemsize: int) -> None:
    if min(height, width) < SMALLEST_SIDE:
        raise MicrographError(
            f"The image is tiny ({width} x {height} pixels): "
            f"open one of at least {SMALLEST_SIDE} pixels a side."
        )
    if max(height, width) > LARGEST_SIDE:
        raise MicrographError(
            f"The image is too large ({width} x {height} pixels): crop it or reduce it to "
            f"at most {LARGEST_SIDE} pixels a side."
        )
    size = height * width * itemsize
    if size > LARGEST_BYTES:
        raise MicrographError(
            f"The image is too large ({size / 2**30:.1f} GiB): crop it or reduce it to "
            f"at most {LARGEST_BYTES // 2**30} GiB."
        )


def refuse_stack(count: int) -> NoReturn:
    """Raise for a file of several images.

    Raises
    ------
    MicrographError
        Always; the sentence says how many there are.
    """
    raise MicrographError(
        f"The file holds a stack of {count} images: export one of them as a single image."
    )


def refuse_big_endian() -> NoReturn:
    """Raise for a file whose numbers have their first byte first.

    Raises
    ------
    MicrographError
        Always.
    """
    raise MicrographError(
        "The file is written in the byte order of old workstations (big-endian), which the "
        "program does not read: save it again on a current computer or export it as TIFF."
    )
