"""Adding micrographs to the batch."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from heteroagg_gui.core.errors import Cancelled, ParameterError
from heteroagg_gui.core.progress import Progress, part_of
from heteroagg_gui.workflow.action import Action, Parameter, Steps
from heteroagg_gui.workflow.reading import list_items, read_item, refuse
from heteroagg_gui.workflow.session_file import is_session_path
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
    progress(1.0, f"{len(waiting)} files read" if waiting else "Nothing to read")


def session_steps(state: SessionState, path: Path, progress: Progress) -> Steps:
    """Yield what a session file holds in place of what is open, then with each file read."""
    from heteroagg_gui.workflow.session_file.opening import open_session

    progress(0.0, f"Opening {path.name}")
    state = open_session(path.expanduser(), state.settings.device)
    yield state
    unread = tuple(item.key for item in state.items if item.status is ItemStatus.READING)
    yield from read_all(state, unread, part_of(progress, 0.1, 1.0))


def _open(state: SessionState, values: Mapping[str, Any], progress: Progress) -> Steps:
    sessions = [path for path in values["paths"] if is_session_path(path)]
    if len(sessions) > 1:
        raise ParameterError("One session can be open at a time: open them one after the other.")
    for path in sessions:
        for after in session_steps(state, path, progress):
            state = after
            yield state
    others = tuple(path for path in values["paths"] if path not in sessions)
    if others:
        yield from _add(state, {**values, "paths": others}, progress)


def _add(state: SessionState, values: Mapping[str, Any], progress: Progress) -> Steps:
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
    help="Add micrographs, or folders of them, to the batch, or open a session.",
    parameters=(
        Parameter(
            "paths",
            "Files and folders",
            Kind.PATHS,
            required=True,
            help="Micrographs to add, of a folder every file that can be read; or a session, "
            "which takes the place of what is open.",
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
