"""Training of one of the paper's networks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.paper.basic import LEAST_SIDE_PIXELS, SIDE_PIXELS
from heteroagg_gui.learning.paper.examples import Examples, ImageStore
from heteroagg_gui.learning.paper.networks import PURPOSES, PaperNetwork, make_network
from heteroagg_gui.learning.paper.orders import StoredImages
from heteroagg_gui.learning.paper.simulated_examples import SimulatedExamples
from heteroagg_gui.learning.paper.stored_examples import VALIDATION_SHARE, StoredExamples
from heteroagg_gui.learning.paper.tasks import PaperTask
from heteroagg_gui.learning.training.augmentation import Augmentation
from heteroagg_gui.learning.training.loop import train
from heteroagg_gui.learning.training.run import LAST_FILE, TrainingRun
from heteroagg_gui.learning.training.task import (
    PAPER_LEARNING_RATE,
    Limits,
    Recipe,
    constant_rate,
    falling_rate,
)
from heteroagg_gui.learning.training.team import ALONE, Team
from heteroagg_gui.stem.microscope import Frame

SHARES: Mapping[str, float] = {
    "Df": 1.0,
    "rho-class": 0.75,
    "rho-reg": 1.0,
    "theta0": 1.5,
    "theta1": 1.5,
}


@dataclass(frozen=True)
class PaperPlan:
    """How a paper network is trained; the defaults are the paper's, section 2.3.1.

    Parameters
    ----------
    features
        Subnetwork f: ``basic``, ``inception`` or ``resnet``.
    batch
        Evaluations per update and process; None for 16, or 8 for sets of images.
    learning_rate
        Adam's learning rate.
    falling
        Let the learning rate fall to zero as the training ends, which the paper does not.
    warmup
        Updates over which the learning rate rises.
    averaging
        Decay of a moving average of the weights that is used in the end; None for none.
    free_rotation
        Rotate by any angle; otherwise by multiples of 90 degrees.
    epochs
        Passes over the training data, those before a resumption counted in.
    patience
        Epochs without a better network after which the training ends.
    validation_share
        Share of the training configurations that decides which weights are the best.
    seed
        Seed of weights, order and augmentation.
    side
        Pixels of an image's edge.
    inverted
        Invert intensities first, section 2.3.5; None for what the paper does with each network.
    """

    features: str = "basic"
    batch: int | None = None
    learning_rate: float = PAPER_LEARNING_RATE
    falling: bool = False
    warmup: int = 0
    averaging: float | None = None
    free_rotation: bool = True
    epochs: int | None = None
    patience: int | None = None
    validation_share: float = VALIDATION_SHARE
    seed: int = 1
    side: int = SIDE_PIXELS
    inverted: bool | None = None

    @property
    def augmentation(self) -> Augmentation:
        """How images are moved."""
        return Augmentation(free_rotation=self.free_rotation)

    @property
    def recipe(self) -> Recipe:
        """How weights are updated."""
        shape = falling_rate if self.falling else constant_rate
        return Recipe(shape(self.learning_rate, self.warmup), averaging=self.averaging)


@dataclass(frozen=True)
class Place:
    """Where a training takes place: device and team of processes."""

    device: torch.device
    team: Team = ALONE


def image_side(frame: Frame) -> int:
    """Return the pixels of an image's edge.

    Raises
    ------
    ParameterError
        If images are not square or too small for the basic network.
    """
    if frame.height != frame.width or frame.height < LEAST_SIDE_PIXELS:
        raise ParameterError(
            f"The paper's networks need square images of at least {LEAST_SIDE_PIXELS} pixels a "
            f"side, and these have {frame.width} x {frame.height}: make others."
        )
    return frame.height


def stored_examples(
    key: str, plan: PaperPlan, data: StoredImages, store: ImageStore, team: Team = ALONE
) -> StoredExamples:
    """Return the examples of a network from stored training data."""
    return StoredExamples(
        data,
        store,
        PURPOSES[key],
        augmentation=plan.augmentation,
        batch=plan.batch,
        processes=team.size,
        seed=plan.seed,
        validation_share=plan.validation_share,
    )


def simulated_examples(
    key: str, plan: PaperPlan, device: torch.device, workers: int
) -> SimulatedExamples:
    """Return endless examples of a network."""
    return SimulatedExamples(
        key,
        device,
        augmentation=plan.augmentation,
        batch=plan.batch,
        workers=workers,
        seed=plan.seed,
    )


def training_layout(device: torch.device) -> torch.memory_format:
    """Return how images lie in memory in training.

    A GPU is fastest where channels are neighbours. On a processor, sums over such images are
    accumulated one by one in single precision: gradients of the first layers were off by
    several per cent, against 0.01 % where columns are neighbours.
    """
    return torch.channels_last if device.type == "cuda" else torch.contiguous_format


def begin(key: str, plan: PaperPlan, examples: Examples, folder: Path, place: Place) -> TrainingRun:
    """Return a training that has not begun, its weights drawn by the plan's seed.

    Parameters
    ----------
    key
        ``Df``, ``rho-class``, ``rho-reg``, ``theta0`` or ``theta1``.
    plan
        How to train.
    examples
        What to learn from.
    folder
        Where checkpoints go.
    place
        Where to compute.
    """
    if place.device.type == "cuda":
        torch.backends.cudnn.benchmark = True
    network = make_network(
        key, plan.features, seed=plan.seed, side=plan.side, inverted=plan.inverted
    )
    network.to(place.device, memory_format=training_layout(place.device))  # type: ignore[call-overload]
    task = PaperTask(network, examples, plan.augmentation, place.team.size)
    return TrainingRun(
        task,
        plan.recipe,
        folder,
        place.device,
        team=place.team,
        notes={"network": key, "plan": asdict(plan)},
    )


def refuse_to_overwrite(folder: Path, checkpoint: str = LAST_FILE) -> None:
    """Refuse a folder in which a training was begun.

    Parameters
    ----------
    folder
        Folder of the checkpoints.
    checkpoint
        Name of the file by which a training is recognised.

    Raises
    ------
    ParameterError
        If it holds a checkpoint.
    """
    if (folder / checkpoint).exists():
        raise ParameterError(
            f"The folder '{folder}' holds a training that was begun: add --resume to go on "
            "with it, or choose another folder."
        )


def finish(
    run: TrainingRun,
    plan: PaperPlan,
    *,
    seconds: float | None = None,
    report: Callable[[dict[str, Any]], None] | None = None,
    progress: Progress = no_progress,
) -> None:
    """Train until the plan or the time ends.

    Parameters
    ----------
    run
        From :func:`begin`, resumed or not.
    plan
        Epochs and patience.
    seconds
        Seconds of this call at most.
    report
        Receives a row of figures after each epoch.
    progress
        Receives the share done.

    Raises
    ------
    ParameterError
        If neither epochs nor seconds are limited.
    ModelError
        If the training diverges.
    """
    if plan.epochs is None and seconds is None:
        raise ParameterError("A training needs an end: give a number of epochs or of minutes.")
    run.folder.mkdir(parents=True, exist_ok=True)
    steps = None if plan.epochs is None else plan.epochs * run.task.updates_per_epoch
    limits = Limits(steps, seconds, plan.patience)
    train(run, limits, report=report, progress=progress)


def best_network(run: TrainingRun) -> PaperNetwork:
    """Return the network with its best weights, in evaluation mode."""
    run.load_best()
    network = run.task.network
    if not isinstance(network, PaperNetwork):
        raise TypeError("the run is not one of a paper network")
    return network.eval()


def share_of_time(key: str, waiting: Sequence[str], shares: Mapping[str, float]) -> float:
    """Return which part of the time left is for the first of the networks that wait."""
    return shares[key] / sum(shares[other] for other in waiting)


def training_note(run: TrainingRun, plan: PaperPlan) -> dict[str, Any]:
    """Return what a card says of a training."""
    return {
        "updates": run.step,
        "images": run.step * run.task.images_per_update,
        "epochs": round(run.step / run.task.updates_per_epoch, 2),
        "seconds": round(run.seconds, 1),
        "device": str(run.device),
        "torch": str(torch.__version__),
        "plan": asdict(plan),
        "best": run.best,
    }
