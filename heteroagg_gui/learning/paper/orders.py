"""Which images make up each evaluation of an epoch."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]

EVALUATION_CHOICE = 4


class StoredImages(Protocol):
    """What is needed of a set of training data; see ``learning.dataset.reading.DataSet``."""

    theta: NDArray[np.float64]
    configuration: NDArray[np.int32]
    training: NDArray[np.intp]
    evaluation: NDArray[np.intp]

    @property
    def full_scale(self) -> NDArray[np.float32]:
        """Intensity of level 255, fraction of the beam, shape (n,)."""

    @property
    def descriptors(self) -> Any:
        """Arrays of shape (n,) by name."""

    def levels(self, indices: Any) -> NDArray[np.uint8]:
        """Return stored images, shape (k, H, W)."""


def order_generator(seed: int, *index: int) -> np.random.Generator:
    """Return the random numbers of one epoch or update, whatever came before it."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=index)))


def split_off_validation(data: StoredImages, share: float, seed: int) -> tuple[Indices, Indices]:
    """Take whole configurations out of the training part.

    Parameters
    ----------
    data
        Training data.
    share
        Share of the configurations that is taken out; at least one is if above 0.
    seed
        Seed of the choice.

    Returns
    -------
    tuple
        Indices to learn from, and indices to validate on.
    """
    training = np.asarray(data.training, dtype=np.int64)
    configurations = np.unique(data.configuration[training])
    count = min(len(configurations) - 1, max(1, round(share * len(configurations))))
    if share <= 0 or count < 1:
        return training, training[:0]
    taken = order_generator(seed, 0).choice(configurations, size=count, replace=False)
    held_out = np.isin(data.configuration[training], taken)
    return training[~held_out], training[held_out]


def fewer_evaluated(data: StoredImages, images: int, seed: int) -> Indices:
    """Return evaluation images of so many whole configurations that there are about ``images``.

    Parameters
    ----------
    data
        Training data.
    images
        How many are wanted; images of one configuration more may come.
    seed
        Seed of the choice.
    """
    indices = np.asarray(data.evaluation, dtype=np.int64)
    of_image = data.configuration[indices]
    order = order_generator(seed, EVALUATION_CHOICE).permutation(np.unique(of_image))
    counts = np.cumsum([np.count_nonzero(of_image == each) for each in order])
    chosen = order[: 1 + np.searchsorted(counts, images)]
    return indices[np.isin(of_image, chosen)]


def single_images(indices: Indices, rng: np.random.Generator) -> Indices:
    """Return all images once in random order, shape (m, 1)."""
    return rng.permutation(indices)[:, None]


def balanced_images(
    indices: Indices, homogeneous: NDArray[np.bool_], rng: np.random.Generator
) -> Indices:
    """Return images in random order, the rarer class as often as the other, section 2.3.3.

    Parameters
    ----------
    indices
        Images to learn from, shape (k,).
    homogeneous
        Class of each of them.
    rng
        Source of randomness.

    Returns
    -------
    NDArray
        Every image of the larger class once; those of the other repeated so that both
        classes are equally frequent. Shape (m, 1).
    """
    classes = [indices[homogeneous], indices[~homogeneous]]
    if not all(len(members) for members in classes):
        return single_images(indices, rng)
    largest = max(len(members) for members in classes)
    parts = [np.resize(rng.permutation(members), largest) for members in classes]
    return rng.permutation(np.concatenate(parts))[:, None]


def sets_of_images(
    configuration: NDArray[np.int32], indices: Indices, size: int, rng: np.random.Generator
) -> Indices:
    """Cut each configuration's images into random sets, Eq. (9).

    Parameters
    ----------
    configuration
        Configuration of every image of the data.
    indices
        Images to choose from.
    size
        Images of a set.
    rng
        Source of randomness.

    Returns
    -------
    NDArray
        No image occurs twice; shape (m, size), in random order.
    """
    sets = []
    for number in np.unique(configuration[indices]):
        members = rng.permutation(indices[configuration[indices] == number])
        full = len(members) // size * size
        sets.append(members[:full].reshape(-1, size))
    rows = np.concatenate(sets) if sets else np.empty((0, size), dtype=np.int64)
    return rng.permutation(rows)
