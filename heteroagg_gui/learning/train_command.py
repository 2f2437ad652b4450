"""Training from the command line.

``python -m heteroagg_gui.learning.train_command`` does what ``heteroagg train`` does on a
machine without the rest of the program; ``torchrun`` starts several processes of it.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from heteroagg_gui.core.errors import HeteroaggError, ParameterError
from heteroagg_gui.core.progress import Progress, no_progress, part_of
from heteroagg_gui.learning.build import BuildPlan, build
from heteroagg_gui.learning.compact import device_named
from heteroagg_gui.learning.dataset.reading import open_dataset
from heteroagg_gui.learning.paper.basic import SIDE_PIXELS
from heteroagg_gui.learning.paper.record import Campaign, Source
from heteroagg_gui.learning.paper.trainer import (
    SHARES,
    PaperPlan,
    Place,
    image_side,
    refuse_to_overwrite,
    share_of_time,
)
from heteroagg_gui.learning.train_options import (
    PAPER_KEYS,
    SUMMARY,
    UPDATES_PER_EPOCH,
    add_arguments,
)
from heteroagg_gui.learning.train_trunk import TrunkPlan
from heteroagg_gui.learning.training.run import LAST_FILE
from heteroagg_gui.learning.training.team import joined_team

CHECKPOINTS = "training"


@dataclass(frozen=True)
class Trained:
    """What a training has led to.

    Parameters
    ----------
    folder
        The network's folder.
    networks
        The networks in it.
    figures
        Errors on the evaluation part, where there is one.
    """

    folder: Path
    networks: tuple[str, ...]
    figures: dict[str, Any] = field(default_factory=dict)


def run(options: argparse.Namespace, progress: Progress = no_progress) -> Trained:
    """Train what the options say.

    Parameters
    ----------
    options
        From :func:`~heteroagg_gui.learning.train_options.add_arguments`.
    progress
        Receives the share done.

    Raises
    ------
    HeteroaggError
        If the options make no sense, the data can't be used or the training diverges.
    """
    _check(options)
    if options.network == "compact":
        return _compact(options)
    with joined_team(device_named(options.device)) as (team, device):
        return _paper(options, Place(torch.device(device), team), progress)


def _check(options: argparse.Namespace) -> None:
    for name in ("epochs", "minutes", "batch", "patience", "learning_rate"):
        value = getattr(options, name)
        if value is not None and not value > 0:
            flag = name.replace("_", "-")
            raise ParameterError(f"--{flag} {value} makes no training: give a positive number.")
    if options.jobs < 0:
        raise ParameterError(f"{options.jobs} processes can't work: choose 0 or more.")


def _compact(options: argparse.Namespace) -> Trained:
    if options.epochs is None or options.data is not None:
        raise ParameterError(
            "The compact network learns from endless images for a number of updates: give "
            f"--on-the-fly and --epochs (of {UPDATES_PER_EPOCH} updates)."
        )
    folder = options.out / CHECKPOINTS / "compact"
    if not options.resume:
        refuse_to_overwrite(folder, "trunk.safetensors")
    trunk = TrunkPlan(
        steps=options.epochs * UPDATES_PER_EPOCH, batch=options.batch or 8, batches=2,
        seed=options.seed,
    )  # fmt: skip
    device = device_named(options.device)
    card = build(BuildPlan(trunk), folder, options.out, workers=options.jobs, device=device)
    return Trained(options.out, ("compact",), card["figures"])


def _paper(options: argparse.Namespace, place: Place, progress: Progress) -> Trained:
    keys = PAPER_KEYS if options.network == "paper" else (options.network,)
    folders = {key: options.out / CHECKPOINTS / key for key in keys}
    if not options.resume:
        for folder in folders.values():
            refuse_to_overwrite(folder, LAST_FILE)
    source, side = Source(workers=options.jobs), SIDE_PIXELS
    if options.data is not None:
        data = open_dataset(options.data)
        source, side = Source.stored(data, place.device), image_side(data.plan.frame)
    campaign = Campaign(options.out, source, _plan(options, side), place)
    campaign.keep_others(keys)
    started = time.monotonic()
    for number, key in enumerate(keys):
        seconds = None
        if options.minutes is not None:
            left = max(1.0, 60.0 * options.minutes - (time.monotonic() - started))
            seconds = left * share_of_time(key, keys[number:], SHARES)
        part = part_of(progress, number / len(keys), (number + 1) / len(keys))
        campaign.train(key, folders[key], seconds=seconds, resume=options.resume, progress=part)
    return Trained(options.out, tuple(campaign.networks), campaign.figures)


def _plan(options: argparse.Namespace, side: int) -> PaperPlan:
    return PaperPlan(
        side=side,
        features=options.features,
        batch=options.batch,
        learning_rate=options.learning_rate,
        falling=options.falling,
        free_rotation=not options.right_angles,
        epochs=options.epochs,
        patience=options.patience,
        seed=options.seed,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Train from the command line and return the exit status."""
    parser = argparse.ArgumentParser(description=SUMMARY)
    add_arguments(parser)
    try:
        trained = run(parser.parse_args(arguments))
    except HeteroaggError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(trained.figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
