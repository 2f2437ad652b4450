"""heteroagg predict: theta from micrographs."""

import argparse
from pathlib import Path

from heteroagg_gui.cli.opening import add_inputs, nothing_usable, opened, refusals
from heteroagg_gui.cli.options import add_json, add_option, given
from heteroagg_gui.cli.outcome import Outcome
from heteroagg_gui.cli.prediction_text import prediction_text
from heteroagg_gui.core.progress import Progress, part_of
from heteroagg_gui.workflow.actions import ACTIONS
from heteroagg_gui.workflow.documents import prediction_document
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session_file import check_name

SUMMARY = "Predict theta, with its uncertainty, from micrographs of one sample."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_inputs(parser)
    add_option(parser, ACTIONS["predict"], "model")
    add_option(parser, ACTIONS["predict"], "device")
    parser.add_argument(
        "--session",
        type=Path,
        metavar="FILE.heteroagg",
        help="Also save the images and the prediction as a session that the window opens.",
    )
    add_json(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Open the files and predict."""
    if arguments.session is not None:
        check_name(arguments.session)
    session = opened(arguments, part_of(progress, 0.0, 0.4))
    values = given(vars(arguments), ACTIONS["predict"])
    perform(session, "predict", values, part_of(progress, 0.4, 0.9))
    state = session.state
    if state.prediction is None:
        raise nothing_usable(state)
    if arguments.session is not None:
        values = {"path": arguments.session}
        perform(session, "save_session", values, part_of(progress, 0.9, 1.0))
    document = prediction_document(state)
    return Outcome(
        document,
        lambda: prediction_text(document),
        refused=refusals(state),
        notes=state.prediction.warnings,
    )
