"""The container of a session file: a zip archive of one JSON document and of arrays.

Nothing in it is compressed and no member is read twice, so that nothing grows when it is read:
what a file asks of the memory is what it takes on the disk. Members are looked up by names the
program chooses, and nothing is ever unpacked into a folder. Arrays are NPY without pickled
objects.
"""

import json
import math
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import ResourceError
from heteroagg_gui.core.files import replacing

MIME_TYPE = "application/x-heteroagg-session"
DOCUMENT = "session.json"
LARGEST_DOCUMENT = 64 * 1024 * 1024
_BEGINNING = (1980, 1, 1, 0, 0, 0)
_VERSION = (1, 0)

Shape = tuple[int | None, ...]


class DamagedError(ValueError):
    """Something in a session file is not what it should be; the message says what."""


class SessionWriter:
    """Adds members to a session file that is being written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._add("mimetype", MIME_TYPE.encode("ascii"))

    def _add(self, name: str, content: bytes) -> None:
        self._archive.writestr(zipfile.ZipInfo(name, _BEGINNING), content)

    def add_document(self, document: Any) -> None:
        """Add the JSON document."""
        text = json.dumps(document, indent=1, allow_nan=False)
        self._add(DOCUMENT, text.encode("ascii"))

    def add_array(self, name: str, array: NDArray[Any], kind: str) -> None:
        """Add an array under ``name`` as numbers of the type ``kind``, such as ``<f8``."""
        plain = np.ascontiguousarray(array, dtype=kind)
        with self._archive.open(
            zipfile.ZipInfo(f"{name}.npy", _BEGINNING), "w", force_zip64=True
        ) as member:
            np.lib.format.write_array(member, plain, _VERSION, allow_pickle=False)


@contextmanager
def writing(path: Path) -> Iterator[SessionWriter]:
    """Yield a writer; the file takes the place of an older one once all is written."""
    with replacing(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        yield SessionWriter(archive)


class SessionReader:
    """Reads members of a session file, whatever its maker wanted.

    Raises
    ------
    DamagedError
        From every method, where a member is missing or not what was asked for.
    """

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self._archive = archive
        self._taken: set[str] = set()
        members = archive.infolist()
        packed = [m for m in members if m.compress_type != zipfile.ZIP_STORED or m.flag_bits & 1]
        if packed or sum(member.file_size for member in members) > size:
            raise DamagedError("parts of it are packed")
        if len({member.filename for member in members}) < len(members):
            raise DamagedError("parts of it are there twice")

    def _open(self, name: str) -> tuple[IO[bytes], int]:
        if name in self._taken:
            raise DamagedError(f"{name} is used twice")
        self._taken.add(name)
        try:
            member = self._archive.getinfo(name)
        except KeyError:
            raise DamagedError(f"{name} is missing") from None
        return self._archive.open(member), member.file_size

    def document(self) -> Any:
        """Return the JSON document."""
        stream, size = self._open(DOCUMENT)
        with stream:
            if size > LARGEST_DOCUMENT:
                raise DamagedError(f"{DOCUMENT} is too large")
            return json.loads(stream.read().decode("utf-8"), parse_constant=_refuse_constant)

    def array(self, name: str, shape: Shape, kind: str) -> NDArray[Any]:
        """Return an array, writable and of its own.

        Parameters
        ----------
        name
            Name given to :meth:`SessionWriter.add_array`.
        shape
            Expected lengths of the axes; None for one that may be anything.
        kind
            Expected type of its numbers.
        """
        stream, size = self._open(f"{name}.npy")
        with stream:
            found, columns_first, dtype = _header(stream, name)
            same = len(found) == len(shape) and all(
                have >= 0 and have == (have if want is None else want)
                for have, want in zip(found, shape, strict=True)
            )
            numbers = math.prod(found)
            if not same or columns_first or dtype != np.dtype(kind):
                raise DamagedError(f"{name} is of another form")
            if size - stream.tell() != numbers * dtype.itemsize:
                raise DamagedError(f"{name} is cut off")
            return np.frombuffer(bytearray(stream.read()), dtype).reshape(found)


def _header(stream: IO[bytes], name: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    try:
        if np.lib.format.read_magic(stream) == _VERSION:
            return np.lib.format.read_array_header_1_0(stream)
    except Exception as error:  # a header can fail in the parser, the tokenizer and numpy
        raise DamagedError(f"{name} is of an unknown kind") from error
    raise DamagedError(f"{name} is of an unknown kind")


def _refuse_constant(text: str) -> float:
    raise DamagedError(f"{text} is no number")


@contextmanager
def reading(path: Path) -> Iterator[SessionReader]:
    """Yield a reader; whatever goes wrong with it ends in one sentence.

    Raises
    ------
    ResourceError
        If the file can't be read, is no session or is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield SessionReader(archive, path.stat().st_size)
    except ResourceError:
        raise
    except OSError as error:
        raise ResourceError(
            f"The session '{path}' can't be read ({error.strerror or error}): check the path."
        ) from error
    except MemoryError as error:
        raise ResourceError(
            f"The session '{path}' needs more memory than there is: close other programs."
        ) from error
    except (
        zipfile.BadZipFile, struct.error, EOFError, NotImplementedError, RuntimeError,
        ValueError, TypeError, KeyError, OverflowError,
    ) as error:  # fmt: skip
        what = str(error) if isinstance(error, DamagedError) else "it is no complete archive"
        raise ResourceError(
            f"The session '{path}' is damaged or no session ({what}): open another copy of it."
        ) from error
