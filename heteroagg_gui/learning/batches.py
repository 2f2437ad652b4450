"""Endless training batches, the same for any number of worker processes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from heteroagg_gui.learning.examples import Example, image_stream, make_example
from heteroagg_gui.learning.makers import Pulse, at_rest
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.targets import ALL_MAPS, STRIDE
from heteroagg_gui.learning.trunk import SIDE_MULTIPLE
from heteroagg_gui.stem.curves import Curves


@dataclass
class Batch:
    """Images of similar size, padded to a common one.

    ``levels`` (B, 1, H, W) uint8, ``maps`` (B, 19, H/4, W/4), ``quantities`` (B, 9),
    ``clusters`` (B, 2) with theta_0 - 1 and theta_1 - 1.
    """

    levels: Tensor
    maps: Tensor | None
    quantities: Tensor
    clusters: Tensor


def padded_side(pixels: int) -> int:
    """Round a side up to what the trunk can halve four times."""
    return -(-pixels // SIDE_MULTIPLE) * SIDE_MULTIPLE


def pad_levels(images: Sequence[NDArray[np.uint8]]) -> Tensor:
    """Stack images, padded with background below and to the right; (B, 1, H, W) uint8."""
    height = padded_side(max(image.shape[0] for image in images))
    width = padded_side(max(image.shape[1] for image in images))
    stack = np.zeros((len(images), 1, height, width), dtype=np.uint8)
    for k, image in enumerate(images):
        stack[k, 0, : image.shape[0], : image.shape[1]] = image
    return torch.from_numpy(stack)


def collate(examples: Sequence[Example]) -> Batch:
    """Make a batch of examples."""
    levels = pad_levels([example.levels for example in examples])
    maps = None
    if all(example.maps is not None for example in examples):
        cells = (levels.shape[2] // STRIDE, levels.shape[3] // STRIDE)
        stack = np.zeros((len(examples), ALL_MAPS, *cells), dtype=np.float32)
        for k, example in enumerate(examples):
            if example.maps is not None:
                stack[k, :, : example.maps.shape[1], : example.maps.shape[2]] = example.maps
        maps = torch.from_numpy(stack)
    quantities = torch.from_numpy(np.stack([example.quantities for example in examples]))
    clusters = torch.tensor([example.cluster_sizes for example in examples]) - 1
    return Batch(levels, maps, quantities, clusters)


class EndlessChunks:
    """Chunk k holds the same simulated images whoever makes it.

    The images of a chunk are sorted by size into batches, so that little padding is
    carried through the network.

    Parameters
    ----------
    ranges
        What the images are drawn from.
    seed
        Seed of the images.
    n_chunks
        Number of chunks.
    batch, batches
        Images of a batch, and batches of a chunk.
    place
        Index of this process and number of processes that share each chunk's images.
    """

    def __init__(
        self,
        ranges: TrainingRanges,
        seed: int,
        n_chunks: int,
        batch: int,
        batches: int,
        place: tuple[int, int] = (0, 1),
    ) -> None:
        self.ranges = ranges
        self.seed = seed
        self.n_chunks = n_chunks
        self.batch = batch
        self.batches = batches
        self.place = place
        self._curves: Curves | None = None

    def __len__(self) -> int:
        return self.n_chunks

    def load(self) -> Curves:
        """Read the reference curves, once."""
        if self._curves is None:
            self._curves = self.ranges.curves()
        return self._curves

    def make(self, index: int, pulse: Pulse = at_rest) -> list[Batch]:
        """Simulate a chunk."""
        curves = self.load()
        examples = []
        rank, size = self.place
        for k in range(rank, self.batch * self.batches, size):
            pulse()
            rng = image_stream(self.seed, index, k)
            theta = self.ranges.draw_theta(rng)
            examples.append(make_example(theta, self.ranges, curves, rng, with_maps=True))
        examples.sort(key=lambda example: example.levels.size)
        return [
            collate(examples[start : start + self.batch])
            for start in range(0, len(examples), self.batch)
        ]
