"""Adding micrographs to the batch."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from heteroagg_gui.core.errors import Cancelled
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.workflow.action import Action, Parameter, Steps
from heteroagg_gui.workflow.reading import list_items, read_item, refuse
from heteroagg_gui.workflow.state import ItemStatus, SessionState
from heteroagg_gui.workflow.values import Kind

CANCELLED = "Reading was cancelled: choose Retry to read the file."


def read_all(state: SessionState, keys: tuple[int, ...], progress: Progress) -> Steps:
    """Read the files of the named items one by one, yielding a state after each."""
    waiting = [item for item in state.items if item.key in keys]
    for number, item in enumerate(waiting):
        try:
            progress(number / len(waiting), f"Reading {item.name}")
        except Cancelled:
            unread = {left.key for left in waiting[number:]}
            yield state.change_items(unread, lambda left: refuse(left, CANCELLED))
            raise
        state = state.change_items({item.key}, read_item)
        yield state
    progress(1.0, f"{len(waiting)} files read")


def _open(state: SessionState, values: Mapping[str, Any], progress: Progress) -> Steps:
    already = {item.path for item in state.items if item.path is not None}
    new = list_items(values["paths"], values["group"], already)
    if not new:
        yield state
        return
    state = state.with_items((*state.items, *new))
    if state.selected_item is None:
        state = replace(state, selected_key=new[0].key)
    yield state
    yield from read_all(state, tuple(item.key for item in new), progress)


def _retry(state: SessionState, values: Mapping[str, Any], progress: Progress) -> Steps:
    keys = tuple(
        item.key
        for item in state.items
        if item.key in values["keys"] and item.status is ItemStatus.REFUSED
    )
    state = state.change_items(
        keys, lambda item: replace(item, status=ItemStatus.READING, reason=None)
    )
    yield state
    yield from read_all(state, keys, progress)


OPEN = Action(
    name="open",
    title="Open...",
    help="Add micrographs, or folders of them, to the batch.",
    parameters=(
        Parameter(
            "paths",
            "Files and folders",
            Kind.PATHS,
            required=True,
            help="Micrographs to add; of a folder, every file that can be read.",
        ),
        Parameter("group", "Group", Kind.TEXT, "A", help="Sample that the micrographs belong to."),
    ),
    run=_open,
    shortcut="Ctrl+O",
    command="predict",
)

RETRY = Action(
    name="retry",
    title="Retry",
    help="Read refused files again.",
    parameters=(
        Parameter(
            "keys",
            "Images",
            Kind.KEYS,
            required=True,
            help="The items of the batch to read again; those that are not refused stay.",
        ),
    ),
    run=_retry,
    undoable=False,
)
