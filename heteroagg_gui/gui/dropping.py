"""Files from a drag or from the clipboard."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl


def paths_of(data: QMimeData) -> tuple[Path, ...]:
    """Return the files and folders that a drag or the clipboard names.

    File managers send addresses; some programs send paths as lines of text.
    """
    if data.hasUrls():
        return tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    if data.hasText():
        lines = [line.strip().strip("\"'") for line in data.text().splitlines()]
        paths = [
            Path(QUrl(line).toLocalFile() if line.startswith("file:") else line)
            for line in lines
            if line
        ]
        if paths and all(path.is_absolute() and path.exists() for path in paths):
            return tuple(paths)
    return ()


def networks_among(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the paths that are networks: zip files, and folders with a card."""
    return tuple(
        path for path in paths if path.suffix.lower() == ".zip" or (path / "card.json").is_file()
    )
