"""What a projection tells of D_f(A): nothing that needs the depth, and less than the whole."""

import numpy as np

from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.aggregation.sampler import sample_aggregate
from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.evaluation.projection_limit import (
    draw_projections,
    error_with,
    known_across,
)


def test_what_is_known_does_not_depend_on_depth_or_on_turns_about_the_beam() -> None:
    rng = np.random.default_rng(1)
    one = sample_aggregate(Theta(1.9, 0.5, 2, 2), rng, AggregationParameters())
    turn = np.array([[0.6, -0.8, 0.0], [0.8, 0.6, 0.0], [0.0, 0.0, 3.0]])
    other = Aggregate(one.positions_nm @ turn.T, one.radii_nm, one.labels, one.clusters)
    facts, along = known_across(one)
    same, deeper = known_across(other)
    assert np.allclose(facts, same)
    assert np.isclose(deeper - along, np.log(9.0))


def test_depth_helps() -> None:
    learnt, asked = draw_projections(1500, 1), draw_projections(400, 2)
    blind = error_with(learnt, asked, None)
    seeing = error_with(learnt, asked, 0.0)
    assert seeing < 0.6 * blind
