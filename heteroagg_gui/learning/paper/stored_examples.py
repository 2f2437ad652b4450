"""Examples from a stored set of training data."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from heteroagg_gui.core.errors import DataSetError
from heteroagg_gui.learning.paper.examples import (
    ImageBatch,
    ImageStore,
    is_homogeneous,
    target_of,
    theta_of,
)
from heteroagg_gui.learning.paper.networks import SET_SIZE, Purpose
from heteroagg_gui.learning.paper.orders import (
    Indices,
    StoredImages,
    balanced_images,
    order_generator,
    sets_of_images,
    single_images,
    split_off_validation,
)
from heteroagg_gui.learning.training.augmentation import Augmentation
from heteroagg_gui.learning.training.team import Team

VALIDATION_SHARE = 0.1
EPOCH_STREAM, UPDATE_STREAM, VALIDATION_STREAM = 1, 2, 3


class StoredExamples:
    """Examples of one network from stored images.

    The order of images depends on the seed and the epoch alone, and how an image is moved
    on the seed and the update, so that a resumed training sees what an uninterrupted one
    would have seen.

    Parameters
    ----------
    data
        Training data; only its training part is used.
    store
        Gives the images to the device.
    purpose
        Which network.
    augmentation
        How images are moved.
    batch
        Evaluations per update and process; the paper's if None.
    processes
        How many processes share an update.
    seed
        Seed of everything.
    validation_share
        Share of the configurations that is kept for validation.

    Raises
    ------
    DataSetError
        If no configuration has enough images.
    """

    def __init__(
        self,
        data: StoredImages,
        store: ImageStore,
        purpose: Purpose,
        *,
        augmentation: Augmentation,
        batch: int | None = None,
        processes: int = 1,
        seed: int = 0,
        validation_share: float = VALIDATION_SHARE,
    ) -> None:
        self._data = data
        self._store = store
        self._purpose = purpose
        self._augmentation = augmentation
        self._seed = seed
        self._side = data.levels(data.training[:1]).shape[-1]
        self.batch = batch or purpose.batch
        mixing = np.asarray(data.descriptors["mixing_ratio"])
        fractal = np.asarray(data.descriptors["fractal_dimension"])
        self._target = torch.from_numpy(target_of(purpose, data.theta, fractal, mixing))
        self._theta = torch.from_numpy(theta_of(purpose, data.theta))
        self._homogeneous = is_homogeneous(mixing)
        self._learnt, self._held_out = split_off_validation(data, validation_share, seed)
        self._order = lru_cache(maxsize=2)(self._make_order)
        evaluations = len(self._order(0))
        if not evaluations:
            raise DataSetError(
                f"No configuration of the training data has {purpose.images} images for "
                f"training, which {purpose.title} reads at a time: make more of each."
            )
        self.updates_per_epoch = max(1, evaluations // (self.batch * processes))

    def _make_order(self, epoch: int) -> Indices:
        rng = order_generator(self._seed, EPOCH_STREAM, epoch)
        if self._purpose.classifies:
            return balanced_images(self._learnt, self._homogeneous[self._learnt], rng)
        if self._purpose.images == 1:
            return single_images(self._learnt, rng)
        return sets_of_images(self._data.configuration, self._learnt, self._purpose.images, rng)

    def rows(self, update: int, processes: int = 1) -> Indices:
        """Return the images of an update, shape (evaluations, b), of all processes."""
        epoch, place = divmod(update, self.updates_per_epoch)
        size = self.batch * processes
        wanted = np.arange(place * size, (place + 1) * size)
        order = self._order(epoch)
        return order[wanted % len(order)]

    def batches(self, first: int, team: Team) -> Iterator[ImageBatch]:
        """Yield this process's batches from update ``first`` on, without end."""
        update = first
        while True:
            rows = self.rows(update, team.size)
            state = order_generator(self._seed, UPDATE_STREAM, update).integers(2**63)
            generator = torch.Generator().manual_seed(int(state))
            drawn = self._augmentation.draw(rows.size, self._side, generator)
            transforms = drawn.view(*rows.shape, 2, 3)[team.rank :: team.size].flatten(0, 1)
            found = self._batch(rows[team.rank :: team.size])
            found.transforms = transforms.to(found.levels.device)
            yield found
            update += 1

    def validation(self) -> Iterator[ImageBatch]:
        """Yield the images held out: sets of 12 of one configuration, or what there is."""
        return map(self._batch, self.validation_rows())

    def validation_rows(self) -> Iterator[Indices]:
        """Yield the images of each set of evaluations held out, shape (evaluations, b)."""
        if not len(self._held_out):
            return
        rng = order_generator(self._seed, VALIDATION_STREAM)
        size = self._purpose.images
        if size == 1:
            per_set = int(np.bincount(self._data.configuration[self._held_out]).max())
            size = min(SET_SIZE, per_set)
        for row in sets_of_images(self._data.configuration, self._held_out, size, rng):
            yield row.reshape(-1, self._purpose.images)

    def truth(self, rows: Indices) -> tuple[Tensor, Tensor]:
        """Return what the network shall say of evaluations, and theta, shape (evaluations,)."""
        leading = torch.from_numpy(rows[:, 0])
        return self._target[leading], self._theta[leading]

    def _batch(self, rows: Indices) -> ImageBatch:
        levels, full_scale = self._store.images(rows.reshape(-1))
        target, theta = (part.to(levels.device) for part in self.truth(rows))
        return ImageBatch(levels, full_scale, target, theta)
