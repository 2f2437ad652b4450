"""Micrographs named on the command line: options, reading, and who was refused."""

import argparse
from pathlib import Path

from heteroagg_gui.cli.outcome import NothingDoneError
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.workflow.documents import image_entries, readable
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.state import BatchItem, ItemStatus, SessionState


def add_inputs(parser: argparse.ArgumentParser) -> None:
    """Declare the files and what is said about their pixel size."""
    parser.add_argument(
        "inputs",
        nargs="+",
        type=Path,
        metavar="INPUT",
        help="Micrographs, folders of them, or a session file.",
    )
    parser.add_argument(
        "--pixel-size",
        metavar="NM",
        help="Pixel size in nm of the files that do not state it.",
    )
    parser.add_argument(
        "--override-pixel-size",
        action="store_true",
        help="Use --pixel-size for all files, whatever they state.",
    )


def opened(arguments: argparse.Namespace, progress: Progress) -> Session:
    """Read the files into a session.

    Raises
    ------
    NothingDoneError
        If none of them can be used.
    """
    session = Session()
    perform(session, "open", {"paths": arguments.inputs}, progress)
    if arguments.pixel_size is not None:
        keys = _to_calibrate(session.state, arguments.override_pixel_size)
        values = {"keys": keys, "pixel_size_nm": arguments.pixel_size}
        perform(session, "set_pixel_size", values)
    if not session.state.usable_items:
        raise nothing_usable(session.state)
    return session


def refusals(state: SessionState) -> tuple[str, ...]:
    """Return a line for each file that can't be used."""
    return tuple(f"{_name(item)}: {_reason(item)}" for item in _refused(state))


def nothing_usable(state: SessionState) -> NothingDoneError:
    """Return the error that names the first reason why no file can be used."""
    refused = _refused(state)
    first = f"{_name(refused[0])}: {_reason(refused[0])}"
    if len(refused) > 1:
        first = f"None of the {len(refused)} files can be used; the first is {first}"
    return NothingDoneError(first, {"images": image_entries(state)})


def _to_calibrate(state: SessionState, every: bool) -> tuple[int, ...]:
    return tuple(
        item.key
        for item in state.items
        if item.micrograph is not None and (every or item.status is ItemStatus.UNCALIBRATED)
    )


def _refused(state: SessionState) -> list[BatchItem]:
    return [item for item in state.items if item.status is not ItemStatus.READY]


def _name(item: BatchItem) -> str:
    return readable(item.path) if item.path is not None else item.name


def _reason(item: BatchItem) -> str:
    if item.status is ItemStatus.UNCALIBRATED:
        return "The file does not state its pixel size: give it with --pixel-size."
    return item.reason or "It can't be used."
