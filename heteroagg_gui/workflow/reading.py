"""From paths to items of the batch."""

import os
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.workflow.state import BatchItem, ItemStatus, new_key

NO_PIXEL_SIZE = "The file does not state its pixel size: give it in nm."


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
    from heteroagg_gui.micrograph.reading import read_micrograph

    if item.path is None:
        return item
    if item.path.is_dir():
        return refuse(item, _why_nothing_in(item.path))
    try:
        micrograph = read_micrograph(item.path)
    except HeteroaggError as error:
        return refuse(item, str(error))
    except MemoryError:
        return refuse(item, "The file needs more memory than there is: close other programs.")
    if micrograph.pixel_size_nm is None:
        return replace(
            item, status=ItemStatus.UNCALIBRATED, reason=NO_PIXEL_SIZE, micrograph=micrograph
        )
    return replace(item, status=ItemStatus.READY, reason=None, micrograph=micrograph)


def _why_nothing_in(folder: Path) -> str:
    if not os.access(folder, os.R_OK | os.X_OK):
        return "The folder may not be opened by this user: change its permissions."
    return "The folder holds no file that can be read as a micrograph."


def refuse(item: BatchItem, reason: str) -> BatchItem:
    """Return the item refused for a reason, one sentence."""
    return replace(item, status=ItemStatus.REFUSED, reason=reason, micrograph=None)
