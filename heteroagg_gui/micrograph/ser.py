"""FEI/Thermo TIA series (.ser), with what the .emi file beside it says."""

import os
import re
import struct
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph.acquisition import acquisition, as_number
from heteroagg_gui.micrograph.limits import refuse_stack, require_image
from heteroagg_gui.micrograph.markup import find_element, find_text, parse_xml
from heteroagg_gui.micrograph.raw_image import RawImage, Scale

_LITTLE_ENDIAN, _SERIES = 0x4949, 0x0197
_OLD_VERSION, _NEW_VERSION = 0x0210, 0x0220
_SPECTRA, _IMAGES = 0x4120, 0x4122
_PIXELS = {
    1: "<u1",
    2: "<u2",
    3: "<u4",
    4: "<i1",
    5: "<i2",
    6: "<i4",
    7: "<f4",
    8: "<f8",
    9: "<c8",
    10: "<c16",
}
_RECIPROCAL_FROM = 1e3
"""A step this large is in 1/m: no image has pixels of a kilometre."""

_LARGEST_EMI = 2**26


def read(path: Path) -> RawImage:
    """Read the one image of a TIA series."""
    with path.open("rb") as file:
        file.seek(_first_element(file))
        _, step_x, _ = _unpack(file, "<ddi")
        _, step_y, _ = _unpack(file, "<ddi")
        kind, width, height = _unpack(file, "<hii")
        if kind not in _PIXELS:
            raise ValueError(f"pixels of kind {kind}")
        dtype = np.dtype(_PIXELS[kind])
        require_image((height, width), dtype)
        values = np.frombuffer(_take(file, height * width * dtype.itemsize), dtype=dtype)
    return RawImage(
        values.reshape(height, width)[::-1],  # rows run upwards in the file
        vertical=_scale(step_y),
        horizontal=_scale(step_x),
        metadata=_companion_metadata(path),
    )


def _take(file: BinaryIO, size: int) -> bytes:
    if size > os.fstat(file.fileno()).st_size - file.tell():
        raise EOFError("the file ends too early")
    return file.read(size)


def _unpack(file: BinaryIO, layout: str) -> tuple[Any, ...]:
    return struct.unpack(layout, _take(file, struct.calcsize(layout)))


def _first_element(file: BinaryIO) -> int:
    """Return the offset in bytes of the one image, checking that it is one."""
    order, series, version = _unpack(file, "<hhh")
    if order != _LITTLE_ENDIAN or series != _SERIES or version not in (_OLD_VERSION, _NEW_VERSION):
        raise ValueError("no TIA series")
    kind, _, _, count = _unpack(file, "<iiii")
    if kind == _SPECTRA:
        raise MicrographError(
            "The file holds spectra: open the HAADF-STEM image recorded with them."
        )
    if kind != _IMAGES:
        raise ValueError(f"elements of kind {kind}")
    if count < 1:
        raise MicrographError(
            "The file holds no image, as after an acquisition that was stopped: record it again."
        )
    if count > 1:
        refuse_stack(count)
    offset = "<i" if version == _OLD_VERSION else "<q"
    (table,) = _unpack(file, offset)
    file.seek(table)
    (element,) = _unpack(file, offset)
    return int(element)


def _scale(step: float) -> Scale:
    return Scale(step, "1/m" if step >= _RECIPROCAL_FROM else "m")


def _companion_metadata(path: Path) -> dict[str, str]:
    """Return what the .emi file says: ``scan_1.ser`` belongs to ``scan.emi``."""
    companion = path.with_name(re.sub(r"_\d+$", "", path.stem) + ".emi")
    try:
        if not companion.is_file() or companion.stat().st_size > _LARGEST_EMI:
            return {}
        content = companion.read_bytes()
    except OSError:
        return {}
    start, end = content.find(b"<ObjectInfo>"), content.find(b"</ObjectInfo>")
    root = parse_xml(content[start : end + len(b"</ObjectInfo>")]) if 0 <= start < end else None
    if root is None:
        return {}
    entries = {
        find_text(entry, "Label"): find_text(entry, "Value")
        for entry in find_element(root, "ExperimentalDescription", "Root") or ()
    }
    volts = find_text(root, "ExperimentalConditions", "MicroscopeConditions", "AcceleratingVoltage")
    return acquisition(
        voltage_v=volts or (as_number(entries.get("High tension")) or 0.0) * 1e3,
        dwell_time_s=find_text(root, "AcquireInfo", "DwellTimePath"),
        camera_length_m=entries.get("Camera length"),
        magnification=entries.get("Magnification"),
        detector=find_text(root, "AcquireInfo", "CameraNamePath"),
        microscope=entries.get("Microscope"),
        mode=entries.get("Mode"),
        date=find_text(root, "AcquireDate"),
    )
