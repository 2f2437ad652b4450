"""Populations have the distributions that the model prescribes; every seed is fixed."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from heteroagg_gui.aggregation.descriptors import describe_many
from heteroagg_gui.aggregation.parameters import AggregationParameters, tio2_probability
from heteroagg_gui.aggregation.sampler import (
    aggregate_generator,
    sample_aggregates,
    sample_with_counts,
)
from heteroagg_gui.core.theta import (
    PAPER_CLUSTER_SIZES,
    PAPER_FRACTAL_DIMENSIONS,
    PAPER_MIXING_RATIOS,
    Theta,
)

USUAL = AggregationParameters()
SMALLEST_P = 1e-3
TRIPLES = tuple(itertools.product(PAPER_MIXING_RATIOS, PAPER_CLUSTER_SIZES, PAPER_CLUSTER_SIZES))


def _spread_over_the_grid(dimension: float, count: int) -> list[Theta]:
    order = np.random.default_rng(4).permutation(len(TRIPLES))
    return [Theta(dimension, *TRIPLES[order[k % len(TRIPLES)]]) for k in range(count)]


@pytest.mark.parametrize("dimension", PAPER_FRACTAL_DIMENSIONS)
def test_at_least_95_percent_of_clusters_are_attached_unrelaxed(dimension: float) -> None:
    counts = sum(
        sample_with_counts(theta, aggregate_generator(3, index), USUAL)[1]
        for index, theta in enumerate(_spread_over_the_grid(dimension, 120))
    )
    attached = np.asarray(counts)[1]
    assert attached.sum() > 1000
    assert attached[0] / attached.sum() >= 0.95


@pytest.mark.parametrize(
    ("dimension", "lowest", "highest"),
    [
        (1.5, -0.02, 0.02),
        (1.6, -0.02, 0.02),
        (1.7, -0.02, 0.02),
        (1.8, -0.02, 0.02),
        (1.9, -0.02, 0.02),
        (2.1, -0.05, 0.0),
        (2.3, -0.09, 0.0),
        (2.5, -0.12, -0.05),
    ],
)
def test_mean_fractal_dimension_stays_near_the_preset(
    dimension: float, lowest: float, highest: float
) -> None:
    aggregates = sample_aggregates(_spread_over_the_grid(dimension, 648), 5, USUAL)
    found = describe_many(aggregates)["fractal_dimension"]
    assert lowest <= found.mean() - dimension <= highest
    assert 0.02 <= found.std() <= 0.07


def _expected_mixing_ratio(theta: Theta) -> float:
    """Return E[rho(A)] with whole clusters added until a uniform target is reached.

    The label-0 particles among n are followed exactly, as a Markov chain in n.
    """
    smallest, largest = USUAL.size_range
    sizes = (theta.theta_0, theta.theta_1)
    shares = (1.0 - tio2_probability(theta), tio2_probability(theta))
    visits = np.zeros((largest + max(sizes), largest + max(sizes)))
    visits[0, 0] = 1.0
    total = 0.0
    for n in range(largest):
        for label, size in enumerate(sizes):
            n_next = n + size
            wo3 = size if label == 0 else 0
            moved = shares[label] * np.roll(visits[n], wo3)
            visits[n_next] += moved
            targets = min(n_next, largest) - max(n + 1, smallest) + 1
            if targets > 0:
                total += targets * float(moved @ np.arange(len(moved))) / n_next
    return total / (largest - smallest + 1)


@pytest.mark.parametrize("sizes", [(1, 6), (6, 1), (5, 6), (6, 6), (2, 3)])
@pytest.mark.parametrize("ratio", PAPER_MIXING_RATIOS)
def test_whole_last_clusters_bias_the_mixing_ratio_by_less_than_a_hundredth(
    ratio: float, sizes: tuple[int, int]
) -> None:
    assert abs(_expected_mixing_ratio(Theta(1.8, ratio, *sizes)) - ratio) < 0.002


@pytest.mark.parametrize(
    "theta",
    [
        Theta(1.8, 0.3, 1, 6),
        Theta(1.8, 0.5, 6, 1),
        Theta(2.2, 0.9, 4, 5),
        Theta(1.5, 0.1, 6, 2),
        Theta(2.5, 0.7, 1, 1),
    ],
)
def test_mean_mixing_ratio_is_the_expected_one(theta: Theta) -> None:
    aggregates = sample_aggregates([theta] * 3000, 6, USUAL)
    ratios = describe_many(aggregates)["mixing_ratio"]
    error = ratios.std() / math.sqrt(len(ratios))
    assert error < 0.004
    assert abs(ratios.mean() - _expected_mixing_ratio(theta)) < 4.0 * error


def test_mixing_ratio_is_unbiased_over_the_whole_grid() -> None:
    thetas = [Theta(1.8, *triple) for triple in TRIPLES] * 12
    found = describe_many(sample_aggregates(thetas, 8, USUAL))["mixing_ratio"]
    difference = found - np.array([theta.mixing_ratio for theta in thetas])
    assert abs(difference.mean()) < 4.0 * difference.std() / math.sqrt(len(difference)) < 0.01


@pytest.mark.parametrize("theta", [Theta(1.5, 0.5, 3, 3), Theta(2.5, 0.5, 1, 6)])
def test_radii_are_log_normal_whatever_fitted(theta: Theta) -> None:
    aggregates = sample_aggregates([theta] * 1500, 9, USUAL)
    radii = np.concatenate([aggregate.radii_nm for aggregate in aggregates])
    shape = math.sqrt(math.log(1.0 + 0.25**2))
    law = stats.lognorm(shape, scale=12.0 * math.exp(-(shape**2) / 2.0))
    assert (law.mean(), law.std()) == pytest.approx((12.0, 3.0))
    assert stats.kstest(radii, law.cdf).pvalue > SMALLEST_P
    assert abs(radii.mean() - 12.0) < 4.0 * 3.0 / math.sqrt(len(radii))


def test_target_sizes_are_uniform() -> None:
    aggregates = sample_aggregates([Theta(1.9, 0.5, 1, 1)] * 3000, 10, USUAL)
    sizes = np.array([len(aggregate) for aggregate in aggregates])
    assert (sizes.min(), sizes.max()) == (20, 80)
    assert stats.chisquare(np.bincount(sizes)[20:]).pvalue > SMALLEST_P


def test_labels_of_primary_clusters_are_independent_bernoulli() -> None:
    theta = Theta(1.9, 0.3, 2, 4)
    aggregates = sample_aggregates([theta] * 1500, 11, USUAL)
    opening = np.array(
        [
            [aggregate.labels[aggregate.clusters == cluster][0] for cluster in (0, 1)]
            for aggregate in aggregates
        ]
    )
    share = tio2_probability(theta)
    for position in (0, 1):
        found = int(opening[:, position].sum())
        assert stats.binomtest(found, len(opening), share).pvalue > SMALLEST_P
    table = np.bincount(2 * opening[:, 0] + opening[:, 1], minlength=4).reshape(2, 2)
    assert stats.chi2_contingency(table).pvalue > SMALLEST_P


@pytest.mark.parametrize("members", ["primary cluster", "aggregate"])
def test_orientations_are_uniform(members: str) -> None:
    aggregates = sample_aggregates([Theta(1.8, 0.5, 6, 6)] * 2000, 12, USUAL)
    axes = np.empty((len(aggregates), 3))
    for axis, aggregate in zip(axes, aggregates, strict=True):
        last = aggregate.clusters == aggregate.clusters[-1]
        chosen = last if members == "primary cluster" else np.ones(len(aggregate), bool)
        positions = aggregate.positions_nm[chosen]
        axis[:] = positions[-1] - positions[0]
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    for component in axes.T:
        assert stats.kstest(component, stats.uniform(-1.0, 2.0).cdf).pvalue > SMALLEST_P
    azimuth = np.arctan2(axes[:, 1], axes[:, 0])
    law = stats.uniform(-math.pi, 2.0 * math.pi)
    assert stats.kstest(azimuth, law.cdf).pvalue > SMALLEST_P
