"""Training of the trunk on endless single images."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from heteroagg_gui.aggregation.sampler import sample_aggregate
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.batches import Batch, EndlessChunks
from heteroagg_gui.learning.examples import QUANTITIES, image_stream, quantities_of
from heteroagg_gui.learning.losses import Scales, trunk_loss
from heteroagg_gui.learning.makers import IN_THIS_PROCESS, Makers
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.tensors import with_prefix
from heteroagg_gui.learning.training.checkpoint import read_checkpoint
from heteroagg_gui.learning.training.loop import train
from heteroagg_gui.learning.training.run import TrainingRun
from heteroagg_gui.learning.training.task import Limits, Recipe, mixed_precision
from heteroagg_gui.learning.training.team import ALONE, Team
from heteroagg_gui.learning.trunk import Trunk, TrunkSize

CHECKPOINT = "trunk.safetensors"
REPORTED_EVERY = 50
SCALE_STREAM = 10**6
SHARE_OF_RISE = 0.05
"""Share of a training by the clock in which the learning rate has risen at the latest."""
ENDLESS = 2**31
"""Updates of a training that the clock ends."""


_COUNT = QUANTITIES.index("log_n_particles")


@dataclass(frozen=True)
class TrunkPlan:
    """How long and how the trunk is trained.

    Parameters
    ----------
    steps
        Updates of the weights; each sees ``batch * batches`` images.
    batch, batches
        Images per padded batch and such batches per update.
    learning_rate
        Peak of the schedule: linear rise over ``warmup`` steps, then half a cosine to 0.
    averaging
        Decay of the exponential moving average of the weights that is kept in the end.
    seed
        Seed of images and initial weights.
    seconds
        Train for so many seconds in all, those before a resumption counted in, and for
        ``steps`` at most; the learning rate then falls to 0 with the time.
    """

    steps: int
    batch: int = 8
    batches: int = 4
    learning_rate: float = 1.5e-3
    warmup: int = 100
    averaging: float = 0.998
    seed: int = 1
    size: TrunkSize = field(default_factory=TrunkSize)
    ranges: TrainingRanges = field(default_factory=TrainingRanges)
    seconds: float | None = None

    @property
    def limits(self) -> Limits:
        """When the training ends."""
        return Limits(steps=self.steps, seconds_in_all=self.seconds)

    def rate(self, step: int, share: float = 0.0) -> float:
        """Return the learning rate of a step, where a share of the training is done."""
        if self.seconds is not None:
            rise = max((step + 1) / max(1, self.warmup), share / SHARE_OF_RISE)
            return self.learning_rate * min(1.0, rise) * _falling(share)
        if step < self.warmup:
            return self.learning_rate * (step + 1) / self.warmup
        return self.learning_rate * _falling(
            (step - self.warmup) / max(1, self.steps - self.warmup)
        )


def _falling(share: float) -> float:
    return 0.5 * (1.0 + math.cos(math.pi * min(1.0, share)))


def quantity_scales(ranges: TrainingRanges, seed: int, count: int = 2000) -> Scales:
    """Estimate mean and spread of each quantity over the training range."""
    rows = []
    for k in range(count):
        rng = image_stream(seed, SCALE_STREAM, k)
        theta = ranges.draw_theta(rng)
        rows.append(
            quantities_of(sample_aggregate(theta, rng, ranges.draw_aggregation(rng)), theta)
        )
    table = torch.from_numpy(np.stack(rows))
    return Scales(table.mean(dim=0), table.std(dim=0))


def to_device(batch: Batch, device: torch.device) -> Batch:
    """Move a batch; the images travel as bytes."""
    return Batch(
        batch.levels.to(device, non_blocking=True),
        None if batch.maps is None else batch.maps.to(device, non_blocking=True),
        batch.quantities.to(device, non_blocking=True),
        batch.clusters.to(device, non_blocking=True),
    )


def network_input(levels: Tensor) -> Tensor:
    """Turn levels into what the trunk reads: 0 ... 1, channels last."""
    return (levels.float() / 255.0).contiguous(memory_format=torch.channels_last)


@dataclass(frozen=True)
class Start:
    """A trained trunk that another training begins with, and the units of its quantities."""

    trunk: Trunk
    scales: Scales


def _scales_in(checkpoint: Path) -> Scales | None:
    """Return the units that an interrupted training works with."""
    if not checkpoint.exists():
        return None
    kept = with_prefix(read_checkpoint(checkpoint).tensors, "scales.")
    return Scales(kept["mean"], kept["deviation"]) if kept else None


class TrunkTask:
    """The trunk and the endless images it learns from, as the engine asks for them."""

    updates_per_epoch = REPORTED_EVERY
    criterion = ""

    def __init__(
        self, plan: TrunkPlan, device: torch.device, makers: Makers, scales: Scales
    ) -> None:
        self.plan = plan
        self.device = device
        self.makers = makers
        self.images_per_update = plan.batch * plan.batches
        self.scales = Scales(scales.mean.to(device), scales.deviation.to(device))
        self.kept: Mapping[str, Tensor] = {
            "scales.mean": self.scales.mean,
            "scales.deviation": self.scales.deviation,
        }
        torch.manual_seed(plan.seed)
        self.network: nn.Module = Trunk(plan.size)
        self.network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]

    def chunks(self, first: int, team: Team) -> Iterator[Sequence[Batch]]:
        """Yield the batches of the updates from ``first`` on, simulated by the workers."""
        plan = self.plan
        if self.images_per_update % team.size:
            raise ParameterError(
                f"{team.size} processes can't share the {self.images_per_update} images of an "
                "update evenly: change the batch or their number."
            )
        place = (team.rank, team.size)
        items = EndlessChunks(plan.ranges, plan.seed, plan.steps, plan.batch, plan.batches, place)
        return self.makers.in_order(items, first)

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """Return the parts of the loss and the mean absolute error of each quantity."""
        self.makers.pulse()
        moved = to_device(batch, self.device)
        with mixed_precision(self.device):
            output = self.network(network_input(moved.levels))
        parts = trunk_loss(output, moved, self.scales)
        with torch.no_grad():
            restored = self.scales.restore(output.quantities.detach())
            error = (restored - moved.quantities).abs().mean(dim=0)
            counts = [torch.exp(q[:, _COUNT].clamp_max(12.0)) for q in (restored, moved.quantities)]
        self.makers.pulse()
        errors = {f"mae_{name}": error[k] for k, name in enumerate(QUANTITIES)}
        return parts | errors | {"mae_n_particles": (counts[0] - counts[1]).abs().mean()}

    def validate(self) -> dict[str, float]:
        """Return nothing: no image is ever seen twice."""
        return {}


class TrunkTraining(TrainingRun):
    """State of a training run: weights, average, optimiser, step; saved and resumed."""

    def __init__(
        self,
        plan: TrunkPlan,
        folder: Path,
        device: str = "cpu",
        makers: Makers = IN_THIS_PROCESS,
        start: Start | None = None,
        team: Team = ALONE,
    ) -> None:
        scales = _scales_in(folder / CHECKPOINT) or (start.scales if start else None)
        scales = scales or quantity_scales(plan.ranges, plan.seed)
        task = TrunkTask(plan, torch.device(device), makers, scales)
        if start is not None:
            task.network.load_state_dict(start.trunk.state_dict())
        recipe = Recipe(rate=plan.rate, clip=2.0, averaging=plan.averaging)
        super().__init__(
            task,
            recipe,
            folder,
            task.device,
            team=team,
            last_file=CHECKPOINT,
            notes={"plan": asdict(plan)},
        )
        self.plan = plan
        self.scales = task.scales
        self.trunk = task.network

    @property
    def average(self) -> dict[str, Tensor]:
        """The exponential moving average of the weights."""
        return self.averaged or {}


def train_trunk(
    plan: TrunkPlan,
    folder: Path,
    *,
    device: str = "cpu",
    makers: Makers = IN_THIS_PROCESS,
    save_every_s: float = 120.0,
    start: Start | None = None,
    report: Callable[[dict[str, float]], None] | None = None,
    progress: Progress = no_progress,
) -> TrunkTraining:
    """Train the trunk, going on from a checkpoint in ``folder`` if there is one.

    Parameters
    ----------
    plan
        What to train on and for how long.
    folder
        Where the checkpoint :data:`CHECKPOINT` lies.
    device
        A torch device.
    makers
        Who simulates images; the result does not depend on it.
    save_every_s
        Seconds between checkpoints.
    start
        Trained trunk to begin with, unless there is a checkpoint; fresh weights if None.
    report
        Receives the running means of the losses and errors every 50 steps.
    progress
        Receives the share of steps done and may raise to stop; the checkpoint is then
        written first.
    """
    training = TrunkTraining(plan, folder, device, makers, start)
    training.resume()
    train(
        training,
        plan.limits,
        save_every_s=save_every_s,
        report=report,
        progress=progress,
        title="Training the trunk",
    )
    return training
