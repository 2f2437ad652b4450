"""What a session file says of an image that lies in a file of its own."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from heteroagg_gui.core.micrograph import Micrograph


@dataclass(frozen=True, eq=False)
class SavedImage:
    """An image as it was when the session was saved.

    Parameters
    ----------
    places
        Where the file may lie, the likeliest first.
    digest
        Digest of its intensities, :func:`digest_of`.
    pixel_size_nm
        Edge of a square pixel in nm, of the file or given by the user; None for none.
    """

    places: tuple[Path, ...]
    digest: str
    pixel_size_nm: float | None


def digest_of(micrograph: Micrograph) -> str:
    """Return a digest of the intensities and the shape of an image, 64 hexadecimal digits.

    Two files with the same digest show the same image, whatever they are called, whatever
    their format and whatever pixel size they state.
    """
    digest = hashlib.sha256(repr(micrograph.pixels.shape).encode())
    digest.update(np.ascontiguousarray(micrograph.pixels, dtype="<f4").data)
    return digest.hexdigest()


def is_file(path: Path) -> bool:
    """Return whether a path leads to a file: no folder, no pipe, no device, nothing forbidden."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
