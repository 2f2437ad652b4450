"""The common start of the paper's networks as a command.

``python -m heteroagg_gui.learning.paper.start_command --data DIR --out DIR --minutes 60``
"""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.learning.compact import device_named
from heteroagg_gui.learning.dataset.reading import open_dataset
from heteroagg_gui.learning.paper.common_start import (
    VALIDATION_SHARE,
    CommonNetwork,
    CommonTask,
    started_features,
)
from heteroagg_gui.learning.paper.examples import image_store
from heteroagg_gui.learning.paper.record import PrintedEpochs
from heteroagg_gui.learning.paper.trainer import PaperPlan, Place, image_side, stored_examples
from heteroagg_gui.learning.training.loop import Pace, train
from heteroagg_gui.learning.training.run import LAST_FILE, TrainingRun
from heteroagg_gui.learning.training.task import Limits, Recipe, falling_rate
from heteroagg_gui.learning.training.team import joined_team

LEARNING_RATE = 5e-4
WARMUP = 300
DENSE_FACTOR = 0.1
"""Layer 16 sums 36,864 inputs: at the rate of the others each update would upset it."""
CLIP = 5.0
AVERAGING = 0.999
BATCH = 16
ROW_EVERY_S = 60.0
PREPARED_CONVOLUTIONS = ("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "8192")
"""How many convolutions the library keeps ready; each size of a part needs some of its own."""


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(description="Train the features of the paper's networks.")
    parser.add_argument("--data", type=Path, required=True, help="the paper's training data")
    parser.add_argument("--out", type=Path, required=True, help="folder of the checkpoint")
    parser.add_argument("--minutes", type=float, required=True, help="minutes in all")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--seed", type=int, default=1, help="seed of weights and order")
    parser.add_argument("--inverted", action="store_true", help="invert intensities first")
    parser.add_argument("--bfloat16", action="store_true", help="compute in bfloat16")
    parser.add_argument("--begin-with", type=Path, help="folder of another common start")
    parser.add_argument("--batch", type=int, default=BATCH, help="images per update")
    parser.add_argument("--learning-rate", type=float, default=LEARNING_RATE, help="of Adam")
    return parser.parse_args(arguments)


def common_run(options: argparse.Namespace, place: Place) -> TrainingRun:
    """Return the training, at its checkpoint if there is one."""
    data = open_dataset(options.data)
    device, team = place.device, place.team
    side = image_side(data.plan.frame)
    plan = PaperPlan(
        side=side,
        batch=max(1, options.batch // team.size),
        learning_rate=options.learning_rate,
        falling=True,
        seed=options.seed,
        validation_share=VALIDATION_SHARE,
    )
    store = image_store(data, np.arange(len(data), dtype=np.int64), device)
    examples = stored_examples("Df", plan, data, store, team)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(options.seed)
        network = CommonNetwork(side).to(device)
    if options.begin_with is not None:
        before = started_features(options.begin_with, side)
        network.features.load_state_dict(before.features.state_dict())
    task = CommonTask(
        network,
        data,
        examples,
        plan.augmentation,
        inverted=options.inverted,
        bfloat16=options.bfloat16,
        processes=team.size,
    )
    if not (options.out / LAST_FILE).exists():
        task.calibrate()
    recipe = Recipe(
        falling_rate(options.learning_rate, WARMUP),
        clip=CLIP,
        averaging=AVERAGING,
        slower={"features.dense.": DENSE_FACTOR},
    )
    notes = {"plan": {**asdict(plan), "inverted": options.inverted}}
    run = TrainingRun(task, recipe, options.out, device, team=team, notes=notes)
    run.resume()
    return run


def main(arguments: Sequence[str] | None = None) -> int:
    """Train from the command line and return the exit status."""
    options = parse(arguments)
    os.environ.setdefault(*PREPARED_CONVOLUTIONS)
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        with joined_team(device_named(options.device)) as (team, device):
            run = common_run(options, Place(torch.device(device), team))
            limits = Limits(seconds_in_all=60.0 * options.minutes)
            train(run, limits, report=PrintedEpochs("common"), pace=Pace(row_every_s=ROW_EVERY_S))
    except HeteroaggError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
