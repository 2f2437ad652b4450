"""heteroagg train: networks from training data."""

import argparse

from heteroagg_gui.cli.options import add_json
from heteroagg_gui.cli.outcome import Outcome
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.learning import train_options

SUMMARY = train_options.SUMMARY


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    train_options.add_arguments(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Train; a line per epoch goes to stderr."""
    from heteroagg_gui.learning.train_command import run as train

    trained = train(arguments, progress)
    document = {
        "out": str(trained.folder),
        "networks": list(trained.networks),
        "figures": trained.figures,
    }
    names = ", ".join(trained.networks)
    return Outcome(document, lambda: f"{names}: trained, in {trained.folder}")
