"""A lock on a folder that ends with the process that holds it."""

import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Self

LOCK_FILE = "lock"


class FolderLock:
    """Held by one process at a time, by the operating system, however that process ends.

    Parameters
    ----------
    path
        The file that is locked; its folder must exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    @property
    def is_held(self) -> bool:
        """Whether this object holds the lock."""
        return self._file is not None

    def take(self) -> bool:
        """Take the lock without waiting; return whether it is held now.

        Raises
        ------
        OSError
            If the file can't be opened.
        """
        if self._file is not None:
            return True
        handle = self._path.open("ab")
        if not _lock(handle):
            handle.close()
            return False
        self._file = handle
        return True

    def release(self) -> None:
        """Let another process have it."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        """Take the lock.

        Raises
        ------
        BlockingIOError
            If another process holds it.
        """
        if not self.take():
            raise BlockingIOError(f"{self._path} is locked")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Release it."""
        self.release()


def is_locked(path: Path) -> bool:
    """Return whether some process, this one included, holds the lock on a file."""
    if not path.exists():
        return False
    probe = FolderLock(path)
    try:
        taken = probe.take()
    except OSError:
        return True
    probe.release()
    return not taken


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: IO[bytes]) -> bool:
        try:
            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(handle: IO[bytes]) -> bool:
        try:
            fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
