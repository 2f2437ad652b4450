"""Chunks as NPZ files: the same bytes for the same arrays, and images read one by one."""

import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.aggregate import Aggregate, Relaxations
from heteroagg_gui.core.errors import DataSetError

Arrays = dict[str, NDArray[Any]]

LAYOUT: dict[str, tuple[str, tuple[int, ...]]] = {
    "index": ("<i8", ()),
    "theta": ("<f8", (4,)),
    "configuration": ("<i4", ()),
    "part": ("|u1", ()),
    "full_scale": ("<f4", ()),
    "box": ("<i4", (4,)),
    "pixel_start": ("<i8", ()),
    "levels": ("|u1", ()),
    "particle_start": ("<i8", ()),
    "positions_nm": ("<f8", (3,)),
    "radii_nm": ("<f8", ()),
    "labels": ("|u1", ()),
    "clusters": ("<i4", ()),
    "relaxations": ("<i4", (4,)),
    "descriptors": ("<f8", (9,)),
}
"""Type and shape behind the first axis of every array in a file."""

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_LOCAL_HEADER = struct.Struct("<26xHH")


def chunk_name(index: int) -> str:
    """Return the path of a chunk below the set's folder."""
    return f"chunks/chunk_{index:05d}.npz"


def pack(arrays: Arrays) -> bytes:
    """Return the NPZ file of a chunk: not compressed, without times or any other chance."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, (kind, _) in LAYOUT.items():
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=_EARLIEST)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            member = io.BytesIO()
            array = np.ascontiguousarray(arrays[name], dtype=np.dtype(kind))
            np.lib.format.write_array(member, array, version=(1, 0), allow_pickle=False)
            archive.writestr(entry, member.getbuffer())
    return stream.getvalue()


class ChunkFile:
    """One file of a set. Pixels stay on the disk, and are read image by image.

    ``arrays`` holds all others.

    Parameters
    ----------
    path
        An NPZ file that :func:`pack` made.

    Raises
    ------
    DataSetError
        If the file is missing or holds anything else.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pixels_at = self._pixels = 0
        try:
            self.arrays: Arrays = self._read()
            self._check()
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise DataSetError(
                f"The file '{path.name}' of the training data can't be read ({error}): "
                "run 'heteroagg generate' again on its folder, which replaces damaged files."
            ) from error

    def _read(self) -> Arrays:
        with zipfile.ZipFile(self.path) as archive:
            arrays: Arrays = {}
            for name, (kind, tail) in LAYOUT.items():
                entry = archive.getinfo(f"{name}.npy")
                if entry.compress_type != zipfile.ZIP_STORED:
                    raise ValueError(f"'{name}' is compressed")
                with archive.open(entry) as member:
                    header = member.read(8)
                    if header != b"\x93NUMPY\x01\x00":
                        raise ValueError(f"'{name}' is no array")
                    shape, fortran, dtype = np.lib.format.read_array_header_1_0(member)
                    if dtype != np.dtype(kind) or shape[1:] != tail or fortran:
                        raise ValueError(f"'{name}' has the wrong type or shape")
                    start, size = member.tell(), dtype.itemsize * int(np.prod(shape))
                    if start + size != entry.file_size:
                        raise ValueError(f"'{name}' is cut off")
                    if name == "levels":
                        self._pixels_at, self._pixels = self._offset(entry) + start, size
                    else:
                        arrays[name] = np.frombuffer(member.read(size), dtype).reshape(shape)
        return arrays

    def _offset(self, entry: zipfile.ZipInfo) -> int:
        """Return where in the file the content of a member begins."""
        with self.path.open("rb") as stream:
            stream.seek(entry.header_offset)
            name, extra = _LOCAL_HEADER.unpack(stream.read(_LOCAL_HEADER.size))
        return entry.header_offset + _LOCAL_HEADER.size + int(name) + int(extra)

    def _check(self) -> None:
        count = len(self)
        box = self.arrays["box"]
        pixels, particles = self.arrays["pixel_start"], self.arrays["particle_start"]
        for name in ("theta", "configuration", "part", "full_scale", "box", "descriptors"):
            if len(self.arrays[name]) != count:
                raise ValueError(f"'{name}' has the wrong length")
        areas = box[:, 2].astype(np.int64) * box[:, 3]
        if len(pixels) != count + 1 or pixels[0] or not np.array_equal(np.diff(pixels), areas):
            raise ValueError("the boxes do not fit the pixels")
        if (box < 0).any() or pixels[-1] != self._pixels:
            raise ValueError("the boxes do not fit the pixels")
        if len(particles) != count + 1 or particles[0] or (np.diff(particles) < 1).any():
            raise ValueError("the particles do not fit the images")
        for name in ("positions_nm", "radii_nm", "labels", "clusters"):
            if len(self.arrays[name]) != particles[-1]:
                raise ValueError(f"'{name}' has the wrong length")

    def __len__(self) -> int:
        return len(self.arrays["index"])

    def cut(self, row: int) -> tuple[tuple[slice, slice], NDArray[np.uint8]]:
        """Return where the box of image ``row`` lies in the frame, and the levels in it."""
        top, left, height, width = (int(v) for v in self.arrays["box"][row])
        with self.path.open("rb") as stream:
            stream.seek(self._pixels_at + int(self.arrays["pixel_start"][row]))
            levels = np.frombuffer(stream.read(height * width), dtype=np.uint8)
        place = slice(top, top + height), slice(left, left + width)
        return place, levels.reshape(height, width)

    def aggregate(self, row: int) -> Aggregate:
        """Return the aggregate that image ``row`` shows."""
        arrays = self.arrays
        start, stop = arrays["particle_start"][row : row + 2]
        attachments, touching, nearer, farther = (int(v) for v in arrays["relaxations"][row])
        return Aggregate(
            arrays["positions_nm"][start:stop].copy(),
            arrays["radii_nm"][start:stop].copy(),
            arrays["labels"][start:stop].copy(),
            arrays["clusters"][start:stop].copy(),
            Relaxations(attachments, touching, nearer, farther),
        )
