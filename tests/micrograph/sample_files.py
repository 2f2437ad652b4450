"""Writers of small valid microscope files, byte by byte where no library writes them."""

import json
import struct
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import tifffile

ROWS, COLUMNS = 40, 48
PIXEL_NM = 1.25


def speckle(dtype: str = "<u2", rows: int = ROWS, columns: int = COLUMNS) -> np.ndarray:
    """Return an image without any symmetry, so that a swapped axis or a flip shows."""
    values = np.random.default_rng(7).integers(0, 200, (rows, columns))
    values[:3] += 50
    return values.astype(dtype)


# ---- DigitalMicrograph ----

_DM_KINDS = {"i2": 1, "f4": 2, "c8": 3, "u1": 6, "i4": 7, "u2": 10, "f8": 12}
_DM_CODES = {"i2": 2, "i4": 3, "u2": 4, "u4": 5, "f4": 6, "f8": 7, "u1": 8, "i1": 9}


class _DmWriter:
    def __init__(self, version: int, order: str) -> None:
        self.version, self.order = version, order

    def word(self, value: int) -> bytes:
        return struct.pack(">Q" if self.version == 4 else ">I", value)

    def group(self, entries: dict[str, Any] | list[Any]) -> bytes:
        pairs = list(entries.items()) if isinstance(entries, dict) else [("", e) for e in entries]
        body = b"".join(self.entry(name, value) for name, value in pairs)
        return b"\x00\x00" + self.word(len(pairs)) + body

    def entry(self, name: str, value: Any) -> bytes:
        is_group = isinstance(value, (dict, list))
        body = self.group(value) if is_group else self.value(value)
        size = self.word(len(body)) if self.version == 4 else b""
        label = name.encode("latin-1")
        return struct.pack(">BH", 20 if is_group else 21, len(label)) + label + size + body

    def value(self, value: Any) -> bytes:
        if isinstance(value, str):
            value = np.frombuffer(value.encode("utf-16-le"), "<u2")
        if isinstance(value, float):
            return self._described([7], struct.pack(self.order + "d", value))
        if isinstance(value, int):
            return self._described([5], struct.pack(self.order + "I", value))
        if isinstance(value, tuple):  # a structure of two floats
            fields = [15, 0, 2, 0, 6, 0, 6]
            return self._described(fields, struct.pack(self.order + "2f", *value))
        array = np.asarray(value)
        if array.dtype.kind == "c":
            described = [20, 15, 0, 2, 0, 6, 0, 6, array.size]
        else:
            described = [20, _DM_CODES[array.dtype.str[1:]], array.size]
        return self._described(described, array.astype(array.dtype.newbyteorder(self.order)))

    def _described(self, words: list[int], data: Any) -> bytes:
        head = b"%%%%" + self.word(len(words)) + b"".join(map(self.word, words))
        return head + (data if isinstance(data, bytes) else data.tobytes())


def dm_image(pixels: np.ndarray, scales: list[tuple[float, str]]) -> dict[str, Any]:
    """Return the tags of one image; scales go from columns to rows, as in the files."""
    axes = [{"Origin": 0.0, "Scale": value, "Units": unit} for value, unit in scales]
    return {
        "ImageData": {
            "Calibrations": {"Dimension": axes},
            "Data": pixels.ravel(),
            "DataType": _DM_KINDS[pixels.dtype.str[1:]],
            "Dimensions": list(pixels.shape[::-1]),
        },
        "ImageTags": {
            "Microscope Info": {"Voltage": 300e3, "Corner": (1.5, 2.5), "Name": "Titan"},
            "DigiScan": {"Sample Time": 12.0},
            "DataBar": {"Signal Name": "HAADF"},
        },
    }


def dm_thumbnail() -> dict[str, Any]:
    pixels = np.arange(64, dtype="<i4")
    axes = [{"Origin": 0.0, "Scale": 1.0, "Units": ""}] * 2
    return {
        "ImageData": {
            "Calibrations": {"Dimension": axes},
            "Data": pixels,
            "DataType": 23,
            "Dimensions": [8, 8],
        }
    }


def dm_bytes(images: list[Any], version: int = 3, order: str = "<", **tags: Any) -> bytes:
    writer = _DmWriter(version, order)
    body = writer.group({**tags, "ImageList": images}) + b"\x00" * 8
    return struct.pack(">I", version) + writer.word(len(body)) + _dm_order(order) + body


def _dm_order(order: str) -> bytes:
    return struct.pack(">I", 1 if order == "<" else 0)


def write_dm(
    path: Path, pixels: np.ndarray | None = None, unit: str = "nm", **options: Any
) -> Path:
    pixels = speckle() if pixels is None else pixels
    image = dm_image(pixels, [(PIXEL_NM, unit)] * pixels.ndim)
    path.write_bytes(dm_bytes([dm_thumbnail(), image], **options))
    return path


# ---- TIA series ----


def write_ser(
    path: Path,
    pixels: np.ndarray | None = None,
    step_m: tuple[float, float] = (PIXEL_NM * 1e-9, PIXEL_NM * 1e-9),
    count: int = 1,
    new: bool = False,
    kind: int = 0x4122,
) -> Path:
    """Write a series; ``step_m`` is that of the columns, then of the rows."""
    pixels = speckle() if pixels is None else pixels
    offset = "<q" if new else "<i"
    head = struct.pack("<hhh", 0x4949, 0x0197, 0x220 if new else 0x210)
    head += struct.pack("<iiii", kind, 0x4152, count, count)
    table_at = len(head) + struct.calcsize(offset) + 4
    element_at = table_at + 2 * max(count, 1) * struct.calcsize(offset)
    head += struct.pack(offset, table_at) + struct.pack("<i", 0)
    table = struct.pack(offset, element_at) * max(count, 1) * 2
    codes = {"u1": 1, "u2": 2, "u4": 3, "i2": 5, "i4": 6, "f4": 7, "f8": 8, "c8": 9}
    element = b"".join(struct.pack("<ddi", 0.0, step, 0) for step in step_m)
    element += struct.pack("<hii", codes[pixels.dtype.str[1:]], *pixels.shape[::-1])
    path.write_bytes(head + table + element + pixels[::-1].tobytes())
    return path


# ---- MRC ----


def write_mrc(
    path: Path,
    pixels: np.ndarray | None = None,
    cell_angstrom: tuple[float, float] | None = None,
    order: str = "<",
    extended: bytes = b"",
    stamped: bool = True,
    imod_unsigned: bool = False,
) -> Path:
    """Write an MRC; ``cell_angstrom`` is the field of view along columns, then rows."""
    pixels = speckle("i2") if pixels is None else pixels
    modes = {"i1": 0, "u1": 0, "i2": 1, "f4": 2, "c8": 4, "u2": 6, "f2": 12}
    rows, columns = pixels.shape[-2:]
    sections = pixels.shape[0] if pixels.ndim == 3 else 1
    if cell_angstrom is None:
        cell_angstrom = (columns * PIXEL_NM * 10, rows * PIXEL_NM * 10)
    head = bytearray(1024)
    mode = modes[pixels.dtype.str[1:]]
    struct.pack_into(order + "4i", head, 0, columns, rows, sections, mode)
    struct.pack_into(order + "3i", head, 28, columns, rows, sections)
    struct.pack_into(order + "3f", head, 40, *cell_angstrom, 1.0)
    struct.pack_into(order + "i", head, 92, len(extended))
    if imod_unsigned:
        struct.pack_into(order + "2i", head, 152, 1146047817, 0)
    if stamped:
        head[208:212] = b"MAP "
        head[212:214] = b"\x44\x44" if order == "<" else b"\x11\x11"
    path.write_bytes(
        bytes(head) + extended + pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
    )
    return path


# ---- EMD ----


def velox_metadata(detector: str = "HAADF", size: float = PIXEL_NM * 1e-9, unit: str = "m") -> dict:
    return {
        "BinaryResult": {
            "Detector": detector,
            "PixelSize": {"width": str(size), "height": str(size)},
            "PixelUnitX": unit,
            "PixelUnitY": unit,
        },
        "Optics": {"AccelerationVoltage": "300000", "BeamConvergence": "-0.0211"},
        "Scan": {"DwellTime": "2e-06"},
        "Acquisition": {"AcquisitionStartDatetime": {"DateTime": "1596041374"}},
        "Stage": {"AlphaTilt": "0"},
        "Detectors": {
            "Detector-0": {
                "DetectorName": "BF",
                "CollectionAngleRange": {"begin": "0", "end": "0"},
            },
            "Detector-1": {
                "DetectorName": detector,
                "CollectionAngleRange": {"begin": "0.055", "end": "0.25"},
            },
        },
    }


def write_velox(path: Path, *images: tuple[np.ndarray, dict]) -> Path:
    """Write a Velox file of (pixels, metadata), one HAADF image by default."""
    images = images or ((speckle(), velox_metadata()),)
    with h5py.File(path, "w") as file:
        file.create_group("Data")
        for number, (pixels, metadata) in enumerate(images):
            group = file.create_group(f"Data/Image/{number:032d}")
            group["Data"] = pixels if pixels.ndim == 3 else pixels[..., None]
            text = np.zeros((4000, 1), np.uint8)
            encoded = json.dumps(metadata).encode()
            text[: len(encoded), 0] = np.frombuffer(encoded, np.uint8)
            group["Metadata"] = text
    return path


def write_berkeley(
    path: Path, pixels: np.ndarray | None = None, unit: str = "[n_m]", **steps: float
) -> Path:
    """Write a Berkeley file; ``dim1`` and so on override the step of an axis."""
    pixels = speckle() if pixels is None else pixels
    with h5py.File(path, "w") as file:
        group = file.create_group("data/scan")
        group.attrs["emd_group_type"] = 1
        group["data"] = pixels
        for axis, extent in enumerate(pixels.shape, start=1):
            step = steps.get(f"dim{axis}", PIXEL_NM)
            group[f"dim{axis}"] = 3.0 + step * np.arange(extent)
            group[f"dim{axis}"].attrs["units"] = unit
        file.create_group("microscope").attrs["voltage"] = 300e3
    return path


# ---- TIFF ----


def write_imagej(path: Path, unit: str = "nm", pixels_per_unit: float = 1 / PIXEL_NM) -> Path:
    tifffile.imwrite(
        path,
        speckle("u2"),
        imagej=True,
        resolution=(pixels_per_unit, pixels_per_unit),
        metadata={"unit": unit},
    )
    return path


WRITERS = {
    "scan.dm3": write_dm,
    "scan.dm4": lambda path: write_dm(path, version=4),
    "scan.ser": write_ser,
    "scan.mrc": write_mrc,
    "velox.emd": write_velox,
    "berkeley.emd": write_berkeley,
    "scan.tif": write_imagej,
}
"""One writer per format that carries a calibration, by the name of the file."""
