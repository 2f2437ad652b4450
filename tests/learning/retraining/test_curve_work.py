"""Reference curves reach as far as particles are thick, and no further."""

from dataclasses import replace

import numpy as np
import pytest

from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.curve_work import (
    curve_seconds,
    curve_thickness_nm,
    thickest_particle_nm,
)
from heteroagg_gui.stem.simulation_plan import THIN_END_NM

SMALL = TrainingRanges(aggregation=AggregationParameters(5.0, 1.25))


def test_the_usual_particles_need_the_whole_thickness() -> None:
    assert curve_thickness_nm(TrainingRanges()) == 60.0


def test_hardly_any_particle_is_thicker_and_not_much_is_computed_in_vain() -> None:
    mu, sigma = SMALL.aggregation.log_radius
    drawn = 2.0 * np.exp(np.random.default_rng(1).normal(mu, sigma, size=200_000))
    thickness = curve_thickness_nm(SMALL)
    assert np.mean(drawn > thickness) < 1e-4
    assert thickness < 1.25 * np.quantile(drawn, 0.9999)


def test_ranges_of_sizes_count_with_their_largest() -> None:
    wide = replace(SMALL, radius_means_nm=(2.0, 8.0))
    spread = replace(SMALL, radius_relative_sds=(0.1, 0.4))
    assert curve_thickness_nm(wide) == pytest.approx(1.6 * curve_thickness_nm(SMALL), abs=1.0)
    assert curve_thickness_nm(spread) > 1.5 * curve_thickness_nm(SMALL)


def test_larger_particles_than_curves_are_computed_for_are_known() -> None:
    large = TrainingRanges(aggregation=AggregationParameters(30.0, 3.0))
    assert curve_thickness_nm(large) == 60.0
    assert 80.0 < thickest_particle_nm(large) < 100.0


def test_tiny_particles_still_get_a_curve_that_can_be_continued() -> None:
    tiny = TrainingRanges(aggregation=AggregationParameters(1.0, 0.1))
    assert curve_thickness_nm(tiny) > THIN_END_NM


def test_time_falls_with_thickness_and_processes() -> None:
    assert curve_seconds(SMALL) < 0.6 * curve_seconds(TrainingRanges())
    assert curve_seconds(SMALL, 4) == pytest.approx(curve_seconds(SMALL) / 4.0)
