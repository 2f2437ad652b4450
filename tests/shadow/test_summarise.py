"""The summary of a population leaves out what does not exist."""

import math

import numpy as np
import pytest

from heteroagg_gui.core.theta import Theta
from heteroagg_gui.shadow.draw import draw_shadows
from heteroagg_gui.shadow.population import ShadowPopulation
from heteroagg_gui.shadow.summary import summarise

FIGURES = ["count", "mean", "sd", "q05", "q25", "q50", "q75", "q95"]


def _population(*values: float) -> ShadowPopulation:
    return ShadowPopulation((), (), {"s_tio2": np.array(values, np.float64)}, seed=0)


def test_figures_by_hand() -> None:
    found = summarise(_population(1.0, 2.0, 3.0, 4.0, 10.0))["s_tio2"]
    assert list(found) == FIGURES
    assert found == pytest.approx(
        {
            "count": 5,
            "mean": 4.0,
            "sd": math.sqrt((9 + 4 + 1 + 0 + 36) / 4),
            "q05": 1.2,
            "q25": 2.0,
            "q50": 3.0,
            "q75": 4.0,
            "q95": 8.8,
        }
    )


def test_missing_values_are_left_out() -> None:
    with_gaps = summarise(_population(math.nan, 1.0, 2.0, math.nan, 3.0))["s_tio2"]
    assert with_gaps == summarise(_population(1.0, 2.0, 3.0))["s_tio2"]
    assert with_gaps["count"] == 3


def test_too_few_values_give_nan_without_a_warning() -> None:
    nothing = summarise(_population(math.nan, math.nan))["s_tio2"]
    assert nothing["count"] == 0
    assert all(math.isnan(nothing[figure]) for figure in FIGURES[1:])
    single = summarise(_population(math.nan, 7.0))["s_tio2"]
    assert (single["count"], single["mean"], single["q05"], single["q95"]) == (1, 7, 7, 7)
    assert math.isnan(single["sd"])


def test_every_descriptor_of_a_drawn_population_is_summarised() -> None:
    population = draw_shadows(Theta(1.8, 0.97, 6, 1), 60, seed=1)
    summary = summarise(population)
    assert list(summary) == list(population.descriptors)
    absent = int(np.isnan(population.descriptors["s_tio2"]).sum())
    assert absent > 0
    assert summary["s_tio2"]["count"] == 60 - absent
    assert summary["mixing_ratio"]["mean"] == pytest.approx(
        population.descriptors["mixing_ratio"].mean()
    )
