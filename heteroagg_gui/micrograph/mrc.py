"""MRC images (.mrc), the format of MRC2014 and IMOD, read by ncempy."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph.limits import refuse_big_endian, refuse_stack, require_image
from heteroagg_gui.micrograph.raw_image import RawImage, Scale

HEADER_BYTES = 1024
_BYTES, _COMPLEX = 0, (3, 4)
_IMOD_STAMP, _IMOD_SIGNED = 1146047817, 1
_PLACEHOLDER_ANGSTROM = 1.0
"""What programs write that know no pixel size."""


def read(path: Path) -> RawImage:
    """Read the one image of an MRC file."""
    from ncempy.io.mrc import fileMRC

    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size < HEADER_BYTES:
            raise EOFError("the header is cut short")
        header = fileMRC(file)
        _require_little_endian(header.dataSize)
        sections, rows, columns = map(int, header.dataSize)
        if min(sections, rows, columns) < 1 or header.dataOffset < HEADER_BYTES:
            raise ValueError("no MRC header")
        dtype = _number_type(header)
        if sections > 1:
            refuse_stack(sections)
        require_image((rows, columns), dtype)
        if size < int(header.dataOffset) + rows * columns * dtype.itemsize:
            raise EOFError("the pixels are cut short")
        pixels = header.getDataset()["data"].reshape(rows, columns).view(dtype)
    return _calibrated(RawImage(pixels, vertical=_scale(header, 1), horizontal=_scale(header, 2)))


def _require_little_endian(extents: Any) -> None:
    """Refuse the order that ncempy misreads: any extent below 65536 turns into one above."""
    swapped = extents.byteswap()
    if swapped.min() > 0 and swapped.max() < extents.astype("u4").max():
        refuse_big_endian()


def _number_type(header: Any) -> np.dtype[Any]:
    if header.mrcType in _COMPLEX:
        raise MicrographError(
            "The file holds complex numbers, as a Fourier transform does: export the image itself."
        )
    if header.dataType is None:
        raise MicrographError(
            f"The file's pixels are of MRC mode {header.mrcType}, which the program does not "
            "read: save the image with real numbers of 4 bytes (mode 2)."
        )
    stamp, flags = header.extra[16:18]
    if header.mrcType == _BYTES and stamp == _IMOD_STAMP and not flags & _IMOD_SIGNED:
        return np.dtype("u1")
    dtype: np.dtype[Any] = np.dtype(header.dataType)
    return dtype


def _scale(header: Any, axis: int) -> Scale:
    """Return the edge of a pixel: the cell's edge over the steps along it.

    ncempy's own pixel size stands for 1 where either is missing, and takes any extended
    header for one of FEI's.
    """
    steps, cell_angstrom = int(header.gridSize[axis]), float(header.volumeSize[axis])
    if steps < 1 or cell_angstrom == 0:
        return Scale()
    return Scale(cell_angstrom / steps, "Å")


def _calibrated(raw: RawImage) -> RawImage:
    """Return the image without the scale that stands for none."""
    if not raw.horizontal.value == raw.vertical.value == _PLACEHOLDER_ANGSTROM:
        return raw
    note = "the file states exactly 1 Å per pixel, which programs write that know no pixel size"
    return RawImage(raw.pixels, metadata={"calibration": note})
