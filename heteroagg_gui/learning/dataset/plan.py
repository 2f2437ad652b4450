"""What a set of training data consists of, before any of it is made; section 2.3."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.core.errors import DataSetError, HeteroaggError, ParameterError
from heteroagg_gui.core.theta import (
    PAPER_CLUSTER_SIZES,
    PAPER_FRACTAL_DIMENSIONS,
    PAPER_MIXING_RATIOS,
    Theta,
)
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.stem.microscope import Frame, Microscope

TRAINING = 0
EVALUATION = 1
CONFIGURATION_STREAM, AGGREGATE_STREAM, IMAGE_STREAM = 0, 1, 2
TRAINING_SHARE = 0.6
PAPER_PER_TRIPLE = 100
LARGEST_SEED = 2**63 - 1


def random_stream(seed: int, purpose: int, index: int) -> np.random.Generator:
    """Return the random numbers of one configuration, aggregate or image.

    Parameters
    ----------
    seed
        Seed of the whole set.
    purpose
        ``CONFIGURATION_STREAM``, ``AGGREGATE_STREAM`` or ``IMAGE_STREAM``.
    index
        Number of the configuration, or of the aggregate and its image.
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(purpose, index))
    return np.random.Generator(np.random.PCG64(sequence))


@dataclass(frozen=True)
class DataPlan:
    """Everything that decides what a set of training data holds.

    Image i belongs to configuration ``i // per_configuration``; the first
    ``training_per_configuration`` images of a configuration are for training (index set T),
    the others for evaluation (index set E). Aggregates of one configuration are independent
    and identically distributed, so the first are as random a choice as any.

    Parameters
    ----------
    configurations
        Parameter vectors, one per configuration.
    per_configuration
        Aggregates, and images, of each configuration.
    training_per_configuration
        How many of them are for training.
    aggregation
        Particle and aggregate sizes.
    microscope, frame
        Imaging conditions and pixel grid.
    system
        Name of the material system.
    seed
        Seed of all random numbers.
    chunk_size
        Images of a file.
    name
        What the plan is called: "paper", or "free".

    Raises
    ------
    ParameterError
        If the numbers make no set.
    """

    configurations: tuple[Theta, ...]
    per_configuration: int
    training_per_configuration: int
    aggregation: AggregationParameters = field(default_factory=AggregationParameters)
    microscope: Microscope = field(default_factory=Microscope)
    frame: Frame = field(default_factory=Frame)
    system: str = "tio2-wo3"
    seed: int = 0
    chunk_size: int = 200
    name: str = "free"

    def __post_init__(self) -> None:
        if not self.configurations or self.per_configuration < 1:
            raise ParameterError("A set of training data needs at least one aggregate.")
        if not 0 <= self.training_per_configuration <= self.per_configuration:
            raise ParameterError(
                f"{self.training_per_configuration} of {self.per_configuration} aggregates "
                "can't be for training: choose a number from 0 to all of them."
            )
        if not 0 <= self.seed <= LARGEST_SEED:
            raise ParameterError(
                f"The seed {self.seed} is no whole number from 0 to {LARGEST_SEED}: choose one."
            )
        if not 1 <= self.chunk_size <= 10_000:
            raise ParameterError(
                f"A file can't hold {self.chunk_size} images: choose 1 to 10000 images per file."
            )

    def __len__(self) -> int:
        return len(self.configurations) * self.per_configuration

    @property
    def n_chunks(self) -> int:
        """Number of files."""
        return -(-len(self) // self.chunk_size)

    def chunk(self, index: int) -> range:
        """Return the indices of the images in a file."""
        start = index * self.chunk_size
        return range(start, min(start + self.chunk_size, len(self)))

    @property
    def configuration(self) -> NDArray[np.int32]:
        """Configuration of every image, shape (n,), int32."""
        return np.arange(len(self.configurations), dtype=np.int32).repeat(self.per_configuration)

    @property
    def part(self) -> NDArray[np.uint8]:
        """0 for training and 1 for evaluation, shape (n,), uint8."""
        rule = np.full(self.per_configuration, EVALUATION, dtype=np.uint8)
        rule[: self.training_per_configuration] = TRAINING
        return np.tile(rule, len(self.configurations))

    @property
    def theta(self) -> NDArray[np.float64]:
        """Parameter vector of every image, shape (n, 4), float64."""
        table = np.array([list(t.as_dict().values()) for t in self.configurations], dtype=float)
        return table.repeat(self.per_configuration, axis=0)

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as JSON holds it."""
        document = asdict(self)
        document["configurations"] = [list(t.as_dict().values()) for t in self.configurations]
        document["aggregation"]["size_range"] = list(self.aggregation.size_range)
        return document


def plan_from(document: Any) -> DataPlan:
    """Return the plan that :meth:`DataPlan.as_dict` wrote.

    Raises
    ------
    DataSetError
        If the document is no plan.
    """
    try:
        settings = dict(document)
        settings["configurations"] = tuple(
            Theta(float(d), float(r), int(t0), int(t1))
            for d, r, t0, t1 in settings["configurations"]
        )
        aggregation = dict(settings["aggregation"])
        aggregation["size_range"] = tuple(aggregation["size_range"])
        settings["aggregation"] = AggregationParameters(**aggregation)
        settings["microscope"] = Microscope(**settings["microscope"])
        settings["frame"] = Frame(**settings["frame"])
        for key in ("per_configuration", "training_per_configuration", "seed", "chunk_size"):
            settings[key] = int(settings[key])
        return DataPlan(**settings)
    except (KeyError, TypeError, ValueError, HeteroaggError) as error:
        raise DataSetError(
            f"The plan of the training data can't be read ({error}): make the data again."
        ) from error


def training_count(per_configuration: int) -> int:
    """Return how many aggregates of a configuration are for training: 30 of 50, section 2.3."""
    return round(TRAINING_SHARE * per_configuration)


def paper_plan(seed: int = 1, per_triple: int = PAPER_PER_TRIPLE, **settings: Any) -> DataPlan:
    """Return the paper's set G: 32,400 aggregates, 19,440 of them for training, section 2.3.

    For each of the 9 x 6 x 6 triples (theta_rho, theta_0, theta_1) two distinct values of
    theta_Df are drawn from 1.5, 1.6, ..., 2.5, and each configuration gets half of
    ``per_triple`` aggregates.

    Parameters
    ----------
    seed
        Seed of all random numbers.
    per_triple
        Aggregates of a triple; even, 100 in the paper.
    **settings
        Further fields of :class:`DataPlan`.

    Raises
    ------
    ParameterError
        If ``per_triple`` is not an even number of at least 2.
    """
    if per_triple < 2 or per_triple % 2:
        raise ParameterError(
            f"{per_triple} aggregates can't be shared by two fractal dimensions: choose an even "
            "number per triple."
        )
    _check_seed(seed)
    configurations = []
    triples = [
        (rho, theta_0, theta_1)
        for rho in PAPER_MIXING_RATIOS
        for theta_0 in PAPER_CLUSTER_SIZES
        for theta_1 in PAPER_CLUSTER_SIZES
    ]
    for index, (rho, theta_0, theta_1) in enumerate(triples):
        rng = random_stream(seed, CONFIGURATION_STREAM, index)
        chosen = rng.choice(len(PAPER_FRACTAL_DIMENSIONS), size=2, replace=False)
        configurations += [
            Theta(PAPER_FRACTAL_DIMENSIONS[k], rho, theta_0, theta_1) for k in sorted(chosen)
        ]
    per_configuration = per_triple // 2
    return DataPlan(
        tuple(configurations),
        per_configuration,
        training_count(per_configuration),
        seed=seed,
        name="paper",
        **settings,
    )


def free_plan(
    aggregates: int,
    ranges: TrainingRanges,
    per_configuration: int = 50,
    seed: int = 1,
    **settings: Any,
) -> DataPlan:
    """Return a plan whose parameter vectors are drawn from continuous ranges.

    Parameters
    ----------
    aggregates
        Aggregates in all; rounded up to whole configurations.
    ranges
        Where theta is drawn from, and the aggregate sizes and microscope of all images.
    per_configuration
        Aggregates of each parameter vector.
    seed
        Seed of all random numbers.
    **settings
        Further fields of :class:`DataPlan`.
    """
    if aggregates < 1 or per_configuration < 1:
        raise ParameterError("A set of training data needs at least one aggregate.")
    _check_seed(seed)
    count = math.ceil(aggregates / per_configuration)
    configurations = [
        ranges.draw_theta(random_stream(seed, CONFIGURATION_STREAM, k)) for k in range(count)
    ]
    given: Mapping[str, Any] = {
        "aggregation": ranges.aggregation,
        "microscope": ranges.microscope,
        "training_per_configuration": training_count(per_configuration),
        **settings,
    }
    return DataPlan(tuple(configurations), per_configuration, seed=seed, **given)


def listed_plan(
    thetas: Sequence[Theta], per_configuration: int, seed: int = 1, **settings: Any
) -> DataPlan:
    """Return a plan of given parameter vectors; ``settings`` are fields of :class:`DataPlan`."""
    given = {"training_per_configuration": training_count(per_configuration), **settings}
    return DataPlan(tuple(thetas), per_configuration, seed=seed, **given)


def _check_seed(seed: int) -> None:
    if seed < 0:
        raise ParameterError(f"The seed {seed} is negative: choose a whole number from 0 on.")
