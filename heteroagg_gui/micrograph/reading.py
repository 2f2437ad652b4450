"""One function for every format a microscope writes."""

import contextlib
import io
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.micrograph import digitalmicrograph, emd, mrc, picture, ser, signatures, tiff
from heteroagg_gui.micrograph.calibration import calibrate
from heteroagg_gui.micrograph.intensities import as_intensities
from heteroagg_gui.micrograph.raw_image import RawImage

_decoding = threading.Lock()
"""Held while a file is decoded: warnings' filters and stdout belong to the whole process."""

Reader = Callable[[Path], RawImage]

_READERS: dict[str, Reader] = {
    signatures.DIGITALMICROGRAPH: digitalmicrograph.read,
    signatures.EMD: emd.read,
    signatures.SER: ser.read,
    signatures.MRC: mrc.read,
    signatures.TIFF: tiff.read,
    signatures.PNG: picture.read,
    signatures.JPEG: picture.read,
}
_FORMAT_OF_SUFFIX = {
    ".dm3": signatures.DIGITALMICROGRAPH,
    ".dm4": signatures.DIGITALMICROGRAPH,
    ".emd": signatures.EMD,
    ".ser": signatures.SER,
    ".mrc": signatures.MRC,
    ".tif": signatures.TIFF,
    ".tiff": signatures.TIFF,
    ".png": signatures.PNG,
    ".jpg": signatures.JPEG,
    ".jpeg": signatures.JPEG,
}

SUPPORTED_SUFFIXES = tuple(_FORMAT_OF_SUFFIX)
"""Endings of the files that :func:`read_micrograph` reads, in lower case with the dot."""


def read_micrograph(path: Path | str) -> Micrograph:
    """Read a HAADF-STEM image with its calibration.

    Parameters
    ----------
    path
        A file in any of the formats of :data:`SUPPORTED_SUFFIXES`.

    Returns
    -------
    Micrograph
        Float32 intensities in the file's own units; ``pixel_size_nm`` is None where the
        file states no credible one, and ``metadata["calibration"]`` then says why.

    Raises
    ------
    MicrographError
        If the file can't be read or holds no single image; one sentence of cause and remedy.
    """
    path = Path(path)
    try:
        read = _reader_of(path)
        with _decoding, warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            raw = read(path)  # ncempy prints
        pixel_size_nm, calibration = calibrate(raw.vertical, raw.horizontal)
        pixels, repair = as_intensities(raw.pixels)
    except MicrographError:
        raise
    except Exception as error:  # damaged files fail anywhere, in any of six libraries
        raise MicrographError(_sentence_for(error)) from error
    notes = {"repair": repair, "calibration": calibration}
    metadata = {name: note for name, note in notes.items() if note} | raw.metadata
    return Micrograph(pixels, pixel_size_nm, name=path.name, path=path, metadata=metadata)


def _reader_of(path: Path) -> Reader:
    """Return the reader for what the file holds, checking that it is what its name says."""
    suffix = path.suffix.lower()
    named, found = _FORMAT_OF_SUFFIX.get(suffix), signatures.format_of(_head_of(path))
    if named == signatures.MRC and found is None:
        found = named  # old MRC files carry no signature
    if named is None and found is None:
        raise MicrographError(
            f"Files of this kind ({suffix or 'without an ending'}) are no micrographs the program "
            "reads: export the image as TIFF, DM4, EMD, SER, MRC, PNG or JPEG."
        )
    if found is None:
        raise MicrographError(
            f"The file ends in {suffix} but does not hold {named} data: "
            "export it again or give it the right ending."
        )
    if named not in (None, found):
        raise MicrographError(
            f"The file ends in {suffix} but holds {found} data: give it the right ending."
        )
    return _READERS[found]


def _head_of(path: Path) -> bytes:
    """Return the file's first bytes once it is known to be an ordinary file."""
    if path.is_dir():
        raise MicrographError("This is a folder: open the files in it.")
    if not path.exists():
        raise FileNotFoundError(path)
    if not path.is_file():
        raise MicrographError("This is no ordinary file: save the micrograph to disk first.")
    with path.open("rb") as file:
        head = file.read(signatures.SIGNATURE_BYTES)
    if not head:
        raise MicrographError("The file is empty: copy or export it again.")
    return head


def _sentence_for(error: Exception) -> str:
    """Return cause and remedy for what went wrong while the file was read."""
    if isinstance(error, FileNotFoundError):
        return "The file does not exist: check whether it was moved, renamed or deleted."
    if isinstance(error, PermissionError):
        return "The file may not be read by this user: change its permissions or copy it."
    if isinstance(error, MemoryError):
        return "The image does not fit into memory: close other programs or reduce the image."
    # ncempy takes the first of as many numbers as it could read, which may be none.
    if isinstance(error, (EOFError, IndexError)) or "truncated" in str(error).lower():
        return "The file is cut short: copy or export it again."
    detail = " ".join(str(error).split())[:120].rstrip(".")
    return (
        f"The file is damaged or of an unusual kind ({detail or type(error).__name__}): "
        "copy or export it again."
    )
