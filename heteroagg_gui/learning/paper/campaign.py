"""Data, training and evaluation of the paper's networks in one command and a given time.

``python -m heteroagg_gui.learning.paper.campaign --out DIR --minutes 9 --jobs 16 --device cuda``
makes the paper's data set in a scratch folder, trains as long as the minutes last and writes
a model of kind ``paper-five``: files under 15 MB, with metrics.json and card.json.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from heteroagg_gui.core.errors import HeteroaggError, ModelError, ParameterError
from heteroagg_gui.learning.compact import device_named
from heteroagg_gui.learning.dataset.generation import generate
from heteroagg_gui.learning.dataset.plan import paper_plan
from heteroagg_gui.learning.dataset.reading import open_dataset
from heteroagg_gui.learning.paper.networks import PURPOSES
from heteroagg_gui.learning.paper.orders import fewer_evaluated
from heteroagg_gui.learning.paper.record import Campaign, PrintedTenths, Source, epoch_line
from heteroagg_gui.learning.paper.stored_examples import VALIDATION_SHARE
from heteroagg_gui.learning.paper.trainer import (
    SHARES,
    PaperPlan,
    Place,
    image_side,
    share_of_time,
)

EVALUATION_RESERVE = 0.06


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of a campaign."""
    parser = argparse.ArgumentParser(description="Train the paper's networks in a given time.")
    parser.add_argument("--out", type=Path, required=True, help="folder of the model")
    parser.add_argument("--minutes", type=float, required=True, help="minutes of the whole call")
    parser.add_argument("--jobs", type=int, default=1, help="processes that make the data")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--seed", type=int, default=1, help="seed of data, weights and order")
    parser.add_argument("--networks", default=",".join(PURPOSES), help="which, by commas")
    parser.add_argument("--features", default="basic", help="basic, inception or resnet")
    parser.add_argument("--shares", default="", help="of the time, as Df=1,theta0=2")
    parser.add_argument("--data", type=Path, help="training data that exist already")
    parser.add_argument("--per-triple", type=int, default=100, help="aggregates of a triple")
    parser.add_argument("--scratch", type=Path, help="folder for data and checkpoints")
    parser.add_argument(
        "--validation", type=float, default=VALIDATION_SHARE, help="share that picks the best"
    )
    parser.add_argument("--evaluated", type=int, help="evaluation images at most [all]")
    parser.add_argument("--batch", type=int, help="evaluations per update [paper: 16, sets 8]")
    parser.add_argument("--learning-rate", type=float, default=1e-4, help="of Adam")
    parser.add_argument(
        "--not-inverted", action="store_true", help="no inversion of intensities, for CNN^1"
    )
    parser.add_argument("--falling", action="store_true", help="let the learning rate fall to 0")
    parser.add_argument("--averaging", type=float, help="decay of a moving average of weights")
    parser.add_argument("--right-angles", action="store_true", help="rotate by 90 degrees only")
    parser.add_argument(
        "--resume",
        nargs="?",
        type=Path,
        const=Path(),
        help="go on from an earlier campaign's folder [--out]",
    )
    parser.add_argument("--keep-optimiser", action="store_true", help="store Adam's state, too")
    return parser.parse_args(arguments)


def run_campaign(options: argparse.Namespace, scratch: Path) -> Campaign:
    """Make data, train and evaluate; see the module."""
    started = time.monotonic()
    deadline = started + 60.0 * options.minutes * (1.0 - EVALUATION_RESERVE)
    keys = chosen_networks(options.networks)
    shares = chosen_shares(options.shares)
    device = torch.device(device_named(options.device))
    if options.data:
        data = open_dataset(options.data)
    else:
        plan = paper_plan(options.seed, options.per_triple)
        data = generate(plan, scratch / "data", jobs=options.jobs, progress=PrintedTenths())
    if options.evaluated is not None:
        data.evaluation = fewer_evaluated(data, options.evaluated, options.seed)
    made = time.monotonic()
    campaign = Campaign(
        options.out,
        Source.stored(data, device),
        _plan(options, image_side(data.plan.frame)),
        Place(device),
        keep_optimiser=options.keep_optimiser,
    )
    if options.resume is not None:
        campaign.adopt(options.resume if options.resume != Path() else options.out)
    uploaded = time.monotonic()
    campaign.seconds = {"data": made - started, "upload": uploaded - made}
    print(epoch_line("seconds", campaign.seconds), flush=True)
    for number, key in enumerate(keys):
        left = max(1.0, deadline - time.monotonic())
        seconds = left * share_of_time(key, keys[number:], shares)
        try:
            campaign.train(key, scratch / key, seconds=seconds)
        except ModelError as error:
            print(f"{key}: {error}", flush=True)
    campaign.seconds["all"] = time.monotonic() - started
    if not campaign.trained:
        raise ModelError("No network could be trained: the lines above say why.")
    campaign.write()
    return campaign


def _plan(options: argparse.Namespace, side: int) -> PaperPlan:
    return PaperPlan(
        side=side,
        features=options.features,
        batch=options.batch,
        learning_rate=options.learning_rate,
        falling=options.falling,
        averaging=options.averaging,
        free_rotation=not options.right_angles,
        validation_share=options.validation,
        inverted=False if options.not_inverted else None,
        seed=options.seed,
    )


def chosen_networks(text: str) -> list[str]:
    """Return the names in a list with commas.

    Raises
    ------
    ParameterError
        If one is unknown.
    """
    keys = [key.strip() for key in text.split(",") if key.strip()]
    unknown = [key for key in keys if key not in PURPOSES]
    if unknown or not keys:
        raise ParameterError(
            f"There is no network '{', '.join(unknown)}': choose from {', '.join(PURPOSES)}."
        )
    return keys


def chosen_shares(text: str) -> Mapping[str, float]:
    """Return the shares of the time, changed as ``Df=1,theta0=2`` says.

    Raises
    ------
    ParameterError
        If the text can't be read.
    """
    shares = dict(SHARES)
    for part in filter(None, text.split(",")):
        key, _, number = part.partition("=")
        try:
            value = float(number)
        except ValueError:
            value = -1.0
        if key not in shares or value <= 0:
            raise ParameterError(
                f"The share '{part}' can't be read: give NETWORK=NUMBER with a positive number."
            )
        shares[key] = value
    return shares


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a campaign from the command line and return its exit status."""
    options = parse(arguments)
    try:
        if options.scratch:
            campaign = run_campaign(options, options.scratch)
        else:
            with tempfile.TemporaryDirectory() as scratch:
                campaign = run_campaign(options, Path(scratch))
    except HeteroaggError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(campaign.figures, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
