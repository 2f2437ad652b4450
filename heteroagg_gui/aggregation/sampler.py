"""Drawing hetero-aggregates from the stochastic 3D model, sections 2.1.1 and 2.1.2."""

from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np

from heteroagg_gui.aggregation.growth import (
    FARTHER,
    NEARER,
    TOUCHING,
    Counts,
    draw_aggregate,
)
from heteroagg_gui.aggregation.parameters import AggregationParameters, tio2_probability
from heteroagg_gui.core.aggregate import Aggregate, Relaxations
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.core.theta import Theta

_CHUNK = 4


def aggregate_generator(seed: int, index: int) -> np.random.Generator:
    """Return the random stream of aggregate ``index`` of the population drawn with ``seed``."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(index,)))


def sample_with_counts(
    theta: Theta, rng: np.random.Generator, parameters: AggregationParameters
) -> tuple[Aggregate, Counts]:
    """Draw an aggregate and count its placements by stage and kind.

    Returns
    -------
    tuple
        The aggregate, and an array of shape (2, 4): row 0 counts particles placed in primary
        clusters, row 1 primary clusters placed at the aggregate; the columns are placements
        that obey Eq. (8), then those touching, nearer and farther.
    """
    smallest, largest = parameters.size_range
    positions, radii, labels, clusters, counts = draw_aggregate(
        rng,
        int(rng.integers(smallest, largest, endpoint=True)),
        (int(theta.theta_0), int(theta.theta_1)),
        tio2_probability(theta),
        parameters.log_radius,
        (
            float(theta.fractal_dimension),
            float(parameters.prefactor),
            float(parameters.contact_factor),
        ),
    )
    kinds = counts.sum(axis=0)
    relaxations = Relaxations(
        attachments=int(kinds.sum()),
        touching=int(kinds[TOUCHING]),
        nearer=int(kinds[NEARER]),
        farther=int(kinds[FARTHER]),
    )
    return Aggregate(positions, radii, labels, clusters, relaxations), counts


def sample_aggregate(
    theta: Theta, rng: np.random.Generator, parameters: AggregationParameters
) -> Aggregate:
    """Draw one aggregate of the stochastic 3D model with parameter vector ``theta``.

    The target size is uniform on ``parameters.size_range``. Whole primary clusters are added
    until it is reached, so the last one may exceed it by up to its size less one. Positions
    are relative to the mean of the particle centres.
    """
    return sample_with_counts(theta, rng, parameters)[0]


def _sample_chunk(
    thetas: Sequence[Theta], seed: int, parameters: AggregationParameters, start: int
) -> list[Aggregate]:
    return [
        sample_aggregate(thetas[index], aggregate_generator(seed, index), parameters)
        for index in range(start, min(start + _CHUNK, len(thetas)))
    ]


def _chunks(
    thetas: Sequence[Theta], seed: int, parameters: AggregationParameters, jobs: int
) -> Generator[list[Aggregate], None, None]:
    starts = range(0, len(thetas), _CHUNK)
    if jobs == 1:
        for start in starts:
            yield _sample_chunk(thetas, seed, parameters, start)
        return
    with ThreadPoolExecutor(jobs, thread_name_prefix="aggregation") as pool:
        yield from pool.map(lambda start: _sample_chunk(thetas, seed, parameters, start), starts)


def sample_aggregates(
    thetas: Sequence[Theta],
    seed: int,
    parameters: AggregationParameters,
    jobs: int = 1,
    progress: Progress = no_progress,
) -> list[Aggregate]:
    """Draw one aggregate for each parameter vector.

    Parameters
    ----------
    thetas
        One parameter vector per aggregate.
    seed
        Aggregate k depends on ``thetas[k]``, k, the seed and the parameters alone: neither
        on the other aggregates nor on ``jobs``.
    parameters
        Particle sizes, aggregate sizes and constants.
    jobs
        Threads that draw at the same time.
    progress
        Receives the fraction drawn; may raise to end early.

    Raises
    ------
    ParameterError
        If ``jobs`` is below 1 or ``seed`` below 0.
    """
    if jobs < 1:
        raise ParameterError(f"{jobs} threads cannot draw aggregates: choose at least one.")
    if seed < 0:
        raise ParameterError(f"The seed {seed} is negative: choose a whole number from 0 on.")
    aggregates: list[Aggregate] = []
    with closing(_chunks(thetas, seed, parameters, jobs)) as chunks:
        for chunk in chunks:
            aggregates += chunk
            progress(len(aggregates) / len(thetas), f"{len(aggregates)} aggregates drawn")
    return aggregates
