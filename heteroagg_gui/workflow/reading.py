"""From paths to items of the batch."""

import os
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.workflow.saved_image import SavedImage, digest_of, is_file
from heteroagg_gui.workflow.state import BatchItem, ItemStatus, new_key

NO_PIXEL_SIZE = "The file does not state its pixel size: give it in nm."

OTHER_IMAGE = (
    "The file shows another image than when the session was saved: bring the old one back and try "
    "again, or remove it and open it anew."
)


def list_items(paths: Iterable[Path], group: str, already: Collection[Path]) -> list[BatchItem]:
    """Return one unread item for each file that is named or lies in a named folder.

    Parameters
    ----------
    paths
        Files and folders. A file is taken by its word, so that one which can't be read
        is refused by name; in a folder only the kinds that can be read are taken.
    group
        Group of the new items.
    already
        Paths that are open and not added again.
    """
    items = []
    seen = {path.absolute() for path in already}
    for path in paths:
        for file in _files_of(path.expanduser()):
            if file.absolute() not in seen:
                seen.add(file.absolute())
                items.append(BatchItem(new_key(), file, file.name, group=group))
    return items


def _files_of(path: Path) -> list[Path]:
    from heteroagg_gui.micrograph.listing import find_micrographs

    if not path.is_dir():
        return [path]
    return find_micrographs([path]) or [path]


def read_item(item: BatchItem) -> BatchItem:
    """Read the file of an item; what can't be used comes back refused, with the reason."""
    if item.path is None:
        return item
    if item.saved is not None:
        return _read_saved(item, item.saved)
    return _read_file(item, item.path)


def _read_file(item: BatchItem, path: Path) -> BatchItem:
    from heteroagg_gui.micrograph.reading import read_micrograph

    if path.is_dir():
        return refuse(item, _why_nothing_in(path))
    try:
        micrograph = read_micrograph(path)
    except HeteroaggError as error:
        return refuse(item, str(error))
    except MemoryError:
        return refuse(item, "The file needs more memory than there is: close other programs.")
    if micrograph.pixel_size_nm is None:
        return replace(
            item, status=ItemStatus.UNCALIBRATED, reason=NO_PIXEL_SIZE, micrograph=micrograph
        )
    return replace(item, status=ItemStatus.READY, reason=None, micrograph=micrograph)


def _read_saved(item: BatchItem, saved: SavedImage) -> BatchItem:
    """Read the file that shows the image of a session, from the first place that has it."""
    answer = None
    for place in filter(is_file, saved.places):
        found = _read_file(replace(item, path=place), place)
        if found.micrograph is not None and digest_of(found.micrograph) == saved.digest:
            return _as_saved(found, found.micrograph, saved)
        if answer is None:
            answer = found if found.micrograph is None else refuse(found, OTHER_IMAGE)
    if answer is None:
        answer = refuse(item, f"The file is gone: bring it back to '{item.path}' and try again.")
    return answer


def _as_saved(item: BatchItem, micrograph: Micrograph, saved: SavedImage) -> BatchItem:
    known = saved.pixel_size_nm is not None
    return replace(
        item,
        status=ItemStatus.READY if known else ItemStatus.UNCALIBRATED,
        reason=None if known else NO_PIXEL_SIZE,
        micrograph=replace(micrograph, pixel_size_nm=saved.pixel_size_nm),
    )


def _why_nothing_in(folder: Path) -> str:
    if not os.access(folder, os.R_OK | os.X_OK):
        return "The folder may not be opened by this user: change its permissions."
    return "The folder holds no file that can be read as a micrograph."


def refuse(item: BatchItem, reason: str) -> BatchItem:
    """Return the item refused for a reason, one sentence."""
    return replace(item, status=ItemStatus.REFUSED, reason=reason, micrograph=None)
