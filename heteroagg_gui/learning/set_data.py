"""Sets of images of one theta, described by a trained trunk."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.utils.data import Dataset

from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.batches import Batch, collate, in_order
from heteroagg_gui.learning.examples import image_stream, make_example
from heteroagg_gui.learning.losses import Scales
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.train_trunk import network_input
from heteroagg_gui.learning.trunk import Trunk, TrunkOutput
from heteroagg_gui.stem.curves import Curves

THETA_STREAM = 10**7


@dataclass
class SetTable:
    """Descriptions of T sets of M images each.

    ``descriptions`` (T, M, D), ``quantities`` (T, M, 9) the truth about each image,
    ``predicted`` (T, M, 9) the trunk's estimates, ``theta`` (T, 4).
    """

    descriptions: Tensor
    quantities: Tensor
    predicted: Tensor
    theta: Tensor


def save_table(table: SetTable, path: Path) -> None:
    """Keep a table as safetensors."""
    tensors = {field.name: getattr(table, field.name).contiguous() for field in fields(table)}
    with replacing(path) as part:
        save_file(tensors, part)


def load_table(path: Path) -> SetTable:
    """Read a table written by :func:`save_table`."""
    return SetTable(**load_file(path))


def describe_images(output: TrunkOutput) -> Tensor:
    """Join everything the trunk says of an image into one vector."""
    probabilities = torch.softmax(output.cluster_logits.float(), dim=-1).flatten(1)
    return torch.cat([output.embedding.float(), output.quantities.float(), probabilities], dim=1)


class ImageSets(Dataset[tuple[list[Batch], list[int]]]):
    """Set k holds the same simulated images whoever makes it, sorted by size."""

    def __init__(
        self, thetas: Sequence[Theta], per_set: int, ranges: TrainingRanges, seed: int
    ) -> None:
        self.thetas = list(thetas)
        self.per_set = per_set
        self.ranges = ranges
        self.seed = seed
        self._curves: Curves | None = None

    def __len__(self) -> int:
        return len(self.thetas)

    def __getitem__(self, index: int) -> tuple[list[Batch], list[int]]:
        if self._curves is None:
            self._curves = self.ranges.curves()
        examples = [
            make_example(
                self.thetas[index],
                self.ranges,
                self._curves,
                image_stream(self.seed, THETA_STREAM, index, k),
                with_maps=False,
            )
            for k in range(self.per_set)
        ]
        order = sorted(range(self.per_set), key=lambda k: examples[k].levels.size)
        half = (self.per_set + 1) // 2
        parts = [order[:half], order[half:]]
        return [collate([examples[k] for k in part]) for part in parts if part], order


def random_thetas(ranges: TrainingRanges, count: int, seed: int) -> list[Theta]:
    """Draw parameter vectors from the training range."""
    return [ranges.draw_theta(image_stream(seed, THETA_STREAM, k)) for k in range(count)]


def describe_sets(
    trunk: Trunk,
    scales: Scales,
    sets: ImageSets,
    *,
    workers: int = 0,
    device: str = "cpu",
    progress: Progress = no_progress,
) -> SetTable:
    """Simulate sets of images and describe every image by the trunk.

    Parameters
    ----------
    trunk
        Trained per-image network, on ``device``.
    scales
        Units of its quantities.
    sets
        What to simulate.
    workers
        Processes that simulate.
    device
        A torch device.
    progress
        Receives the share of sets done.
    """
    rows: list[tuple[Tensor, Tensor, Tensor]] = []
    trunk.eval()
    with torch.inference_mode():
        for done, (batches, order) in enumerate(in_order(sets, 0, workers), start=1):
            rows.append(_described(trunk, scales, batches, order, device))
            progress(done / len(sets), "Describing images")
    theta = np.array(
        [[t.fractal_dimension, t.mixing_ratio, t.theta_0, t.theta_1] for t in sets.thetas],
        dtype=np.float32,
    )
    descriptions, quantities, predicted = (torch.stack(part) for part in zip(*rows, strict=True))
    return SetTable(descriptions, quantities, predicted, torch.from_numpy(theta))


def _described(
    trunk: Trunk, scales: Scales, batches: list[Batch], order: list[int], device: str
) -> tuple[Tensor, Tensor, Tensor]:
    outputs = [trunk(network_input(batch.levels.to(device))) for batch in batches]
    back = torch.argsort(torch.tensor(order))
    descriptions = torch.cat([describe_images(output) for output in outputs])[back].cpu()
    truth = torch.cat([batch.quantities for batch in batches])[back]
    restored = torch.cat([scales.restore(output.quantities.float()) for output in outputs])
    return descriptions, truth, restored[back].cpu()
