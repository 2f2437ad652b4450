"""A reference table from elsewhere, looked at before its arrays are read."""

import math
import zipfile
import zlib
from pathlib import Path

from numpy.lib import format as npy

from heteroagg_gui.core.errors import ModelError, ResourceError

MOST_ARRAYS = 20
LARGEST_BYTES = 256_000_000


def check_reference_file(path: Path) -> None:
    """Check that a file is a table of reference curves and holds plain numbers only.

    Parameters
    ----------
    path
        An NPZ file.

    Raises
    ------
    ModelError
        If it is damaged, too large or holds Python objects.
    """
    from heteroagg_gui.stem.reference_table import ReferenceTable

    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ARRAYS or sum(e.file_size for e in entries) > LARGEST_BYTES:
                raise _unfit(path, "it is larger than any table")
            for entry in entries:
                _check_array(archive, entry, path)
        ReferenceTable.load(path)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
        raise _unfit(path, "it is damaged") from error
    except (ValueError, NotImplementedError, RuntimeError, SyntaxError) as error:
        raise _unfit(path, "it is damaged") from error
    except ResourceError as error:
        raise _unfit(path, "it is no table of reference curves") from error


def _check_array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> None:
    """Refuse Python objects, and an array that announces more than the file holds."""
    with archive.open(entry) as handle:
        version = npy.read_magic(handle)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, _, kind = read(handle)
        if kind.hasobject:
            raise _unfit(path, "it holds Python objects, which could run")
        if math.prod(shape) * kind.itemsize > entry.file_size:
            raise _unfit(path, "it announces more numbers than it holds")


def _unfit(path: Path, reason: str) -> ModelError:
    return ModelError(
        f"The reference table '{path.name}' can't be used ({reason}): ask for the network again."
    )
