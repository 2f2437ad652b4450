"""TIFF images of any origin, calibrated where their writer said so."""

import itertools
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph import picture
from heteroagg_gui.micrograph.limits import refuse_stack, require_image
from heteroagg_gui.micrograph.raw_image import RawImage
from heteroagg_gui.micrograph.tiff_metadata import stated

if TYPE_CHECKING:
    from tifffile import TiffFile, TiffPage

_PHOTOMETRIC_WHITE_IS_ZERO = 0
_PALETTE = 3
_PAGES_LOOKED_AT = 16
_UNPACKED_BY_TIFFFILE = frozenset({1, 8, 32773, 32946})
"""No compression, Deflate (two codes) and PackBits; Pillow unpacks LZW, JPEG and others."""

# What tifffile finds odd in a file goes to the log, if there is one, not to the terminal.
logging.getLogger("tifffile").addHandler(logging.NullHandler())


def read(path: Path) -> RawImage:
    """Read the one image of a TIFF file."""
    from tifffile import TiffFile

    with TiffFile(path) as tiff:
        page = _only_page(tiff)
        channels = _channels(page)
        if page.dtype is None:
            raise MicrographError(
                "The TIFF's pixels are of an unusual size in bits: save the image with 8, 16 or "
                "32 bits per pixel."
            )
        require_image(_shape_without_channels(page), page.dtype)
        _require_complete(page, path.stat().st_size)
        pixels = _pixels(page, path, channels)
        vertical, horizontal, metadata, bar = stated(page)
    if 0 < bar < pixels.shape[0]:
        pixels = pixels[: pixels.shape[0] - bar]
        require_image(pixels.shape[:2], pixels.dtype)
        metadata["data bar"] = f"{bar} rows below the image cut off"
    return RawImage(pixels, vertical, horizontal, metadata)


def _only_page(tiff: "TiffFile") -> "TiffPage":
    """Return the page of the one image; smaller copies of it do not count."""
    count = len(tiff.pages)
    if count == 0:
        raise EOFError("the list of images is cut off")
    pages: list[Any] = list(itertools.islice(tiff.pages, _PAGES_LOOKED_AT))
    full = [page for page in pages if not page.is_reduced]
    count -= len(pages) - len(full)
    # ImageJ writes stacks of more than 4 GiB as one page and a number
    described = (tiff.imagej_metadata or {}).get("images", 1)
    count = max(count, described if isinstance(described, int) else 1)
    if count > 1:
        refuse_stack(count)
    page: TiffPage = full[0] if full else pages[0]
    if "ImageWidth" not in page.tags:
        raise EOFError("the description of the image is cut off")
    return page


def _channels(page: "TiffPage") -> int:
    """Return how many samples a pixel has."""
    axes = page.axes
    return int(page.shape[axes.index("S")]) if "S" in axes else 1


def _shape_without_channels(page: "TiffPage") -> tuple[int, ...]:
    return tuple(extent for extent, axis in zip(page.shape, page.axes, strict=True) if axis != "S")


def _require_complete(page: "TiffPage", file_bytes: int) -> None:
    """Refuse pixels behind the end of the file, and missing ones, which are read as zeros."""
    ends = [
        offset + count for offset, count in zip(page.dataoffsets, page.databytecounts, strict=False)
    ]
    if not ends or max(ends) > file_bytes or min(page.databytecounts) < 1:
        raise EOFError("the pixels are cut short")


def _pixels(page: "TiffPage", path: Path, channels: int) -> NDArray[Any]:
    """Return pixels as (height, width) or (height, width, channels), white being high."""
    if int(page.compression) in _UNPACKED_BY_TIFFFILE:
        pixels = page.asarray()
        if channels > 1 and page.axes.startswith("S"):
            pixels = np.moveaxis(pixels, 0, -1)
        if int(page.photometric) == _PALETTE and page.colormap is not None:
            return np.moveaxis(page.colormap[:, pixels], 0, -1)
        if int(page.photometric) == _PHOTOMETRIC_WHITE_IS_ZERO:
            return _inverted(pixels)
        return pixels
    return _unpacked_by_pillow(page, path)


def _inverted(pixels: NDArray[Any]) -> NDArray[Any]:
    if pixels.dtype.kind == "b":
        return ~pixels
    if pixels.dtype.kind == "u":
        return np.asarray(np.iinfo(pixels.dtype).max - pixels)
    return -pixels.astype(np.float64)


def _unpacked_by_pillow(page: "TiffPage", path: Path) -> NDArray[Any]:
    """Return the pixels of a file whose compression needs a C library that Pillow has."""
    from PIL import TiffImagePlugin
    from tifffile import COMPRESSION

    try:
        with path.open("rb") as file, TiffImagePlugin.TiffImageFile(file) as image:
            image.seek(page.index)
            return picture.decode_frame(image)
    except (OSError, SyntaxError, ValueError, KeyError) as error:
        raise MicrographError(
            f"The TIFF's pixels can't be unpacked ({COMPRESSION(page.compression).name}): "
            "save the image without compression."
        ) from error
