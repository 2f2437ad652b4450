"""Figures of calibration, on distributions that are calibrated by construction, or are not."""

import numpy as np
import pytest
import torch
from torch import Tensor

from heteroagg_gui.learning.evaluation.compact_figures import (
    interval_widths,
    rank_histograms,
    reliability,
)
from heteroagg_gui.learning.set_head import ThetaDistribution

SETS = 4000
NAMES = ("fractal_dimension", "mixing_ratio", "theta_0", "theta_1")


def predicted(seed: int = 1) -> ThetaDistribution:
    generator = torch.Generator().manual_seed(seed)
    means = torch.rand(SETS, 2, 3, generator=generator)
    return ThetaDistribution(
        torch.softmax(torch.randn(SETS, 3, generator=generator), dim=1),
        means,
        torch.rand(SETS, 2, 3, generator=generator) * 0.2 + 0.05,
        torch.softmax(2 * torch.randn(SETS, 2, 3, 6, generator=generator), dim=-1),
    )


def drawn_from(distribution: ThetaDistribution) -> Tensor:
    rng = np.random.default_rng(2)
    rows = [
        ThetaDistribution(
            distribution.weights[k : k + 1],
            distribution.means[k : k + 1],
            distribution.deviations[k : k + 1],
            distribution.sizes[k : k + 1],
        ).draw(1, rng)[0]
        for k in range(SETS)
    ]
    return torch.from_numpy(np.stack(rows)).float()


DISTRIBUTION = predicted()
THETA = drawn_from(DISTRIBUTION)


@pytest.mark.parametrize("name", NAMES)
def test_ranks_of_draws_are_uniform(name: str) -> None:
    counts = np.array(rank_histograms(DISTRIBUTION, THETA)[name])
    expected = SETS / 10
    assert counts.sum() == SETS
    assert ((counts - expected) ** 2 / expected).sum() < 27.9  # chi2(9) at 0.1 %


def test_ranks_pile_up_at_the_ends_where_intervals_are_too_narrow() -> None:
    narrow = ThetaDistribution(
        DISTRIBUTION.weights, DISTRIBUTION.means, DISTRIBUTION.deviations / 4, DISTRIBUTION.sizes
    )
    counts = rank_histograms(narrow, THETA)["fractal_dimension"]
    assert counts[0] + counts[-1] > 0.35 * SETS


def test_stated_probabilities_of_draws_come_true() -> None:
    for entries in reliability(DISTRIBUTION, THETA).values():
        assert sum(entry["count"] for entry in entries) == 6 * SETS
        for entry in entries:
            p = entry["stated"]
            assert abs(entry["true"] - p) < 4.5 * (p * (1 - p) / entry["count"]) ** 0.5 + 1e-3


def test_overstated_probabilities_do_not_come_true() -> None:
    sure = ThetaDistribution(
        DISTRIBUTION.weights,
        DISTRIBUTION.means,
        DISTRIBUTION.deviations,
        torch.softmax(20 * DISTRIBUTION.sizes, dim=-1),
    )
    last = reliability(sure, THETA)["theta_0"][-1]
    assert last["true"] < last["stated"] - 0.1


def test_the_width_of_a_single_normal_is_known() -> None:
    one = ThetaDistribution(
        torch.ones(2, 1),
        torch.zeros(2, 2, 1),
        torch.tensor([[[0.1], [0.2]], [[0.3], [0.2]]]),
        torch.full((2, 2, 1, 6), 1 / 6),
    )
    widths = interval_widths(one)
    assert widths["fractal_dimension"] == pytest.approx(0.2 * 3.28971, rel=1e-4)
    assert widths["mixing_ratio"] == pytest.approx(0.2 * 3.28971, rel=1e-4)
