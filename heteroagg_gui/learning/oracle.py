"""How well theta could be known from the true 3D structure: an upper bound for images."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.aggregation.contacts import observable_clusters
from heteroagg_gui.aggregation.descriptors import describe
from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.aggregation.sampler import sample_aggregate
from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.theta import PAPER_CLUSTER_SIZES, Theta
from heteroagg_gui.learning.examples import image_stream

SIZE_BINS = 12
LARGEST_CLUSTER = 256
DESCRIBED = (
    "fractal_dimension",
    "mixing_ratio",
    "n_particles",
    "s_tio2",
    "s_wo3",
    "z_hetero",
    "z_total",
)


@dataclass(frozen=True)
class OracleFigures:
    """Errors of a read-out of the true 3D structure on held-out sets."""

    theta_fractal_dimension_mae: float
    theta_mixing_ratio_mae: float
    theta_0_exact: float
    theta_1_exact: float


def structure_row(aggregate: Aggregate) -> NDArray[np.float64]:
    """Describe one aggregate by what can be seen in three dimensions.

    The descriptors, then for each material how many observable clusters there are of 1, 2,
    ..., ``LARGEST_CLUSTER`` particles.
    """
    values = describe(aggregate)
    clusters = observable_clusters(aggregate)
    parts = [np.array([values[key] for key in DESCRIBED])]
    for label in (0, 1):
        sizes = np.unique(clusters[aggregate.labels == label], return_counts=True)[1]
        counts = np.bincount(np.minimum(sizes, LARGEST_CLUSTER), minlength=LARGEST_CLUSTER + 1)
        parts.append(counts[1:].astype(float))
    return np.concatenate(parts)


def pooled_features(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Describe sets of aggregates.

    Means and standard deviations of the descriptors, and for each material the histogram
    of the observable cluster sizes and the shares of clusters whose size is a multiple of
    1 ... 6, which gives the primary cluster size away.

    Parameters
    ----------
    rows
        :func:`structure_row` of every aggregate, shape (S, n, R).

    Returns
    -------
    numpy.ndarray
        Features, shape (S, F).
    """
    table = rows[:, :, : len(DESCRIBED)]
    present = np.isfinite(table)
    count = np.maximum(present.sum(axis=1), 1)
    mean = np.where(present, table, 0.0).sum(axis=1) / count
    squares = np.where(present, (table - mean[:, None]) ** 2, 0.0)
    parts = [mean, np.sqrt(squares.sum(axis=1) / count)]
    sizes = np.arange(1, LARGEST_CLUSTER + 1)
    multiples = np.array([sizes % k == 0 for k in PAPER_CLUSTER_SIZES]).T
    for clusters in np.split(rows[:, :, len(DESCRIBED) :].sum(axis=1), 2, axis=1):
        found = clusters.sum(axis=1, keepdims=True)
        total = np.maximum(found, 1.0)
        small, large = clusters[:, : SIZE_BINS - 1], clusters[:, SIZE_BINS - 1 :]
        histogram = np.column_stack([small, large.sum(axis=1)]) / total
        parts += [histogram, clusters @ multiples / total, found]
    return np.concatenate(parts, axis=1)


def set_features(aggregates: Sequence[Aggregate]) -> NDArray[np.float64]:
    """Describe a set of aggregates; see :func:`pooled_features`."""
    rows = np.stack([structure_row(aggregate) for aggregate in aggregates])
    return np.asarray(pooled_features(rows[None])[0])


def simulate_features(
    thetas: Sequence[Theta], images: int, seed: int, parameters: AggregationParameters
) -> NDArray[np.float64]:
    """Draw ``images`` aggregates for each theta and describe every set."""
    rows = []
    for index, theta in enumerate(thetas):
        aggregates = [
            sample_aggregate(theta, image_stream(seed, index, k), parameters) for k in range(images)
        ]
        rows.append(set_features(aggregates))
    return np.array(rows)


def theta_table(thetas: Sequence[Theta]) -> NDArray[np.float64]:
    """Return the parameter vectors as rows."""
    return np.array([[t.fractal_dimension, t.mixing_ratio, t.theta_0, t.theta_1] for t in thetas])


def oracle_figures(
    training: tuple[NDArray[np.float64], NDArray[np.float64]],
    test: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> OracleFigures:
    """Fit gradient boosting on training sets and report its errors on test sets.

    Parameters
    ----------
    training, test
        Features (S, F) of :func:`set_features` and parameter vectors (S, 4).
    """
    from sklearn.ensemble import (
        HistGradientBoostingClassifier,
        HistGradientBoostingRegressor,
    )

    features, truth = training
    errors = []
    for column in (0, 1):
        regressor = HistGradientBoostingRegressor(
            loss="absolute_error", max_iter=400, random_state=0
        )
        regressor.fit(features, truth[:, column])
        errors.append(np.abs(regressor.predict(test[0]) - test[1][:, column]).mean())
    exact = []
    for column in (2, 3):
        classifier = HistGradientBoostingClassifier(max_iter=100, random_state=0)
        classifier.fit(features, truth[:, column])
        exact.append(np.mean(classifier.predict(test[0]) == test[1][:, column]))
    return OracleFigures(float(errors[0]), float(errors[1]), float(exact[0]), float(exact[1]))
