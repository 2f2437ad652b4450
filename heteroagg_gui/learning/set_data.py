"""Sets of images of one theta, described by a trained trunk."""

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.batches import Batch, collate
from heteroagg_gui.learning.examples import image_stream, make_example
from heteroagg_gui.learning.losses import Scales
from heteroagg_gui.learning.makers import IN_THIS_PROCESS, Makers, Pulse, at_rest
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


def single_images(tables: Sequence[SetTable]) -> SetTable:
    """Return the images of tables with any numbers of images as sets of one."""

    def images(name: str) -> Tensor:
        return torch.cat([getattr(table, name).flatten(0, 1) for table in tables])[:, None]

    theta = [table.theta.repeat_interleave(table.descriptions.shape[1], dim=0) for table in tables]
    return SetTable(
        images("descriptions"), images("quantities"), images("predicted"), torch.cat(theta)
    )


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


class ImageSets:
    """Set k holds the same simulated images whoever makes it, sorted by size.

    Parameters
    ----------
    thetas
        Parameter vector of each set.
    per_set
        Images of a set.
    ranges
        What everything else is drawn from.
    seed
        Seed of the images.
    """

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

    def load(self) -> Curves:
        """Read the reference curves, once."""
        if self._curves is None:
            self._curves = self.ranges.curves()
        return self._curves

    def make(self, index: int, pulse: Pulse = at_rest) -> tuple[list[Batch], list[int]]:
        """Simulate a set in two batches; return the images' places in it, too."""
        curves = self.load()
        examples = []
        for k in range(self.per_set):
            pulse()
            rng = image_stream(self.seed, THETA_STREAM, index, k)
            theta = self.thetas[index]
            examples.append(make_example(theta, self.ranges, curves, rng, with_maps=False))
        order = sorted(range(self.per_set), key=lambda k: examples[k].levels.size)
        half = (self.per_set + 1) // 2
        parts = [order[:half], order[half:]]
        return [collate([examples[k] for k in part]) for part in parts if part], order


def random_thetas(ranges: TrainingRanges, count: int, seed: int) -> list[Theta]:
    """Draw parameter vectors from the training range."""
    return [ranges.draw_theta(image_stream(seed, THETA_STREAM, k)) for k in range(count)]


@dataclass(frozen=True)
class Describer:
    """A trained trunk that describes images, and the units of its quantities."""

    trunk: Trunk
    scales: Scales


Row = tuple[Tensor, Tensor, Tensor]
"""Descriptions, truth and estimates of the images of a set."""


def described_sets(
    describers: Sequence[Describer],
    sets: ImageSets,
    *,
    first: int = 0,
    makers: Makers = IN_THIS_PROCESS,
    device: str = "cpu",
) -> Generator[list[Row], None, None]:
    """Simulate sets of images and describe every image by each of some trunks.

    Parameters
    ----------
    describers
        Trained per-image networks, on ``device``.
    sets
        What to simulate.
    first
        The set to begin with.
    makers
        Who simulates.
    device
        A torch device.

    Yields
    ------
    list
        For each set a row for each describer.
    """
    with torch.inference_mode(), closing(makers.in_order(sets, first)) as made:
        for batches, order in made:
            yield [
                _described(describer, batches, order, device, makers.pulse)
                for describer in describers
            ]


def table_of(rows: Sequence[Row], thetas: Sequence[Theta]) -> SetTable:
    """Join the rows of sets of known parameter vectors."""
    theta = np.array(
        [[t.fractal_dimension, t.mixing_ratio, t.theta_0, t.theta_1] for t in thetas],
        dtype=np.float32,
    )
    descriptions, quantities, predicted = (torch.stack(part) for part in zip(*rows, strict=True))
    return SetTable(descriptions, quantities, predicted, torch.from_numpy(theta))


def _described(
    describer: Describer, batches: list[Batch], order: list[int], device: str, pulse: Pulse
) -> Row:
    outputs = []
    for batch in batches:
        pulse()
        outputs.append(describer.trunk(network_input(batch.levels.to(device))))
    scales = describer.scales
    back = torch.argsort(torch.tensor(order))
    descriptions = torch.cat([describe_images(output).cpu() for output in outputs])[back]
    truth = torch.cat([batch.quantities for batch in batches])[back]
    restored = torch.cat([scales.restore(output.quantities.float()).cpu() for output in outputs])
    return descriptions, truth, restored[back]
