"""Measures of error against independent computations."""

import numpy as np
import pytest

from heteroagg_gui.learning.evaluation.image_errors import confusion_matrix
from heteroagg_gui.learning.measures import (
    few_values,
    interquartile_range,
    mean_absolute_error,
    r_squared,
    sliding_mean,
    statistic_with_interval,
    with_interval,
)

TRUTH = np.array([1.0, 2.0, 3.0, 6.0])
PREDICTED = np.array([1.5, 2.0, 2.0, 7.0])


def test_errors_by_hand():
    assert mean_absolute_error(TRUTH, PREDICTED) == pytest.approx((0.5 + 0 + 1 + 1) / 4)
    assert r_squared(TRUTH, PREDICTED) == pytest.approx(1 - 2.25 / 14)
    assert r_squared(TRUTH, TRUTH) == 1.0
    assert r_squared(TRUTH, np.full(4, 3.0)) == pytest.approx(0.0)
    assert np.isnan(r_squared(np.ones(3), TRUTH[:3]))
    assert interquartile_range(np.arange(101.0)) == pytest.approx(50.0)


def test_r_squared_is_that_of_scikit_learn():
    from sklearn.metrics import r2_score

    rng = np.random.default_rng(0)
    truth, predicted = rng.normal(size=(2, 50))
    assert r_squared(truth, predicted) == pytest.approx(r2_score(truth, predicted))


def test_the_confusion_matrix_is_laid_out_as_table_4():
    predicted = np.array([True, True, True, False, False, False, False])
    truth = np.array([True, False, False, True, False, False, False])
    assert confusion_matrix(predicted, truth) == [[1, 2], [1, 3]]


def test_intervals_cover_the_mean_as_often_as_they_say():
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(40), 5)
    hits = {"clustered": 0, "as if independent": 0}
    for trial in range(80):
        values = rng.normal(size=40)[groups] + 0.5 * rng.normal(size=200)
        for name, clusters in (("clustered", groups), ("as if independent", None)):
            found = with_interval(values, clusters, seed=trial)
            hits[name] += found["low"] <= 0.0 <= found["high"]
    assert 0.88 <= hits["clustered"] / 80 <= 0.99
    assert hits["as if independent"] / 80 < 0.8


def test_the_fast_interval_of_a_mean_is_that_of_any_statistic():
    rng = np.random.default_rng(1)
    values, groups = rng.gamma(2.0, size=300), np.repeat(np.arange(60), 5)
    fast = with_interval(values, groups)
    slow = statistic_with_interval(lambda v: float(v.mean()), values, clusters=groups)
    assert fast["value"] == pytest.approx(slow["value"])
    assert fast["n"] == slow["n"] == 300
    width = fast["high"] - fast["low"]
    assert slow["high"] - slow["low"] == pytest.approx(width, rel=0.15)


def test_values_off_the_grid_are_binned():
    grid = np.repeat(np.linspace(1.5, 2.5, 11), 3)
    np.testing.assert_allclose(few_values(grid), grid)
    spread = np.random.default_rng(3).uniform(1.4, 2.6, 500)
    found = few_values(spread)
    assert len(np.unique(found)) == 10
    assert np.abs(found - spread).max() <= 0.0601


def test_a_seed_repeats_an_interval():
    values = np.random.default_rng(2).normal(size=50)
    assert with_interval(values, seed=4) == with_interval(values, seed=4)
    assert with_interval(values, seed=4) != with_interval(values, seed=5)


def test_the_sliding_mean_follows_a_line():
    x = np.linspace(0.0, 10.0, 2001)
    found = sliding_mean(x, 3 * x, points=11)
    inside = [(p, m) for p, m in zip(*found.values(), strict=True) if 1 <= p <= 9]
    assert len(inside) == 9
    for position, mean in inside:
        assert mean == pytest.approx(3 * position, abs=0.01)
