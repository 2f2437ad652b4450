"""The estimates that all figures and tables are made from, gathered once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.progress import Progress, no_progress, part_of
from heteroagg_gui.learning.dataset.reading import DataSet
from heteroagg_gui.learning.evaluation.estimator import Estimator, Indices, Reals, Values


@dataclass(frozen=True)
class EvaluationSettings:
    """How much is evaluated.

    Parameters
    ----------
    sets
        Sets of images of one parameter vector.
    images_per_set
        Images of a set, nu; 12 in the paper.
    largest_set
        Largest set of Fig. 9; 20 in the paper.
    shadow_thetas, shadows
        Parameter vectors of Table 5 and aggregates drawn at each, 50 and 800 in the paper.
    population
        Aggregates of Figs. 5 and 17 at each parameter vector.
    seed
        Seed of every choice.
    jobs
        Threads that draw aggregates.

    Raises
    ------
    ParameterError
        If a number makes no sense.
    """

    sets: int = 200
    images_per_set: int = 12
    largest_set: int = 20
    shadow_thetas: int = 50
    shadows: int = 800
    population: int = 2400
    seed: int = 1
    jobs: int = 1

    def __post_init__(self) -> None:
        if min(self.sets, self.shadow_thetas, self.shadows) < 2:
            raise ParameterError("An evaluation needs at least two sets: ask for more.")
        if self.seed < 0:
            raise ParameterError(f"The seed {self.seed} is negative: choose one from 0 on.")
        if self.jobs < 1:
            raise ParameterError(f"{self.jobs} workers can't work: choose at least one.")

    def quick(self) -> "EvaluationSettings":
        """Return settings for a first look."""
        return replace(self, largest_set=12, shadow_thetas=10, shadows=100, population=360)


def draw_sets(data: DataSet, count: int, largest: int, seed: int) -> NDArray[np.int64]:
    """Choose sets of evaluation images of one parameter vector each.

    Every parameter vector is used once before any is used twice.

    Parameters
    ----------
    data
        The data set.
    count
        Number of sets.
    largest
        Images of a set at most; fewer where a parameter vector has fewer.
    seed
        Seed of the choice.

    Returns
    -------
    numpy.ndarray
        Image indices in random order, shape (count, images); the first n of a row are a set
        of n images.

    Raises
    ------
    ParameterError
        If the data hold no images for evaluation.
    """
    configurations = data.configuration[data.evaluation]
    found = np.unique(configurations)
    if not found.size:
        raise ParameterError("The data set has no images for evaluation: make another one.")
    members = {c: data.evaluation[configurations == c] for c in found}
    images = min(largest, *(len(of_one) for of_one in members.values()))
    rng = np.random.default_rng(seed)
    chosen: list[NDArray[np.int64]] = []
    while len(chosen) < count:
        for configuration in rng.permutation(found)[: count - len(chosen)]:
            chosen.append(rng.permutation(members[configuration])[:images])  # noqa: PERF401
    return np.stack(chosen).astype(np.int64)


@dataclass(eq=False)
class Evidence:
    """Estimates of all estimators on the same images and sets.

    Parameters
    ----------
    data
        The data set.
    settings
        What was asked for.
    estimators
        Who was asked.
    groups
        Sets of images, see :func:`draw_sets`.
    images
        All images of the sets, ascending, shape (n,).
    of_images
        Per estimator, values of shape (n,).
    of_sets
        Per estimator, values for sets of the usual size, shape (S,).
    """

    data: DataSet
    settings: EvaluationSettings
    estimators: Sequence[Estimator]
    groups: NDArray[np.int64]
    images: NDArray[np.int64]
    of_images: Mapping[str, Values]
    of_sets: Mapping[str, Values]

    @property
    def images_per_set(self) -> int:
        """Images of a set: as many as asked for, if the data have them."""
        return usual_size(self.settings, self.groups)

    @cached_property
    def truth(self) -> Mapping[str, Reals]:
        """Descriptors of the images' aggregates, shape (n,) each."""
        return {key: values[self.images] for key, values in self.data.descriptors.items()}

    @property
    def image_clusters(self) -> Indices:
        """Configuration of each image: images of one are not independent."""
        return self.data.configuration[self.images]

    @property
    def set_clusters(self) -> Indices:
        """Configuration of each set."""
        return self.data.configuration[self.groups[:, 0]]

    @property
    def theta(self) -> Reals:
        """Parameter vector of each set, shape (S, 4)."""
        return self.data.theta[self.groups[:, 0]]


def usual_size(settings: EvaluationSettings, groups: Indices) -> int:
    """Return how many images of each set are used where the size is not varied."""
    return min(settings.images_per_set, int(groups.shape[1]))


def gather(
    data: DataSet,
    estimators: Sequence[Estimator],
    settings: EvaluationSettings,
    progress: Progress = no_progress,
) -> Evidence:
    """Ask every estimator for every image and set.

    Parameters
    ----------
    data
        Images to evaluate on: those of its evaluation part alone.
    estimators
        Whom to ask; their names must differ.
    settings
        How many sets of which size.
    progress
        Receives the share done.
    """
    groups = draw_sets(data, settings.sets, settings.largest_set, settings.seed)
    images = np.unique(groups)
    usual = groups[:, : usual_size(settings, groups)]
    of_images: dict[str, Values] = {}
    of_sets: dict[str, Values] = {}
    for k, estimator in enumerate(estimators):
        begin, step = k / len(estimators), 1.0 / len(estimators)
        middle = begin + 0.9 * step
        of_images[estimator.name] = estimator.images(data, images, part_of(progress, begin, middle))
        rest = part_of(progress, middle, begin + step)
        of_sets[estimator.name] = estimator.sets(data, usual, rest)
    return Evidence(data, settings, estimators, groups, images, of_images, of_sets)
