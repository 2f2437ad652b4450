"""heteroagg predict: theta from micrographs."""

import argparse
from pathlib import Path

from heteroagg_gui.cli.options import add_json, add_option, given
from heteroagg_gui.cli.outcome import NothingDoneError, Outcome
from heteroagg_gui.cli.prediction_text import prediction_text
from heteroagg_gui.core.progress import Progress, part_of
from heteroagg_gui.workflow.actions import ACTIONS
from heteroagg_gui.workflow.documents import image_entries, prediction_document, readable
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.state import BatchItem, ItemStatus, SessionState

SUMMARY = "Predict theta, with its uncertainty, from micrographs of one sample."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "inputs",
        nargs="+",
        type=Path,
        metavar="INPUT",
        help="Micrographs, or folders of them.",
    )
    add_option(parser, ACTIONS["predict"], "model")
    add_option(parser, ACTIONS["predict"], "device")
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
    add_json(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Open the files and predict."""
    session = Session()
    perform(session, "open", {"paths": arguments.inputs}, part_of(progress, 0.0, 0.4))
    if arguments.pixel_size is not None:
        keys = _to_calibrate(session.state, arguments.override_pixel_size)
        values = {"keys": keys, "pixel_size_nm": arguments.pixel_size}
        perform(session, "set_pixel_size", values)
    if not session.state.usable_items:
        raise _nothing_usable(session.state)
    values = given(vars(arguments), ACTIONS["predict"])
    perform(session, "predict", values, part_of(progress, 0.4, 1.0))
    state = session.state
    if state.prediction is None:
        raise _nothing_usable(state)
    document = prediction_document(state)
    return Outcome(
        document,
        lambda: prediction_text(document),
        refused=tuple(f"{_name(item)}: {_reason(item)}" for item in _refused(state)),
        notes=state.prediction.warnings,
    )


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


def _nothing_usable(state: SessionState) -> NothingDoneError:
    refused = _refused(state)
    first = f"{_name(refused[0])}: {_reason(refused[0])}"
    if len(refused) > 1:
        first = f"None of the {len(refused)} files can be used; the first is {first}"
    return NothingDoneError(first, {"images": image_entries(state)})
