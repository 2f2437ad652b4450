"""Thresholds on brightness histograms with a planted answer."""

import numpy as np

from heteroagg_gui.learning.baselines.thresholds import (
    Thresholds,
    best_thresholds,
    mixing_ratios,
)


def planted(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return histograms: background below 50, TiO2 at 60 to 119, WO3 at 120 to 199."""
    rng = np.random.default_rng(seed)
    truth = rng.random(count)
    areas = np.zeros((count, 256))
    areas[:, :50] = rng.random((count, 50)) * 100
    for k, share in enumerate(truth):
        np.add.at(areas[k], rng.integers(60, 120, 1000), (1 - share) / 1000)
        np.add.at(areas[k], rng.integers(120, 200, 1000), share / 1000)
    return areas, truth


def test_the_planted_ratio_is_recovered():
    areas, truth = planted(60, 0)
    found = best_thresholds(areas, truth)
    assert 50 <= found.aggregate <= 66
    assert 119 <= found.wo3 <= 121
    fresh, known = planted(40, 1)
    np.testing.assert_allclose(mixing_ratios(fresh, found), known, atol=0.03)


def test_a_ratio_is_the_bright_share_of_the_aggregate():
    areas = np.array([[9.0, 3.0, 1.0], [9.0, 0.0, 2.0], [5.0, 0.0, 0.0]])
    found = mixing_ratios(areas, Thresholds(1, 2))
    np.testing.assert_allclose(found, [0.25, 1.0, np.nan])


def test_all_pairs_are_tried():
    rng = np.random.default_rng(2)
    areas, truth = rng.random((30, 12)), rng.random(30)
    found = best_thresholds(areas, truth, step=1)
    errors = {
        (a, w): np.abs(areas[:, w:].sum(axis=1) / areas[:, a:].sum(axis=1) - truth).mean()
        for a in range(12)
        for w in range(a + 1, 12)
    }
    assert (found.aggregate, found.wo3) == min(errors, key=errors.__getitem__)
