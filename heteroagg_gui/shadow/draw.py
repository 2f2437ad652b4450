"""Drawing digital shadows: aggregates of the model with a predicted theta, section 3.4."""

from collections.abc import Sequence

from heteroagg_gui.aggregation.descriptors import describe_many
from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.aggregation.sampler import sample_aggregates
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.shadow.population import ShadowPopulation

_USUAL = AggregationParameters()


def draw_shadows(
    thetas: Theta | Sequence[Theta],
    count: int,
    seed: int,
    parameters: AggregationParameters = _USUAL,
    jobs: int = 1,
    progress: Progress = no_progress,
) -> ShadowPopulation:
    """Draw a population of digital shadows and describe each.

    Parameters
    ----------
    thetas
        One parameter vector for all, or draws from a predicted distribution: shadow k is
        drawn with vector k, from the first again when they are used up.
    count
        Number of shadows.
    seed
        Seed of the population; the same for any ``jobs``.
    parameters
        Particle sizes, aggregate sizes and constants of the model.
    jobs
        Threads that draw at the same time.
    progress
        Receives the fraction done; may raise to end early.

    Raises
    ------
    ParameterError
        If ``count`` or ``jobs`` is below 1, ``seed`` below 0 or no theta is given.
    """
    vectors = (thetas,) if isinstance(thetas, Theta) else tuple(thetas)
    if not vectors:
        raise ParameterError("There is no parameter vector to draw with: predict or enter one.")
    if count < 1:
        raise ParameterError(f"{count} shadows cannot be drawn: ask for at least one.")
    used = tuple(vectors[index % len(vectors)] for index in range(count))
    aggregates = sample_aggregates(used, seed, parameters, jobs, progress)
    return ShadowPopulation(tuple(aggregates), used, describe_many(aggregates, parameters), seed)
