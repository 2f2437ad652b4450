"""What the stochastic 3D model itself leaves open: Figs. 4, 5 and 17."""

from typing import Any

import numpy as np

from heteroagg_gui.aggregation.descriptors import describe_many
from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.aggregation.sampler import sample_aggregates
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.dataset.reading import DataSet
from heteroagg_gui.learning.evaluation.estimator import Indices, Reals
from heteroagg_gui.learning.measures import few_values

SHOWN_POINTS = 4000
BATCH = 12
BINS = 40

CLUSTER_THETAS = (
    Theta(1.8, 0.75, 1, 3),
    Theta(1.8, 0.6, 2, 3),
    Theta(1.8, 0.45, 4, 3),
    Theta(1.8, 0.2, 6, 3),
    Theta(1.8, 0.2, 1, 3),
    Theta(1.8, 0.2, 3, 3),
)
"""Four that differ in theta_0 and have similar clusters; two that share the fourth's ratio."""

HETERO_THETAS = (Theta(1.8, 0.5, 1, 3), Theta(1.8, 0.5, 2, 3), Theta(1.8, 0.5, 6, 3))


def preset_against_actual(data: DataSet, indices: Indices, seed: int = 0) -> dict[str, Any]:
    """Return D_f(A) and rho(A) against the preset theta, Fig. 4.

    Parameters
    ----------
    data
        Where aggregates and presets come from.
    indices
        Which aggregates, shape (n,).
    seed
        Seed of the choice of points to show.
    """
    rng = np.random.default_rng(seed)
    count = min(SHOWN_POINTS, len(indices))
    shown = np.sort(rng.choice(indices, size=count, replace=False))
    found: dict[str, Any] = {"aggregates": len(indices)}
    for column, key in enumerate(("fractal_dimension", "mixing_ratio")):
        preset, actual = data.theta[:, column], data.descriptors[key]
        places = few_values(preset[indices])
        values = np.unique(places)
        parts = [actual[indices][places == value] for value in values]
        found[key] = {
            "preset": values.tolist(),
            "mean": [float(part.mean()) for part in parts],
            "sd": [float(part.std()) for part in parts],
            "points": [
                np.round(preset[shown], 4).tolist(),
                np.round(actual[shown], 4).tolist(),
            ],
        }
    return found


def cluster_sizes(
    parameters: AggregationParameters, population: int, seed: int, jobs: int = 1
) -> dict[str, Any]:
    """Return mean WO3 cluster sizes of batches of 12 for six parameter vectors, Fig. 5.

    Parameters
    ----------
    parameters
        Sizes of particles and aggregates.
    population
        Aggregates at each parameter vector.
    seed, jobs
        As for drawing aggregates.
    """
    entries = []
    for k, theta in enumerate(CLUSTER_THETAS):
        sizes = _population(theta, "s_wo3", population, seed + k, parameters, jobs)
        batches = np.array_split(sizes, max(1, population // BATCH))
        means = [float(np.nanmean(batch)) for batch in batches if np.isfinite(batch).any()]
        entries.append(
            {
                "theta": list(theta.as_dict().values()),
                "batch_means": means,
                "mean": float(np.mean(means)),
            }
        )
    return {"aggregates_each": population, "batch": BATCH, "entries": entries}


def hetero_coordination(
    parameters: AggregationParameters, population: int, seed: int, jobs: int = 1
) -> dict[str, Any]:
    """Return the distribution of Z_hetero(A) for three values of theta_0, Fig. 17.

    Parameters
    ----------
    parameters
        Sizes of particles and aggregates.
    population
        Aggregates at each parameter vector.
    seed, jobs
        As for drawing aggregates.
    """
    columns = [
        _population(theta, "z_hetero", population, seed + 100 + k, parameters, jobs)
        for k, theta in enumerate(HETERO_THETAS)
    ]
    edges = np.linspace(0.0, max(float(column.max()) for column in columns), BINS + 1)
    entries = [
        {
            "theta": list(theta.as_dict().values()),
            "mean": float(column.mean()),
            "standard_error": float(column.std(ddof=1) / np.sqrt(len(column))),
            "density": np.histogram(column, bins=edges, density=True)[0].tolist(),
        }
        for theta, column in zip(HETERO_THETAS, columns, strict=True)
    ]
    return {"aggregates_each": population, "edges": edges.tolist(), "entries": entries}


def _population(
    theta: Theta, key: str, count: int, seed: int, parameters: AggregationParameters, jobs: int
) -> Reals:
    aggregates = sample_aggregates([theta] * count, seed, parameters, jobs)
    return describe_many(aggregates, parameters)[key]
