"""Reading the small JSON files of a training, which other processes write meanwhile."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

LARGEST_FILE = 16_000_000

_T = TypeVar("_T")


def read_object(path: Path) -> dict[str, Any] | None:
    """Return the JSON object in a file; None where it is missing, torn or something else."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return None
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def number(document: Mapping[str, Any], key: str, default: float = 0.0) -> float:
    """Return a finite number of a document, or the default."""
    found = maybe_number(document, key)
    return default if found is None else found


def maybe_number(document: Mapping[str, Any], key: str) -> float | None:
    """Return a finite number of a document, or None."""
    value = document.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        result = float(value)
    except OverflowError:
        return None
    return result if abs(result) < float("inf") else None


def text(document: Mapping[str, Any], key: str, default: str = "") -> str:
    """Return a text of a document, or the default."""
    value = document.get(key)
    return value if isinstance(value, str) else default


class Remembered(Generic[_T]):
    """Reads a file again only when it changed, and keeps the last sound content.

    Parameters
    ----------
    path
        The file.
    read
        Returns its content, or None where it can't be understood.
    """

    def __init__(self, path: Path, read: Callable[[Path], _T | None]) -> None:
        self._path = path
        self._read = read
        self._stamp: tuple[int, int, int] | None = None
        self._content: _T | None = None

    def get(self) -> _T | None:
        """Return the newest sound content; None where there never was any."""
        try:
            stat = self._path.stat()
        except OSError:
            return self._content
        stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if stamp != self._stamp:
            fresh = self._read(self._path)
            if fresh is not None:
                self._content, self._stamp = fresh, stamp
        return self._content

    def forget(self) -> None:
        """Read the file anew next time."""
        self._stamp = None
