"""Gatan DigitalMicrograph images (.dm3, .dm4)."""

import math
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph.acquisition import acquisition, as_number
from heteroagg_gui.micrograph.dm_tags import PIXELS, Block, DamagedTagsError, Tags, read_tags, tag
from heteroagg_gui.micrograph.limits import refuse_stack, require_image
from heteroagg_gui.micrograph.raw_image import RawImage, Scale

_COLOUR = 23
_PIXELS = {
    1: "i2",
    2: "f4",
    3: "c8",
    6: "u1",
    7: "i4",
    9: "i1",
    10: "u2",
    11: "u4",
    12: "f8",
    13: "c16",
    14: "u1",
    39: "i8",
    40: "u8",
}
_PACKED_COMPLEX = 5
_BLUE_GREEN_RED = [2, 1, 0]


def read(path: Path) -> RawImage:
    """Read the one image of a DM3 or DM4 file, leaving its thumbnail aside."""
    with path.open("rb") as file:
        tags = read_tags(file)
        image = _choose(tags.tree)
        data = tag(image, "ImageData")
        extents = [int(extent) for extent in _in_order(tag(data, "Dimensions"))]
        pixels = _pixels(file, tags, data, extents)
    axes = _in_order(tag(data, "Calibrations", "Dimension"))
    scales = [_scale(axis) for axis, extent in zip(axes, extents, strict=False) if extent != 1] or [
        Scale()
    ]
    return RawImage(
        pixels,
        vertical=scales[-1] if len(scales) > 1 else Scale(),
        horizontal=scales[0],
        metadata=_metadata(tag(image, "ImageTags")),
    )


def _in_order(group: Any) -> list[Any]:
    return list(group.values()) if isinstance(group, dict) else []


def _choose(tree: dict[str, Any]) -> Any:
    """Return the tags of the one image that is no thumbnail."""
    images = [image for image in _in_order(tree.get("ImageList")) if tag(image, "ImageData")]
    if not images:
        raise MicrographError(
            "The file holds settings but no image: open the file of the image itself."
        )
    marked = {
        tag(entry, "ImageIndex") for entry in _in_order(tree.get("Thumbnails"))
    } or _first_colour(images)
    real = [image for index, image in enumerate(images) if index not in marked] or images
    if len(real) > 1:
        refuse_stack(len(real))
    return real[0]


def _first_colour(images: list[Any]) -> set[int]:
    """Return the index of the thumbnail in a file that does not mark it."""
    unmarked = len(images) > 1 and tag(images[0], "ImageData", "DataType") == _COLOUR
    return {0} if unmarked else set()


def _pixels(file: BinaryIO, tags: Tags, data: Any, extents: list[int]) -> NDArray[Any]:
    kind, block = tag(data, "DataType"), tag(data, PIXELS)
    channels = 4 if kind == _COLOUR else 1
    dtype = _number_type(kind).newbyteorder(tags.byte_order)
    height, width = require_image(extents[::-1], dtype)
    size = height * width * channels * dtype.itemsize
    if not isinstance(block, Block) or block.size != size:
        raise DamagedTagsError("the pixels do not fill the image")
    file.seek(block.offset)
    values = np.frombuffer(file.read(size), dtype=dtype)
    if channels == 4:
        return values.reshape(height, width, 4)[..., _BLUE_GREEN_RED]
    return values.reshape(height, width)


def _number_type(kind: Any) -> np.dtype[Any]:
    if kind == _COLOUR:
        return np.dtype("u1")
    if kind == _PACKED_COMPLEX:
        return np.dtype("c8")
    if kind not in _PIXELS:
        raise MicrographError(
            f"The file's pixels are of DigitalMicrograph's kind {kind}, which the program does "
            "not read: convert the image to real numbers of 4 bytes and save it again."
        )
    return np.dtype(_PIXELS[kind])


def _scale(axis: Any) -> Scale:
    unit = tag(axis, "Units")
    return Scale(as_number(tag(axis, "Scale")), unit if isinstance(unit, str) else "")


def _metadata(tags: Any) -> dict[str, str]:
    microscope = tag(tags, "Microscope Info")
    dwell_us = as_number(tag(tags, "DigiScan", "Sample Time"))
    camera_mm = as_number(tag(microscope, "STEM Camera Length"))
    angle_mrad = as_number(tag(tags, "EELS", "Convergence semi-angle (mrad)"))
    return acquisition(
        voltage_v=tag(microscope, "Voltage"),
        semi_angle_rad=_scaled(angle_mrad, 1e-3),
        dwell_time_s=_scaled(dwell_us, 1e-6),
        camera_length_m=_scaled(camera_mm, 1e-3),
        magnification=tag(microscope, "Indicated Magnification"),
        detector=tag(tags, "DataBar", "Signal Name") or tag(tags, "Meta Data", "Signal"),
        microscope=tag(microscope, "Name"),
        mode=tag(microscope, "Illumination Mode"),
        date=tag(tags, "DataBar", "Acquisition Date"),
    )


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None or math.isnan(value) else value * factor
