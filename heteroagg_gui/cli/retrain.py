"""heteroagg retrain: a network for other materials, sizes or microscopes."""

import argparse
from typing import Any

from heteroagg_gui.cli.options import add_json
from heteroagg_gui.cli.outcome import Outcome
from heteroagg_gui.core.progress import Progress, duration
from heteroagg_gui.learning.retraining import options

SUMMARY = options.SUMMARY


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    options.add_arguments(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Retrain, or answer a question about a plan."""
    from heteroagg_gui.core.errors import ModelError
    from heteroagg_gui.learning.retraining.command import run as retrain
    from heteroagg_gui.learning.retraining.plan_file import read_plan
    from heteroagg_gui.workflow.places import user_materials_folder
    from heteroagg_gui.workflow.predictors import find_model

    plan = read_plan(arguments.plan) if arguments.plan is not None else None
    name = arguments.start or (plan.start if plan is not None else "")
    start = None
    if name:
        try:
            start = find_model(name)
        except ModelError:
            if arguments.start:
                raise
    document = retrain(
        arguments, plan, start=start, systems=user_materials_folder(), progress=progress
    )
    return Outcome(document, lambda: _text(document))


def _text(document: dict[str, Any]) -> str:
    if "devices" in document:
        lines = [f"{d['name']:<8}{d['title']} ({d['detail']})" for d in document["devices"]]
        return "\n".join(lines)
    if "samples" in document:
        return f"{len(document['samples'])} images written to {document['out']}"
    if "stages" in document:
        return _trial_text(document)
    if document["state"] == "stopped":
        return f"Stopped: go on with --resume; what is finished is in {document['out']}"
    return f"{document['network']} is finished: heteroagg models install {document['network']}"


def _trial_text(document: dict[str, Any]) -> str:
    lines = [
        f"On {document['device_title']}:",
        f"{document['simulating']:>8.1f} images/s simulated by a process",
        f"{document['training']:>8.1f} images/s in training",
        f"{document['describing']:>8.1f} images/s described",
        f"{document['head_updates']:>8.1f} updates/s of a set head",
    ]
    parts = ", ".join(f"{name} {duration(s)}" for name, s in document["stages"].items())
    return "\n".join([*lines, f"The plan takes about {duration(document['seconds'])}: {parts}"])
