"""Examples that are simulated while a network learns; no image is seen twice."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from heteroagg_gui.aggregation.descriptors import describe
from heteroagg_gui.aggregation.sampler import sample_aggregate
from heteroagg_gui.core.theta import (
    PAPER_CLUSTER_SIZES,
    PAPER_FRACTAL_DIMENSIONS,
    PAPER_MIXING_RATIOS,
    Theta,
)
from heteroagg_gui.learning.dataset.levels import to_levels
from heteroagg_gui.learning.examples import image_stream
from heteroagg_gui.learning.makers import Makers, Pulse, at_rest
from heteroagg_gui.learning.paper.examples import ImageBatch, target_of, theta_of
from heteroagg_gui.learning.paper.networks import PURPOSES, SET_SIZE
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.training.augmentation import Augmentation
from heteroagg_gui.learning.training.team import Team
from heteroagg_gui.stem.curves import Curves
from heteroagg_gui.stem.image import render_image
from heteroagg_gui.stem.microscope import Frame

UPDATES_PER_EPOCH = 500
VALIDATION_SETS = 16
LEARNT_STREAM, VALIDATION_STREAM, TRANSFORM_STREAM = 0, 1, 2
ENDLESS = 10**9


def grid_theta(rng: np.random.Generator) -> Theta:
    """Draw a parameter vector from the paper's grid, Table 2."""
    return Theta(
        float(rng.choice(PAPER_FRACTAL_DIMENSIONS)),
        float(rng.choice(PAPER_MIXING_RATIOS)),
        int(rng.choice(PAPER_CLUSTER_SIZES)),
        int(rng.choice(PAPER_CLUSTER_SIZES)),
    )


class SimulatedBatches:
    """Batch k holds the same images whoever makes it.

    Parameters
    ----------
    key
        Which network they are for.
    evaluations
        Evaluations of a batch.
    images
        Images of one theta in a row; a multiple of what an evaluation reads.
    seed, stream
        Seed of the images, and which of its independent parts.
    frame
        Pixel grid.
    place
        Index of the first batch and distance to the next one.
    length
        Number of batches.
    """

    def __init__(
        self,
        key: str,
        evaluations: int,
        images: int,
        *,
        seed: int,
        stream: int,
        frame: Frame,
        place: tuple[int, int] = (0, 1),
        length: int = ENDLESS,
    ) -> None:
        self.key = key
        self.evaluations = evaluations
        self.images = images
        self.seed = seed
        self.stream = stream
        self.frame = frame
        self.place = place
        self.length = length
        self._curves: Curves | None = None

    def __len__(self) -> int:
        return self.length

    def load(self) -> Curves:
        """Read the reference curves, once."""
        if self._curves is None:
            self._curves = TrainingRanges().curves()
        return self._curves

    def make(self, index: int, pulse: Pulse = at_rest) -> ImageBatch:
        """Simulate a batch."""
        curves = self.load()
        purpose = PURPOSES[self.key]
        number = self.place[0] + index * self.place[1]
        count = self.evaluations * purpose.images
        rows = []
        for k in range(count):
            pulse()
            rows.append(self._image(number, k, curves))
        levels, scales, theta, fractal, mixing = zip(*rows, strict=True)
        vectors = np.array(theta)
        first = slice(None, None, purpose.images)
        target = target_of(purpose, vectors, np.array(fractal), np.array(mixing))[first]
        return ImageBatch(
            torch.from_numpy(np.stack(levels)),
            torch.tensor(scales, dtype=torch.float32),
            torch.from_numpy(target.copy()),
            torch.from_numpy(theta_of(purpose, vectors)[first].copy()),
        )

    def _image(self, number: int, k: int, curves: Curves) -> tuple[Any, ...]:
        ranges = TrainingRanges()
        theta = grid_theta(image_stream(self.seed, self.stream, number, 0, k // self.images))
        rng = image_stream(self.seed, self.stream, number, 1, k)
        aggregate = sample_aggregate(theta, rng, ranges.aggregation)
        image: NDArray[np.float32] = render_image(
            aggregate, curves, ranges.microscope, self.frame, rng
        )
        levels, full_scale = to_levels(image)
        found = describe(aggregate, ranges.aggregation)
        vector = list(theta.as_dict().values())
        return (
            levels,
            float(full_scale),
            vector,
            found["fractal_dimension"],
            found["mixing_ratio"],
        )


class SimulatedExamples:
    """Examples of one network, simulated by worker processes.

    Parameters
    ----------
    key
        Which network.
    device
        Where the images shall go.
    augmentation
        How images are moved.
    batch
        Evaluations per update and process; the paper's if None.
    workers
        Processes that simulate; the images do not depend on it.
    seed
        Seed of everything.
    frame
        Pixel grid.
    """

    def __init__(
        self,
        key: str,
        device: torch.device,
        *,
        augmentation: Augmentation,
        batch: int | None = None,
        workers: int = 0,
        seed: int = 0,
        frame: Frame | None = None,
    ) -> None:
        self._key = key
        self._device = device
        self._augmentation = augmentation
        self._workers = workers
        self._seed = seed
        self._frame = frame or Frame()
        self.batch = batch or PURPOSES[key].batch
        self.updates_per_epoch = UPDATES_PER_EPOCH
        self._validation: list[ImageBatch] | None = None

    def batches(self, first: int, team: Team) -> Iterator[ImageBatch]:
        """Yield this process's batches from update ``first`` on, without end."""
        items = SimulatedBatches(
            self._key,
            self.batch,
            PURPOSES[self._key].images,
            seed=self._seed,
            stream=LEARNT_STREAM,
            frame=self._frame,
            place=(team.rank, team.size),
        )
        for update, found in enumerate(Makers(self._workers).in_order(items, first), start=first):
            number = update * team.size + team.rank
            state = image_stream(self._seed, TRANSFORM_STREAM, number).integers(2**63)
            generator = torch.Generator().manual_seed(int(state))
            side = found.levels.shape[-1]
            found.transforms = self._augmentation.draw(len(found.levels), side, generator)
            yield self._moved(found)

    def validation(self) -> Iterator[ImageBatch]:
        """Yield the same sets of images every time."""
        if self._validation is None:
            items = SimulatedBatches(
                self._key,
                SET_SIZE // PURPOSES[self._key].images,
                SET_SIZE,
                seed=self._seed,
                stream=VALIDATION_STREAM,
                frame=self._frame,
                length=VALIDATION_SETS,
            )
            self._validation = list(Makers(self._workers).in_order(items))
        yield from map(self._moved, self._validation)

    def _moved(self, batch: ImageBatch) -> ImageBatch:
        device, transforms = self._device, batch.transforms
        return ImageBatch(
            batch.levels.to(device),
            batch.full_scale.to(device),
            batch.target.to(device),
            batch.theta.to(device),
            None if transforms is None else transforms.to(device),
        )
