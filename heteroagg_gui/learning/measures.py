"""Measures of error and their bootstrap intervals."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
LEVEL = 0.95
MOST_VALUES = 15
BINS = 10

Reals = NDArray[np.float64]


def mean_absolute_error(truth: Reals, predicted: Reals) -> float:
    """Return the mean absolute error, Eq. (16)."""
    return float(np.abs(truth - predicted).mean())


def r_squared(truth: Reals, predicted: Reals) -> float:
    """Return the coefficient of determination, section 3.4.2; NaN if the truth is constant."""
    spread = float(((truth - truth.mean()) ** 2).sum())
    if spread == 0.0:
        return float("nan")
    return 1.0 - float(((truth - predicted) ** 2).sum()) / spread


def interquartile_range(values: Reals) -> float:
    """Return the width of the middle half of the values."""
    low, high = np.quantile(values, [0.25, 0.75])
    return float(high - low)


def with_interval(
    values: Reals, clusters: NDArray[np.integer[Any]] | None = None, seed: int = 0
) -> dict[str, float]:
    """Return the mean of values with its 95 % bootstrap interval.

    Parameters
    ----------
    values
        One value per image or set, shape (n,).
    clusters
        Which values belong together, shape (n,): values of one parameter vector are not
        independent, so whole parameter vectors are drawn. None takes each value as its own.
    seed
        Seed of the resampling.
    """
    groups = _numbered(len(values), clusters)
    sums = np.bincount(groups, weights=values)
    counts = np.bincount(groups).astype(float)
    rng = np.random.default_rng(seed)
    n = len(sums)
    means = np.empty(RESAMPLES)
    for start in range(0, RESAMPLES, 100):
        drawn = rng.multinomial(n, np.full(n, 1.0 / n), size=min(100, RESAMPLES - start))
        means[start : start + len(drawn)] = (drawn @ sums) / (drawn @ counts)
    return _interval(float(np.mean(values)), means, len(values))


def statistic_with_interval(
    statistic: Callable[..., float],
    *columns: Reals,
    clusters: NDArray[np.integer[Any]] | None = None,
    seed: int = 0,
    resamples: int = 500,
) -> dict[str, float]:
    """Return any statistic of paired columns with its 95 % bootstrap interval.

    Parameters
    ----------
    statistic
        Called with the columns.
    *columns
        Arrays of shape (n,).
    clusters, seed
        As for :func:`with_interval`.
    resamples
        Bootstrap samples.
    """
    groups = _numbered(len(columns[0]), clusters)
    order = np.argsort(groups, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)
    rng = np.random.default_rng(seed)
    found = np.empty(resamples)
    for k in range(resamples):
        drawn = rng.integers(0, len(members), size=len(members))
        rows = np.concatenate([members[j] for j in drawn])
        found[k] = statistic(*(column[rows] for column in columns))
    return _interval(statistic(*columns), found, len(columns[0]))


def _numbered(count: int, clusters: NDArray[np.integer[Any]] | None) -> NDArray[np.int64]:
    if clusters is None:
        return np.arange(count)
    numbers: NDArray[np.int64] = np.unique(clusters, return_inverse=True)[1]
    return numbers


def _interval(value: float, resampled: Reals, count: int) -> dict[str, float]:
    finite = resampled[np.isfinite(resampled)]
    if not finite.size:
        return {"value": value, "low": float("nan"), "high": float("nan"), "n": count}
    low, high = np.quantile(finite, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return {"value": value, "low": float(low), "high": float(high), "n": count}


def few_values(values: Reals) -> Reals:
    """Return values as they are if few differ, otherwise the middles of ten equal bins.

    The paper's parameters lie on a grid; those of other data do not.
    """
    rounded: Reals = np.round(values, 6)
    if len(np.unique(rounded)) <= MOST_VALUES:
        return rounded
    low, high = float(rounded.min()), float(rounded.max())
    width = (high - low) / BINS
    places = np.clip(((rounded - low) / width).astype(int), 0, BINS - 1)
    return np.asarray(np.round(low + (places + 0.5) * width, 6))


def sliding_mean(
    positions: Reals, values: Reals, points: int = 25, width: float = 0.1
) -> dict[str, list[float]]:
    """Return the mean of values in a window that slides over positions, as in Fig. 11.

    Parameters
    ----------
    positions, values
        Shape (n,).
    points
        Places of the window's middle, evenly over the range of positions.
    width
        Width of the window as a share of that range.
    """
    low, high = float(positions.min()), float(positions.max())
    half = max((high - low) * width / 2, 1e-9)
    at = np.linspace(low, high, points)
    inside = np.abs(positions[None] - at[:, None]) <= half
    filled = inside.sum(axis=1) >= 5
    means = (inside @ values)[filled] / inside.sum(axis=1)[filled]
    return {"position": at[filled].tolist(), "mean": means.tolist()}
