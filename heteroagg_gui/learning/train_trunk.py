"""Training of the trunk on endless single images."""

import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from heteroagg_gui.aggregation.sampler import sample_aggregate
from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.batches import Batch, EndlessChunks, in_order
from heteroagg_gui.learning.examples import QUANTITIES, image_stream, quantities_of
from heteroagg_gui.learning.losses import Scales, trunk_loss
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.tensors import with_prefix
from heteroagg_gui.learning.trunk import Trunk, TrunkSize

SCALE_STREAM = 10**6


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

    def rate(self, step: int) -> float:
        """Return the learning rate of a step."""
        if step < self.warmup:
            return self.learning_rate * (step + 1) / self.warmup
        done = (step - self.warmup) / max(1, self.steps - self.warmup)
        return self.learning_rate * 0.5 * (1.0 + math.cos(math.pi * min(1.0, done)))


def quantity_scales(ranges: TrainingRanges, seed: int, count: int = 2000) -> Scales:
    """Estimate mean and spread of each quantity over the training range."""
    rows = []
    for k in range(count):
        rng = image_stream(seed, SCALE_STREAM, k)
        theta = ranges.draw_theta(rng)
        rows.append(quantities_of(sample_aggregate(theta, rng, ranges.aggregation), theta))
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


class TrunkTraining:
    """State of a training run: weights, average, optimiser, step; saved and resumed."""

    def __init__(self, plan: TrunkPlan, folder: Path, device: str = "cpu") -> None:
        torch.manual_seed(plan.seed)
        self.plan = plan
        self.folder = folder
        self.device = torch.device(device)
        self.scales = quantity_scales(plan.ranges, plan.seed)
        self.scales = Scales(
            self.scales.mean.to(self.device), self.scales.deviation.to(self.device)
        )
        self.trunk = Trunk(plan.size).to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = {name: value.detach().clone() for name, value in self._weights().items()}
        self.optimiser = torch.optim.Adam(self.trunk.parameters(), lr=0.0, fused=True)
        self.step = 0
        self.seconds = 0.0
        self.log: list[dict[str, float]] = []

    def _weights(self) -> dict[str, Tensor]:
        return dict(self.trunk.state_dict())

    def update(self, chunk: list[Batch]) -> dict[str, float]:
        """Do one update of the weights and return the parts of the loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan.rate(self.step)
        self.optimiser.zero_grad(set_to_none=True)
        sums: dict[str, float] = {}
        for batch in chunk:
            moved = to_device(batch, self.device)
            with torch.autocast(self.device.type, torch.bfloat16, self.device.type == "cuda"):
                output = self.trunk(network_input(moved.levels))
            parts = trunk_loss(output, moved, self.scales)
            (parts["total"] / len(chunk)).backward()  # type: ignore[no-untyped-call]
            for name, value in parts.items():
                sums[name] = sums.get(name, 0.0) + float(value.detach()) / len(chunk)
            self._note_errors(output.quantities.detach(), moved, sums, len(chunk))
        torch.nn.utils.clip_grad_norm_(self.trunk.parameters(), 2.0)
        self.optimiser.step()
        decay = min(self.plan.averaging, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, value in self._weights().items():
                self.average[name].lerp_(value, 1.0 - decay)
        self.step += 1
        return sums

    def _note_errors(
        self, quantities: Tensor, batch: Batch, sums: dict[str, float], parts: int
    ) -> None:
        error = (self.scales.restore(quantities) - batch.quantities).abs().mean(dim=0)
        for name, value in zip(QUANTITIES, error.tolist(), strict=True):
            key = f"mae_{name}"
            sums[key] = sums.get(key, 0.0) + value / parts

    def save(self) -> None:
        """Write weights, average and optimiser; an interrupted save leaves the old one."""
        tensors = {f"weights.{k}": v.contiguous() for k, v in self._weights().items()}
        tensors |= {f"average.{k}": v.contiguous() for k, v in self.average.items()}
        for index, state in self.optimiser.state_dict()["state"].items():
            tensors |= {f"adam.{index}.{k}": v.contiguous() for k, v in state.items()}
        tensors |= {"scales.mean": self.scales.mean, "scales.deviation": self.scales.deviation}
        state = {"step": self.step, "seconds": self.seconds, "log": self.log}
        metadata = {"state": json.dumps(state), "plan": json.dumps(asdict(self.plan))}
        with replacing(self.folder / "trunk.safetensors") as path:
            save_file(tensors, path, metadata)

    def resume(self) -> bool:
        """Go on from the folder's checkpoint, if there is one."""
        path = self.folder / "trunk.safetensors"
        if not path.exists():
            return False
        tensors = load_file(path, device=str(self.device))
        self.trunk.load_state_dict(with_prefix(tensors, "weights."))
        self.average = with_prefix(tensors, "average.")
        adam = with_prefix(tensors, "adam.")
        parameters = list(self.trunk.parameters())
        states: dict[int, dict[str, Any]] = {}
        for key, value in adam.items():
            index, name = key.split(".", 1)
            states.setdefault(int(index), {})[name] = _laid_out_like(parameters[int(index)], value)
        groups = self.optimiser.state_dict()["param_groups"]
        self.optimiser.load_state_dict({"state": states, "param_groups": groups})
        state = json.loads(_metadata(path)["state"])
        self.step, self.seconds, self.log = state["step"], state["seconds"], state["log"]
        return True


def _laid_out_like(parameter: Tensor, state: Tensor) -> Tensor:
    """Return a state of the optimiser in its parameter's memory layout.

    The fused optimiser walks through memory and does not look at strides.
    """
    if state.shape != parameter.shape:
        return state
    return torch.empty_like(parameter).copy_(state)


def _metadata(path: Path) -> dict[str, str]:
    with safe_open(path, "pt") as handle:
        return dict(handle.metadata())


def train_trunk(
    plan: TrunkPlan,
    folder: Path,
    *,
    device: str = "cpu",
    workers: int = 1,
    save_every_s: float = 120.0,
    report: Callable[[dict[str, float]], None] | None = None,
    progress: Progress = no_progress,
) -> TrunkTraining:
    """Train the trunk, going on from a checkpoint in ``folder`` if there is one.

    Parameters
    ----------
    plan
        What to train on and for how long.
    folder
        Where the checkpoint ``trunk.safetensors`` lies.
    device
        A torch device.
    workers
        Processes that simulate images; the result does not depend on it.
    save_every_s
        Seconds between checkpoints.
    report
        Receives the running means of the losses and errors every 50 steps.
    progress
        Receives the share of steps done and may raise to stop; the checkpoint is then
        written first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    training = TrunkTraining(plan, folder, device)
    training.resume()
    chunks = EndlessChunks(plan.ranges, plan.seed, plan.steps, plan.batch, plan.batches)
    started, saved = time.monotonic() - training.seconds, time.monotonic()
    recent: list[dict[str, float]] = []
    try:
        for chunk in in_order(chunks, training.step, workers):
            recent.append(training.update(chunk))
            training.seconds = time.monotonic() - started
            if training.step % 50 == 0 or training.step == plan.steps:
                row = _mean_row(training, recent)
                training.log.append(row)
                recent = []
                if report:
                    report(row)
            if time.monotonic() - saved > save_every_s:
                training.save()
                saved = time.monotonic()
            progress(training.step / plan.steps, "Training the trunk")
    finally:
        training.save()
    return training


def _mean_row(training: TrunkTraining, recent: list[dict[str, float]]) -> dict[str, float]:
    row = {name: float(np.mean([entry[name] for entry in recent])) for name in recent[0]}
    images = training.step * training.plan.batch * training.plan.batches
    return {"step": training.step, "images": images, "seconds": training.seconds, **row}
