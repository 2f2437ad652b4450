"""MRC images (.mrc), the format of MRC2014 and IMOD."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph.limits import refuse_stack, require_image
from heteroagg_gui.micrograph.raw_image import RawImage, Scale

HEADER_BYTES = 1024
_PIXELS = {0: "i1", 1: "i2", 2: "f4", 3: "c8", 4: "c8", 6: "u2", 12: "f2"}
_ORDERS: tuple[Literal["<"], Literal[">"]] = ("<", ">")
_IMOD_STAMP, _IMOD_SIGNED = 1146047817, 1
_PLACEHOLDER_ANGSTROM = 1.0
"""What programs write that know no pixel size."""


@dataclass(frozen=True)
class _Header:
    shape: tuple[int, int, int]
    mode: int
    steps: tuple[int, int]
    cell_angstrom: tuple[float, float]
    extended_bytes: int
    signed_bytes: bool
    byte_order: Literal["<", ">"]


def read(path: Path) -> RawImage:
    """Read the one image of an MRC file."""
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES)
        if len(head) < HEADER_BYTES:
            raise EOFError("the header is cut short")
        header = _parse(head)
        dtype = _number_type(header)
        sections, rows, columns = header.shape
        if sections > 1:
            refuse_stack(sections)
        require_image((rows, columns), dtype)
        file.seek(HEADER_BYTES + header.extended_bytes)
        content = file.read(rows * columns * dtype.itemsize)
    if len(content) < rows * columns * dtype.itemsize:
        raise EOFError("the pixels are cut short")
    horizontal, vertical = (
        _scale(cell, steps) for cell, steps in zip(header.cell_angstrom, header.steps, strict=True)
    )
    metadata = {}
    if horizontal.value == vertical.value == _PLACEHOLDER_ANGSTROM:
        horizontal = vertical = Scale()
        metadata["calibration"] = (
            "the file states exactly 1 Å per pixel, which programs write that know no pixel size"
        )
    return RawImage(
        np.frombuffer(content, dtype=dtype).reshape(rows, columns), vertical, horizontal, metadata
    )


def _parse(head: bytes) -> _Header:
    """Return the header's fields in the byte order that makes them small.

    Read in the wrong order, any extent below 65536 turns into one above it.
    """
    headers = [header for order in _ORDERS if (header := _parse_as(order, head))]
    if not headers:
        raise ValueError("no MRC header")
    return min(headers, key=lambda header: header.shape)


def _parse_as(order: Literal["<", ">"], head: bytes) -> _Header | None:
    columns, rows, sections, mode = struct.unpack_from(order + "4i", head)
    (extended,) = struct.unpack_from(order + "i", head, 92)
    if min(columns, rows, sections) < 1 or mode not in _PIXELS or extended < 0:
        return None
    stamp, flags = struct.unpack_from(order + "2i", head, 152)
    return _Header(
        shape=(sections, rows, columns),
        mode=mode,
        steps=struct.unpack_from(order + "2i", head, 28),
        cell_angstrom=struct.unpack_from(order + "2f", head, 40),
        extended_bytes=extended,
        signed_bytes=stamp != _IMOD_STAMP or bool(flags & _IMOD_SIGNED),
        byte_order=order,
    )


def _number_type(header: _Header) -> np.dtype:
    if header.mode in (3, 4):
        raise MicrographError(
            "The file holds complex numbers, as a Fourier transform does: export the image itself."
        )
    name = "u1" if header.mode == 0 and not header.signed_bytes else _PIXELS[header.mode]
    return np.dtype(name).newbyteorder(header.byte_order)


def _scale(cell_angstrom: float, steps: int) -> Scale:
    """Return the edge of a pixel: the cell's edge over the steps along it."""
    if steps < 1 or cell_angstrom == 0:
        return Scale()
    return Scale(cell_angstrom / steps, "Å")
