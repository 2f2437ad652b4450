"""heteroagg simulate: micrographs of aggregates with a known theta."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from heteroagg_gui.cli.options import add_json, add_option, add_pair, given
from heteroagg_gui.cli.outcome import Outcome
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.workflow.action import Action
from heteroagg_gui.workflow.actions import ACTIONS
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.simulate_command import IMPERFECTION_OPTIONS, OPTIONS, Option

SUMMARY = "Simulate HAADF-STEM images of aggregates with a given theta."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    action = ACTIONS["simulate"]
    add_option(parser, action, "theta", required=True)
    where = "Folder for the images, their particles and truth.json; made if it does not exist."
    add_option(parser, action, "folder", "--out", required=True, text=where)
    _add_options(parser, action, OPTIONS)
    group = parser.add_argument_group(
        "imperfections of real images", "All off by default; see docs/image-formation.md."
    )
    _add_options(group, action, IMPERFECTION_OPTIONS)
    add_option(parser, action, "jobs")
    add_json(parser)


def _add_options(
    parser: argparse._ActionsContainer, action: Action, options: Sequence[Option]
) -> None:
    for option in options:
        if len(option.names) == 2:
            add_pair(parser, action, (option.names[0], option.names[1]), option.flag, option.marks)
        else:
            add_option(parser, action, option.names[0], option.flag, metavar=option.marks)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Simulate and write the images."""
    values = given(vars(arguments), ACTIONS["simulate"])
    perform(Session(), "simulate", {**values, "add": False}, progress)
    folder = Path(values["folder"])
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    cut = [image["file"] for image in truth["images"] if image["reaches_beyond_frame"]]
    notes = (_cut_note(cut),) if cut else ()
    return Outcome({"out": str(folder), **truth}, lambda: _text(folder, truth), notes=notes)


def _cut_note(cut: list[str]) -> str:
    return (
        f"The aggregates of {len(cut)} images reach beyond the frame, the first in {cut[0]}: "
        "take more or larger pixels to see them whole."
    )


def _text(folder: Path, truth: dict[str, Any]) -> str:
    return f"{len(truth['images'])} images, their particles and truth.json written to {folder}"
