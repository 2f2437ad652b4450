"""FEI/Thermo TIA series (.ser) and the .emi file beside them, read by ncempy."""

import contextlib
import os
import re
import struct
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph.acquisition import acquisition, as_number
from heteroagg_gui.micrograph.limits import refuse_stack, require_image
from heteroagg_gui.micrograph.raw_image import RawImage, Scale

_SPECTRA = 0x4120
_CALIBRATIONS_BYTES = 40
"""Two axes, each of two doubles and a whole number, before kind and extents of the pixels."""

_RECIPROCAL_FROM = 1e3
"""A step this large is in 1/m: no image has pixels of a kilometre."""

_LARGEST_EMI = 2**26


def read(path: Path) -> RawImage:
    """Read the one image of a TIA series."""
    from ncempy.io.ser import fileSER

    with path.open("rb", buffering=0) as file:
        # ncempy reads the settings beside the name and fails where they are damaged;
        # nothing lies beside this one, and the settings are read apart.
        file.name = str(path / "series")
        series = fileSER(file)
        # Version 1.16 misspells bytes (" <u1"), which numpy refuses.
        series._dictDataType = {code: name.strip() for code, name in series._dictDataType.items()}
        _require_one_image(series.head)
        _require_pixels(file, series)
        pixels, element = series.getDataset(0)
    step_x, step_y = (float(axis["CalibrationDelta"]) for axis in element["Calibration"])
    return RawImage(
        pixels,
        vertical=_scale(step_y),
        horizontal=_scale(step_x),
        metadata=_companion_metadata(path),
    )


def _require_one_image(head: dict[str, Any]) -> None:
    if head["DataTypeID"] == _SPECTRA:
        raise MicrographError(
            "The file holds spectra: open the HAADF-STEM image recorded with them."
        )
    count = int(head["ValidNumberElements"])
    if count < 1:
        raise MicrographError(
            "The file holds no image, as after an acquisition that was stopped: record it again."
        )
    if count > 1:
        refuse_stack(count)


def _require_pixels(file: FileIO, series: Any) -> None:
    """Look at the image's extents, which ncempy reads and decodes in one go."""
    file.seek(series.head["DataOffsetArray"][0] + _CALIBRATIONS_BYTES)
    element = file.read(struct.calcsize("<hii"))
    if len(element) < struct.calcsize("<hii"):
        raise EOFError("the file ends before the pixels")
    kind, width, height = struct.unpack("<hii", element)
    if kind not in series._dictDataType:
        raise ValueError(f"pixels of kind {kind}")
    dtype = np.dtype(series._dictDataType[kind])
    require_image((height, width), dtype)
    if file.tell() + height * width * dtype.itemsize > os.fstat(file.fileno()).st_size:
        raise EOFError("the file ends inside the pixels")


def _scale(step: float) -> Scale:
    return Scale(step, "1/m" if step >= _RECIPROCAL_FROM else "m")


def _companion_metadata(path: Path) -> dict[str, str]:
    """Return what the .emi file says: ``scan_1.ser`` belongs to ``scan.emi``."""
    from ncempy.io.ser import read_emi

    companion = path.with_name(re.sub(r"_\d+$", "", path.stem) + ".emi")
    settings: dict[str, Any] = {}
    with contextlib.suppress(Exception):  # the image is good without its settings
        if companion.is_file() and companion.stat().st_size <= _LARGEST_EMI:
            settings = read_emi(companion)
    entries = {name.rpartition(" [")[0] or name: value for name, value in settings.items()}
    return acquisition(
        voltage_v=entries.get("AcceleratingVoltage")
        or (as_number(entries.get("High tension")) or 0.0) * 1e3,
        dwell_time_s=entries.get("DwellTimePath"),
        camera_length_m=entries.get("Camera length"),
        magnification=entries.get("Magnification"),
        detector=entries.get("CameraNamePath"),
        microscope=entries.get("Microscope"),
        mode=entries.get("Mode"),
        date=entries.get("AcquireDate"),
    )
