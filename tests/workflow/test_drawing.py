from dataclasses import replace

import numpy as np
import pytest

from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.core.errors import Cancelled, ParameterError
from heteroagg_gui.shadow.draw import draw_shadows
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.state import SessionState
from tests.workflow.fakes import DRAWS, THETA, FakePredictor, make_micrograph, make_state


def predicted(draws: tuple = DRAWS) -> Session:
    state = make_state("a.tif")
    prediction = FakePredictor(draws).predict([make_micrograph()])
    return Session(replace(state, prediction=prediction, prediction_keys=(state.items[0].key,)))


def test_the_shadows_are_those_of_the_model_with_this_theta_and_seed():
    state = perform(predicted(), "draw_shadows", {"count": 5, "seed": 3})
    expected = draw_shadows(THETA, 5, 3, AggregationParameters())
    assert state.shadows.seed == 3
    assert set(state.shadows.thetas) == {THETA}
    for ours, theirs in zip(state.shadows.aggregates, expected.aggregates, strict=True):
        np.testing.assert_array_equal(ours.positions_nm, theirs.positions_nm)


def test_shadows_of_the_distribution_carry_its_draws():
    state = perform(predicted(), "draw_shadows", {"count": 3, "from_distribution": True})
    assert state.shadows.thetas == DRAWS


def test_a_point_estimate_has_no_distribution():
    with pytest.raises(ParameterError, match="point estimate"):
        perform(predicted(()), "draw_shadows", {"count": 3, "from_distribution": True})


def test_without_theta_nothing_is_drawn():
    with pytest.raises(ParameterError, match="no theta"):
        perform(Session(), "draw_shadows", {"count": 3})


def test_what_was_used_becomes_the_setting():
    values = {"count": 4, "seed": 9, "size_range": (10, 12), "radius_mean_nm": 6.0}
    state = perform(predicted(), "draw_shadows", values)
    assert (state.settings.n_shadows, state.settings.seed) == (4, 9)
    assert state.settings.size_range == (10, 12)
    assert state.settings.radius_mean_nm == 6.0
    assert all(10 <= len(aggregate) <= 14 for aggregate in state.shadows.aggregates)


def test_shadows_of_a_dropped_prediction_are_dropped():
    session = predicted()

    def meddle(fraction: float, message: str) -> None:
        perform(session, "remove", {"keys": [item.key for item in session.state.items]})

    state = perform(session, "draw_shadows", {"count": 3}, meddle)
    assert state.shadows is None


def test_shadows_of_a_given_theta_belong_to_no_prediction():
    session = predicted()
    state = perform(session, "draw_shadows", {"count": 3, "theta": (2.0, 0.5, 1, 1)})
    assert state.shadows.thetas[0].fractal_dimension == 2.0
    keys = [item.key for item in state.items]
    state = perform(session, "remove", {"keys": keys})
    assert state.prediction is None
    assert state.shadows is not None


def test_a_radius_spread_beyond_the_mean_is_refused_by_the_model():
    with pytest.raises(ParameterError, match="standard deviation"):
        perform(predicted(), "draw_shadows", {"radius_mean_nm": 5.0, "radius_sd_nm": 6.0})


def test_cancelling_leaves_the_state_alone():
    session = predicted()
    before = session.state

    def stop(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        perform(session, "draw_shadows", {"count": 3}, stop)
    assert session.state is before


def test_drawing_is_no_step_of_undo():
    session = predicted()
    perform(session, "draw_shadows", {"count": 3})
    assert not session.can_undo
    assert isinstance(session.state, SessionState)
