"""The images of a session as entries of its document, and back."""

import os
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.workflow.saved_image import SavedImage, digest_of, is_file
from heteroagg_gui.workflow.session_file.container import (
    DamagedError,
    SessionReader,
    SessionWriter,
)
from heteroagg_gui.workflow.session_file.entry import Entry, as_text
from heteroagg_gui.workflow.state import BatchItem, ItemStatus, new_key

_DIGEST_LENGTH = 64


def item_entry(item: BatchItem, number: int, folder: Path) -> dict[str, Any]:
    """Return what is said of an image.

    Parameters
    ----------
    item
        The image.
    number
        Its place in the session, after which its array is called where it has no file.
    folder
        Folder of the session file.
    """
    entry: dict[str, Any] = {
        "name": item.name,
        "group": item.group,
        "included": item.included,
        "refused": item.reason if item.status is ItemStatus.REFUSED else None,
        "pixel_size_nm": item.pixel_size_nm,
    }
    if item.path is not None:
        near, far = item.path.absolute(), item.path.absolute()
        if item.saved is not None and item.micrograph is None:
            near, *_, far = (*item.saved.places, item.saved.places[-1])
        return entry | {
            "relative": _relative(near, folder.absolute()),
            "absolute": str(far),
            "digest": _digest(item),
        }
    metadata = item.micrograph.metadata if item.micrograph is not None else {}
    return entry | {"array": f"images/{number}", "metadata": dict(metadata)}


def _digest(item: BatchItem) -> str | None:
    if item.saved is not None:
        return item.saved.digest
    return digest_of(item.micrograph) if item.micrograph is not None else None


def _relative(path: Path, folder: Path) -> str | None:
    """Return the way from a folder to a file; None where they lie on different drives."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return None


def add_image(writer: SessionWriter, item: BatchItem, entry: dict[str, Any]) -> None:
    """Add the intensities of an image that lies in no file of its own."""
    if "array" in entry and item.micrograph is not None:
        writer.add_array(entry["array"], item.micrograph.pixels, "<f4")


def item_of(reader: SessionReader, entry: Entry, folder: Path) -> BatchItem:
    """Return an image of the session; one that lies in a file still has to be read.

    Raises
    ------
    DamagedError
        If a value makes no sense.
    """
    refused = entry.text("refused") if entry.has("refused") else None
    item = BatchItem(
        new_key(),
        None,
        entry.text("name"),
        status=ItemStatus.READING if refused is None else ItemStatus.REFUSED,
        reason=refused,
        included=entry.flag("included"),
        group=entry.text("group"),
    )
    if not item.group.strip():
        raise DamagedError("a group has no name")
    size = entry.number("pixel_size_nm", 1e-9, 1e9) if entry.has("pixel_size_nm") else None
    if entry.has("array"):
        return _stored(item, _micrograph(reader, entry, size))
    return _in_file(item, entry, folder, size)


def _stored(item: BatchItem, micrograph: Micrograph) -> BatchItem:
    status = item.status
    if status is ItemStatus.READING:
        known = micrograph.pixel_size_nm is not None
        status = ItemStatus.READY if known else ItemStatus.UNCALIBRATED
    return BatchItem(
        item.key, None, item.name, status, item.reason, micrograph, item.included, item.group
    )


def _micrograph(reader: SessionReader, entry: Entry, size: float | None) -> Micrograph:
    pixels = reader.array(entry.text("array"), (None, None), "<f4")
    if not pixels.size or not np.isfinite(pixels).all():
        raise DamagedError("an image has no intensities")
    metadata = entry.entry("metadata")
    return Micrograph(
        pixels.astype(np.float32, copy=False),
        size,
        entry.text("name"),
        metadata={as_text(name, "a name"): metadata.text(name) for name in metadata.names},
    )


def _in_file(item: BatchItem, entry: Entry, folder: Path, size: float | None) -> BatchItem:
    places = _places(entry, folder, item.name)
    path = next(filter(is_file, places), places[0])
    saved = None
    if entry.has("digest"):
        digest = entry.text("digest")
        if len(digest) != _DIGEST_LENGTH:
            raise DamagedError("a digest is of another form")
        saved = SavedImage(places, digest, size)
    return BatchItem(
        item.key, path, item.name, item.status, item.reason, None, item.included, item.group, saved
    )


def _places(entry: Entry, folder: Path, name: str) -> tuple[Path, ...]:
    """Return where the file may lie: as it lay to the session file, or as it lay at all."""
    places = []
    if entry.has("relative"):
        relative = PurePosixPath(entry.text("relative"))
        places.append(Path(os.path.normpath(folder.absolute() / relative)))
    if entry.has("absolute"):
        absolute = Path(entry.text("absolute"))
        if absolute.is_absolute():  # that of another system is none here
            places.append(absolute)
    return tuple(dict.fromkeys(places)) or (folder / Path(name).name,)
