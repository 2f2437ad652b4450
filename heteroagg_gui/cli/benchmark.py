"""heteroagg benchmark: the speed of each stage on this computer."""

import argparse
from typing import Any

from heteroagg_gui.cli.options import add_json
from heteroagg_gui.cli.outcome import Outcome
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.workflow.benchmark import STAGES, measure

SUMMARY = "Measure the speed of each stage, as rates and against the references."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--only",
        choices=tuple(STAGES),
        action="append",
        metavar="NAME",
        help=f"Measure this stage only; may be given again: {', '.join(STAGES)}.",
    )
    add_json(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Measure."""
    document = measure(tuple(arguments.only or STAGES), progress)
    return Outcome(document, lambda: _text(document))


def _text(document: dict[str, Any]) -> str:
    lines = [f"{document['machine']}, one core unless it says otherwise", ""]
    for name, result in document["stages"].items():
        if result["value"] is None:
            lines.append(f"{name:<18}{result['reason']}")
            continue
        ratio = result["ratio"]
        lines.append(
            f"{name:<18}{result['value']:>10.4g} {result['unit']:<14}"
            f"{ratio:>7.2f} x the reference ({result['reference']:g}: {result['reference_is']})"
        )
    return "\n".join(lines)
