"""heteroagg shadows: aggregates drawn from the stochastic 3D model."""

import argparse
import json
from pathlib import Path
from typing import Any

from heteroagg_gui.cli.options import add_json, add_option, add_pair, given
from heteroagg_gui.cli.outcome import Outcome
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.progress import Progress, part_of
from heteroagg_gui.workflow.actions import ACTIONS
from heteroagg_gui.workflow.documents import read_prediction
from heteroagg_gui.workflow.results import check_folder
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.state import SessionState

SUMMARY = "Draw digital shadows with a given or a predicted theta and describe them."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    draw, export = ACTIONS["draw_shadows"], ACTIONS["export"]
    source = parser.add_mutually_exclusive_group(required=True)
    add_option(source, draw, "theta")
    source.add_argument(
        "--prediction",
        type=Path,
        metavar="FILE.json",
        help="Take theta from what 'heteroagg predict --json' printed.",
    )
    add_option(parser, export, "folder", "--out", required=True)
    add_option(parser, draw, "count")
    add_option(parser, draw, "seed")
    add_option(parser, draw, "from_distribution")
    add_option(parser, draw, "size_range")
    add_pair(parser, draw, ("radius_mean_nm", "radius_sd_nm"), "--radius", "MEAN SD")
    add_option(parser, draw, "system")
    for kind in ("obj", "xyz", "vtk"):
        add_option(parser, export, kind)
    add_option(parser, draw, "jobs")
    add_json(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Draw the shadows and write them."""
    if arguments.from_distribution and arguments.prediction is None:
        raise ParameterError(
            "A theta given with --theta has no distribution: give --prediction FILE.json."
        )
    check_folder(Path(arguments.folder))
    state = SessionState()
    if arguments.prediction is not None:
        state = SessionState(prediction=read_prediction(arguments.prediction))
    session = Session(state)
    values = given(vars(arguments), ACTIONS["draw_shadows"])
    perform(session, "draw_shadows", values, part_of(progress, 0.0, 0.7))
    chosen = given(vars(arguments), ACTIONS["export"])
    perform(session, "export", {**chosen, "prediction": False}, part_of(progress, 0.7, 1.0))
    return _outcome(session.state, Path(chosen["folder"]))


def _outcome(state: SessionState, folder: Path) -> Outcome:
    assert state.shadows is not None  # noqa: S101  drawn above
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    document: dict[str, Any] = {
        "out": str(folder),
        "count": len(state.shadows),
        "seed": state.shadows.seed,
        "system": state.shadows.system,
        "theta": None if len(set(state.shadows.thetas)) > 1 else state.shadows.thetas[0].as_dict(),
        "summary": summary,
    }
    return Outcome(document, lambda: _text(document))


def _text(document: dict[str, Any]) -> str:
    lines = [f"{document['count']} shadows written to {document['out']}", ""]
    lines.append(f"{'descriptor':<24}{'mean':>10}{'sd':>10}{'q05':>10}{'q95':>10}")
    for name, figures in document["summary"].items():
        cells = (figures.get(key) for key in ("mean", "sd", "q05", "q95"))
        shown = "".join(f"{'-' if v is None else format(v, '.4g'):>10}" for v in cells)
        lines.append(f"{name:<24}{shown}")
    return "\n".join(lines)
