"""Gatan DigitalMicrograph images (.dm3, .dm4), their tags and pixels read by ncempy."""

import os
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph.acquisition import acquisition, as_number
from heteroagg_gui.micrograph.limits import refuse_big_endian, refuse_stack, require_image
from heteroagg_gui.micrograph.raw_image import RawImage, Scale

_COLOUR = 23
_PIXELS = {
    1: "i2",
    2: "f4",
    3: "c8",
    5: "c8",
    6: "u1",
    7: "i4",
    9: "i1",
    10: "u2",
    11: "u4",
    12: "f8",
    13: "c16",
}
"""The number types ncempy reads, and packed complex, which is refused as complex."""

_PIXELS_AT = re.compile(r"\.ImageList\.(\d+)\.ImageData\.Data\.arrayOffset")
_THUMBNAIL = re.compile(r"\.Thumbnails\.\d+\.ImageIndex")


def read(path: Path) -> RawImage:
    """Read the one image of a DM3 or DM4 file, leaving its thumbnail aside."""
    from ncempy.io.dm import fileDM

    with path.open("rb") as file:
        _require_little_endian(file.read(16))
        file.seek(0)
        document = fileDM(file)
        tags = document.allTags
        image = f".ImageList.{_choose(tags)}."
        pixels = _pixels(document, f"{image}ImageData.", os.fstat(file.fileno()).st_size)
    scales = _scales(tags, f"{image}ImageData.")
    return RawImage(
        pixels,
        vertical=scales[-1] if len(scales) > 1 else Scale(),
        horizontal=scales[0],
        metadata=_metadata(tags, f"{image}ImageTags."),
    )


def _require_little_endian(head: bytes) -> None:
    """Refuse what ncempy does not read; the order stands after the file's size."""
    at = 12 if head[3:4] == b"\x04" else 8
    if head[at : at + 4] == b"\x00\x00\x00\x00":
        refuse_big_endian()


def _choose(tags: dict[str, Any]) -> int:
    """Return the number of the one image that is no thumbnail; ncempy counts from 1."""
    images = [int(found[1]) for found in map(_PIXELS_AT.fullmatch, tags) if found]
    if not images:
        raise MicrographError(
            "The file holds settings but no image: open the file of the image itself."
        )
    marked = {int(value) + 1 for name, value in tags.items() if _THUMBNAIL.fullmatch(name)}
    if not marked and len(images) > 1:
        first_kind = tags.get(f".ImageList.{images[0]}.ImageData.DataType")
        marked = {images[0]} if first_kind == _COLOUR else set()
    real = [number for number in images if number not in marked] or images
    if len(real) > 1:
        refuse_stack(len(real))
    return real[0]


def _extents(tags: dict[str, Any], data: str) -> list[int]:
    """Return the extents from columns upwards."""
    extents: list[int] = []
    while (name := f"{data}Dimensions.{len(extents) + 1}") in tags:
        extents.append(int(tags[name]))
    return extents


def _pixels(document: Any, data: str, file_size: int) -> NDArray[Any]:
    """Return the pixels once the exact tags have shown that they are there and fit.

    ncempy finds them by counting tags whose names contain certain words, so what it returns
    is compared with the exact tags.
    """
    tags = document.allTags
    dtype = _number_type(tags.get(f"{data}DataType"))
    height, width = require_image(_extents(tags, data)[::-1], dtype)
    offset, size = (int(tags[f"{data}Data.{name}"]) for name in ("arrayOffset", "arraySize"))
    if size != height * width * dtype.itemsize:
        raise ValueError("the pixels do not fill the image")
    if offset + size > file_size:
        raise EOFError("the file ends inside the pixels")
    place = document.dataOffset.index(offset)
    has_thumbnail = document.numObjects != 1  # what ncempy takes for granted
    pixels: NDArray[Any] = np.squeeze(document.getDataset(place - has_thumbnail)["data"])
    if pixels.shape != (height, width) or pixels.dtype != dtype:
        raise ValueError("the tags contradict each other")
    return pixels


def _number_type(kind: Any) -> np.dtype[Any]:
    if kind == _COLOUR:
        raise MicrographError("The image is in colour: export the micrograph as greyscale.")
    if kind not in _PIXELS:
        raise MicrographError(
            f"The file's pixels are of DigitalMicrograph's kind {kind}, which the program does "
            "not read: convert the image to real numbers of 4 bytes and save it again."
        )
    return np.dtype(_PIXELS[kind])


def _scales(tags: dict[str, Any], data: str) -> list[Scale]:
    """Return the scales from columns upwards, without those of extents of 1."""
    scales = []
    for axis, extent in enumerate(_extents(tags, data), start=1):
        value, unit = (
            tags.get(f"{data}Calibrations.Dimension.{axis}.{name}") for name in ("Scale", "Units")
        )
        if extent != 1:
            scales.append(Scale(as_number(value), unit if isinstance(unit, str) else ""))
    return scales or [Scale()]


def _metadata(tags: dict[str, Any], image: str) -> dict[str, str]:
    def tag(name: str) -> Any:
        return tags.get(image + name)

    def scaled(name: str, factor: float) -> float | None:
        number = as_number(tag(name))
        return None if number is None else number * factor

    return acquisition(
        voltage_v=tag("Microscope Info.Voltage"),
        semi_angle_rad=scaled("EELS.Convergence semi-angle (mrad)", 1e-3),
        dwell_time_s=scaled("DigiScan.Sample Time", 1e-6),
        camera_length_m=scaled("Microscope Info.STEM Camera Length", 1e-3),
        magnification=tag("Microscope Info.Indicated Magnification"),
        beam_current_a=scaled("Microscope Info.Probe Current (nA)", 1e-9),
        detector=tag("DataBar.Signal Name") or tag("Meta Data.Signal"),
        microscope=tag("Microscope Info.Name"),
        mode=tag("Microscope Info.Illumination Mode"),
        date=tag("DataBar.Acquisition Date"),
    )
