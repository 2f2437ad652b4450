"""heteroagg session: what a session file holds."""

import argparse
from typing import Any

from heteroagg_gui.cli.opening import refusals
from heteroagg_gui.cli.options import Parser, add_json
from heteroagg_gui.cli.outcome import Outcome
from heteroagg_gui.cli.prediction_text import prediction_text
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session

SUMMARY = "Show what a session file holds and whether its micrographs are still there."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the sub-commands."""
    parts = parser.add_subparsers(dest="part", required=True, parser_class=Parser, metavar="PART")
    show = parts.add_parser("show", help="Show images, prediction and shadows of a session.")
    show.add_argument("path", metavar="FILE", help="A session file, which ends in .heteroagg.")
    add_json(show)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Open the session and tell what is in it."""
    from heteroagg_gui.workflow.predictors import note_on_missing
    from heteroagg_gui.workflow.session_file.contents import session_document

    session = Session()
    perform(session, "open_session", {"path": arguments.path}, progress)
    state = session.state
    document = session_document(state)
    note = note_on_missing(state)
    return Outcome(
        document,
        lambda: _text(document),
        refused=refusals(state),
        notes=(note,) if note is not None else (),
    )


def _text(document: dict[str, Any]) -> str:
    images, shadows = document["images"], document["shadows"]
    lines = [f"{document['file']}: {len(images)} images"]
    if document["prediction"] is not None:
        lines += ["", prediction_text({**document["prediction"], "images": images})]
    else:
        lines += ["", *(f"{image['status']:<8}  {image['file']}" for image in images)]
    if shadows is not None:
        lines += ["", f"{shadows['count']} shadows, seed {shadows['seed']}"]
    return "\n".join(lines)
