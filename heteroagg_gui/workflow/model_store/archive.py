"""A network in a zip file: nothing is unpacked before every entry was looked at."""

import os
import shutil
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from heteroagg_gui.core.errors import Cancelled, HeteroaggError, ModelError
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.workflow.model_store.limits import (
    CARD,
    LARGEST_BYTES,
    MATERIAL_KINDS,
    MATERIALS,
    MOST_FILES,
    NETWORK_KINDS,
    check_size,
    check_total,
)

_ENCRYPTED = 0x1
_LARGEST_LIST_BYTES = 1_000_000
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_BYTES = 20
_LONGEST_COMMENT = 65_535
_DENSEST = 200
_DENSE_FROM_BYTES = 20_000_000
_AGAIN = "ask for a file that was exported by this program"


@dataclass(frozen=True)
class Contents:
    """What a zip file holds.

    Parameters
    ----------
    name
        What the network's folder in it is called; empty where it lies at the top.
    network, materials
        Entries of the network and of its material system.
    """

    name: str
    network: tuple[zipfile.ZipInfo, ...]
    materials: tuple[zipfile.ZipInfo, ...]


def open_archive(source: Path) -> zipfile.ZipFile:
    """Open a zip file.

    Raises
    ------
    ModelError
        If it is none.
    """
    try:
        if source.stat().st_size > LARGEST_BYTES:
            raise ModelError(f"'{source.name}' is larger than any network: {_AGAIN}.")
        if _list_bytes(source) > _LARGEST_LIST_BYTES:
            raise ModelError(f"'{source.name}' lists more files than any network has: {_AGAIN}.")
        return zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise ModelError(
            f"'{source.name}' is no network: give its folder or a zip file of it."
        ) from error


def _list_bytes(source: Path) -> int:
    """Return how long the list of a zip file's entries is, before it is read into memory."""
    with source.open("rb") as handle:
        size = handle.seek(0, os.SEEK_END)
        start = max(0, size - _LONGEST_COMMENT - _END.size - _LOCATOR_BYTES - _END_64.size)
        handle.seek(start)
        tail = handle.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or place + _END.size > len(tail):
        return 0
    found = int(_END.unpack_from(tail, place)[5])
    large = place - _LOCATOR_BYTES - _END_64.size
    if large >= 0 and tail[large : large + 4] == b"PK\x06\x06":
        found = int(_END_64.unpack_from(tail, large)[8])
    return found


def look_into(archive: zipfile.ZipFile, title: str) -> Contents:
    """Check the list of a zip file's entries, unpacking nothing.

    Raises
    ------
    ModelError
        If an entry could do harm, is no part of a network, or is too large.
    """
    entries = [entry for entry in archive.infolist() if not _is_left_by_desktop(entry)]
    if len(entries) > MOST_FILES:
        raise ModelError(f"'{title}' holds {len(entries)} files, too many for a network: {_AGAIN}.")
    seen: set[str] = set()
    for entry in entries:
        _check_entry(entry, title)
        if entry.filename.lower() in seen:
            raise ModelError(
                f"'{title}' holds '{_shown(entry)}' twice, so that nobody knows which counts: "
                f"{_AGAIN}."
            )
        seen.add(entry.filename.lower())
    return _sorted_out([entry for entry in entries if not entry.is_dir()], title)


def _is_left_by_desktop(entry: zipfile.ZipInfo) -> bool:
    """Whether a file manager added the entry: nothing that would be unpacked."""
    path = PurePosixPath(entry.filename)
    return path.parts[:1] == ("__MACOSX",) or path.name in (".DS_Store", "Thumbs.db")


def _check_entry(entry: zipfile.ZipInfo, title: str) -> None:
    name = entry.orig_filename
    parts = name.replace("\\", "/").split("/")
    strange = any(ord(letter) < 32 or letter in '\\:*?"<>|' for letter in name)
    if strange or name.startswith("/") or ".." in parts or "." in parts:
        raise ModelError(
            f"'{title}' names a file '{_shown(entry)}' that would lie outside its folder: do not "
            f"use it, {_AGAIN}."
        )
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ModelError(
            f"'{_shown(entry)}' in '{title}' is a link or a device instead of a file: do not use "
            f"it, {_AGAIN}."
        )
    if entry.flag_bits & _ENCRYPTED:
        raise ModelError(f"'{title}' is protected by a password: ask for a file without one.")
    check_size(entry.filename, entry.file_size, title)
    dense = entry.file_size > _DENSEST * max(entry.compress_size, 1)
    if dense and entry.file_size > _DENSE_FROM_BYTES:
        raise ModelError(
            f"'{_shown(entry)}' in '{title}' would unpack to {entry.file_size / 1e6:.0f} MB from "
            f"almost nothing, as no network does: do not use it, {_AGAIN}."
        )


def _sorted_out(entries: list[zipfile.ZipInfo], title: str) -> Contents:
    cards = [entry for entry in entries if PurePosixPath(entry.filename).name == CARD]
    if len(cards) != 1:
        found = "no network" if not cards else f"{len(cards)} networks"
        raise ModelError(f"'{title}' holds {found}: give a file with one.")
    home = PurePosixPath(cards[0].filename).parent
    network, materials = [], []
    for entry in entries:
        path = PurePosixPath(entry.filename)
        if path.parent == home and path.suffix in NETWORK_KINDS:
            network.append(entry)
        elif _holds_materials(path.parent, home) and path.suffix in MATERIAL_KINDS:
            materials.append(entry)
        else:
            raise ModelError(
                f"'{title}' holds '{_shown(entry)}', which is no part of a network: take it out, "
                f"or {_AGAIN}."
            )
    return Contents(home.name, tuple(network), tuple(materials))


def _holds_materials(folder: PurePosixPath, home: PurePosixPath) -> bool:
    return folder in (home / MATERIALS, home.parent / MATERIALS)


def unpack(
    archive: zipfile.ZipFile, contents: Contents, target: Path, progress: Progress
) -> Path | None:
    """Unpack what was looked at: the network into ``target``, its materials beside it.

    Returns
    -------
    Path or None
        The folder of the material system, where there is one.

    Raises
    ------
    ModelError
        If the file is damaged or there is no room.
    """
    title = Path(archive.filename or "").name
    materials = target.parent / f"{MATERIALS} of {target.name}"
    pairs = [(entry, target) for entry in contents.network]
    pairs += [(entry, materials) for entry in contents.materials]
    check_total([entry.file_size for entry, _ in pairs], title, target.parent)
    try:
        for done, (entry, folder) in enumerate(pairs):
            progress(done / len(pairs), f"Unpacking {_shown(entry)}")
            folder.mkdir(exist_ok=True)
            path = folder / PurePosixPath(entry.filename).name
            with archive.open(entry) as packed, path.open("xb") as unpacked:
                shutil.copyfileobj(packed, unpacked, 1 << 20)
    except (Cancelled, HeteroaggError):
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelError(f"'{title}' is damaged: download or copy it again.") from error
    return materials if contents.materials else None


def _shown(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name as one short line."""
    return ascii(entry.orig_filename[:80])[1:-1]
