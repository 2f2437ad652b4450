"""Retraining from the command line.

``python -m heteroagg_gui.learning.retraining.command`` does what ``heteroagg retrain`` does on
a machine without the rest of the program; ``torchrun`` starts several processes of it.
"""

import argparse
import json
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

from heteroagg_gui.core.errors import Cancelled, HeteroaggError, ParameterError, ResourceError
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.core.resources import models_folder
from heteroagg_gui.learning.model_card import CARD_FILE
from heteroagg_gui.learning.retraining.devices import devices
from heteroagg_gui.learning.retraining.engine import FAILED, RunOptions, retrain
from heteroagg_gui.learning.retraining.options import PROCESS_BEGAN, SUMMARY, add_arguments
from heteroagg_gui.learning.retraining.plan import RetrainingPlan
from heteroagg_gui.learning.retraining.plan_file import read_plan
from heteroagg_gui.learning.retraining.samples import write_samples
from heteroagg_gui.learning.retraining.trial import trial

Document = dict[str, Any]


class RetrainingError(HeteroaggError):
    """A retraining failed after it had begun; cause and remedy are in its status, too."""


def run(
    options: argparse.Namespace,
    plan: RetrainingPlan | None,
    *,
    start: Path | None = None,
    systems: Path | None = None,
    progress: Progress = no_progress,
) -> Document:
    """Do what the options say.

    Parameters
    ----------
    options
        From :func:`~heteroagg_gui.learning.retraining.options.add_arguments`.
    plan
        The plan that they name; None if they name none.
    start
        Folder of the network that the plan begins with.
    systems
        Folder of the user's own material systems.
    progress
        Receives the share done; raising Cancelled stops with a checkpoint.

    Returns
    -------
    dict
        What ``--json`` prints.

    Raises
    ------
    HeteroaggError
        If something is wrong with the plan or the options, or the training failed.
    """
    if options.devices:
        return {"devices": [device.as_dict() for device in devices()]}
    if plan is None:
        raise ParameterError("There is no plan: give the file of one, which the window saves.")
    if options.trial is not None:
        device = options.device or plan.device
        return trial(
            plan, device, options.trial, start=start, systems=systems, jobs=options.jobs
        ).as_dict()
    if options.out is None:
        raise ParameterError("There is no folder to write to: give one with --out.")
    if options.samples is not None:
        return write_samples(plan, options.samples, options.out, systems=systems)
    return _trained(options, plan, start, systems, progress)


def _trained(
    options: argparse.Namespace,
    plan: RetrainingPlan,
    start: Path | None,
    systems: Path | None,
    progress: Progress,
) -> Document:
    chosen = RunOptions(
        device=options.device,
        jobs=options.jobs,
        cluster=options.dask,
        resume=options.resume,
        finish=options.finish,
        start=start,
        systems=systems,
        began=PROCESS_BEGAN,
    )
    ending = retrain(plan, options.out, chosen, progress)
    if ending.state == FAILED and ending.failure is not None:
        raise RetrainingError(f"{ending.failure.sentence} {ending.failure.remedy}")
    document: Document = {"out": str(ending.folder), "state": ending.state}
    if ending.card is not None:
        document |= {"network": str(ending.folder / "network"), "figures": ending.card["figures"]}
    return document


def bundled_start(plan: RetrainingPlan | None, named: str | None) -> Path | None:
    """Return the folder of the network to begin with, among the bundled ones or by its path."""
    name = named or (plan.start if plan is not None else "")
    if not name:
        return None
    candidates = [Path(name)]
    try:
        candidates.append(models_folder() / name)
    except ResourceError:
        candidates = candidates[:1]
    return next((folder for folder in candidates if (folder / CARD_FILE).is_file()), None)


@contextmanager
def _stopping_on_interrupt() -> Iterator[Progress]:
    """Yield a progress by which Ctrl-C stops the work as the window does."""
    asked = Event()

    def note(*_arguments: Any) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    def report(fraction: float, message: str) -> None:  # noqa: ARG001
        if asked.is_set():
            raise Cancelled

    before = signal.signal(signal.SIGINT, note)
    try:
        yield report
    finally:
        signal.signal(signal.SIGINT, before)


def main(arguments: Sequence[str] | None = None) -> int:
    """Retrain from the command line and return the exit status."""
    parser = argparse.ArgumentParser(description=SUMMARY, allow_abbrev=False)
    add_arguments(parser)
    parser.add_argument(
        "--systems", type=Path, metavar="DIR", help="Folder of further material systems."
    )
    options = parser.parse_args(arguments)
    try:
        plan = read_plan(options.plan) if options.plan is not None else None
        start = bundled_start(plan, options.start)
        with _stopping_on_interrupt() as progress:
            document = run(options, plan, start=start, systems=options.systems, progress=progress)
    except HeteroaggError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(document))
    return 0


if __name__ == "__main__":
    sys.exit(main())
