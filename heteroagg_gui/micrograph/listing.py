"""From files and folders to the list of files to read."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

_PASSED_OVER = frozenset(
    {
        # results and tables
        *(".csv", ".tsv", ".json", ".npy", ".npz", ".xyz", ".vtp", ".vtk", ".obj", ".mtl"),
        *(".xls", ".xlsx", ".ods", ".safetensors", ".pt", ".onnx", ".h5ad", ".parquet"),
        # text and documents
        *(".txt", ".md", ".rst", ".log", ".ini", ".cfg", ".toml", ".yaml", ".yml", ".xml"),
        *(".html", ".htm", ".css", ".js", ".pdf", ".doc", ".docx", ".odt", ".ppt", ".pptx"),
        *(".tex", ".bib", ".svg", ".cif", ".url", ".lnk"),
        # programs, archives, and what microscope software leaves beside its images
        *(".py", ".pyc", ".ipynb", ".m", ".s", ".sh", ".bat", ".exe", ".dll", ".so"),
        *(".zip", ".gz", ".tar", ".7z", ".rar", ".bak", ".tmp", ".part", ".db", ".emi", ".gtg"),
        *(".mp4", ".avi", ".mov", ".hdr"),
    }
)


def find_micrographs(paths: Iterable[Path | str]) -> list[Path]:
    """Return the files to read, in natural order and each once.

    Parameters
    ----------
    paths
        Files, kept whatever they are so that the reader can say what is wrong with them;
        and folders, which are searched with all that lie in them. In folders hidden files
        and kinds known to be no images are passed over; a folder that may not be entered
        is returned itself.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        for file in _files_in(path) if path.is_dir() else [path]:
            found.setdefault(file)
    return sorted(found, key=_natural_key)


def _files_in(folder: Path) -> list[Path]:
    files: list[Path] = []

    def keep_closed(error: OSError) -> None:
        files.append(Path(error.filename))

    for parent, folders, names in os.walk(folder, onerror=keep_closed):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files.extend(Path(parent, name) for name in names if _may_be_image(name))
    return files


def _may_be_image(name: str) -> bool:
    return not name.startswith(".") and Path(name).suffix.lower() not in _PASSED_OVER


def _natural_key(path: Path) -> list[tuple[tuple[int, int, str], ...]]:
    """Return a key by which ``image_2`` comes before ``image_10``, folder by folder."""
    return [
        tuple(
            (0, int(part), part) if part.isdecimal() else (1, 0, part)
            for part in re.split(r"(\d+)", name.casefold())
            if part
        )
        for name in path.parts
    ]
