"""heteroagg benchmark: the speed of each stage on this computer."""

import argparse
from pathlib import Path
from typing import Any

from heteroagg_gui.cli.options import add_json
from heteroagg_gui.cli.outcome import Outcome
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.workflow.benchmark import GROUPS, STAGES, measure

SUMMARY = "Measure the speed of each stage, as rates and against the references."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--only",
        choices=(*STAGES, *GROUPS),
        action="append",
        metavar="NAME",
        help=f"Measure this stage only; may be given again: {', '.join((*STAGES, *GROUPS))}.",
    )
    parser.add_argument(
        "--program",
        type=Path,
        metavar="PATH",
        help="Measure the start of this executable, heteroagg-gui of a bundle, in place of "
        "this program's.",
    )
    add_json(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Measure."""
    document = measure(tuple(arguments.only or STAGES), progress, arguments.program)
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
