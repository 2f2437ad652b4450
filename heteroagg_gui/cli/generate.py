"""heteroagg generate: training data, made or verified."""

import argparse
from typing import Any

from heteroagg_gui.cli.options import add_json
from heteroagg_gui.cli.outcome import Outcome
from heteroagg_gui.core.progress import Progress, with_time_left
from heteroagg_gui.learning.dataset.options import add_arguments as add_data_arguments

SUMMARY = "Make training data: aggregates of known theta and their simulated images."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_data_arguments(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Make or verify the data."""
    from heteroagg_gui.learning.dataset.generation import perform

    document = perform(arguments, with_time_left(progress))
    return Outcome(document, lambda: _text(document))


def _text(document: dict[str, Any]) -> str:
    size = f"{document['bytes'] / 1e6:,.0f} MB in {document['files']} files"
    amount = (
        f"{document['images']} images of {document['configurations']} configurations, "
        f"{document['training']} for training and {document['evaluation']} for evaluation"
    )
    if "verified" in document:
        return f"{document['verified']} is sound: {amount}, {size}"
    return f"{amount}, {size}, written to {document['out']}"
