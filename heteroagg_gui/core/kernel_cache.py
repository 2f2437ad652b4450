"""Where a bundle keeps compiled kernels, and when they are out of date.

Numba would tie them to the digest of the executable, of which a bundle has two that would
throw out each other's kernels, and it takes a folder from an environment variable alone.
"""

import atexit
import hashlib
import os
import shutil
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER_VARIABLE = "NUMBA_CACHE_DIR"
LOCATOR_VARIABLE = "NUMBA_CACHE_LOCATOR_CLASSES"
LOCATOR = f"{__name__}.BundledKernels"


@lru_cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@lru_cache
def _passing_folder() -> Path:
    """Return a folder that lasts as long as the process; Numba refuses to do without any."""
    folder = tempfile.mkdtemp(prefix="heteroagg-kernels-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


class BundledKernels:
    """Tells Numba where the kernels of one source file of the bundle are kept.

    Parameters
    ----------
    kernel
        The Python function.
    source
        The file it was written in.
    folder
        Where its compiled form is kept.
    """

    def __init__(self, kernel: Any, source: Path, folder: Path) -> None:
        self._line = kernel.__code__.co_firstlineno
        self._source = source
        self._folder = folder

    @classmethod
    def from_function(cls, kernel: Any, file: str) -> "BundledKernels | None":
        """Return the locator of a kernel, or None for one that is not the bundle's."""
        bundle = Path(getattr(sys, "_MEIPASS", "."))
        source = bundle / file
        folder = os.environ.get(FOLDER_VARIABLE)
        if not folder or not source.is_file():
            return None
        inside = source.relative_to(bundle).parent if source.is_relative_to(bundle) else Path()
        locator = cls(kernel, source, Path(folder) / inside)
        try:
            locator.ensure_cache_path()
        except OSError:
            return cls(kernel, source, _passing_folder())
        return locator

    def ensure_cache_path(self) -> None:
        """Make the folder; raise OSError where nothing can be written into it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=self._folder).close()

    def get_cache_path(self) -> str:
        """Return the folder."""
        return str(self._folder)

    def get_source_stamp(self) -> str:
        """Return what changes with the source."""
        return _digest(self._source)

    def get_disambiguator(self) -> str:
        """Return what tells kernels of one name apart."""
        return str(self._line)
