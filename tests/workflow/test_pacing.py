import pytest

from heteroagg_gui.workflow.pace import Pace


def test_fifty_milliseconds_pass_between_two_reports():
    pace = Pace()
    assert pace.note(0.1, "a", 0.0)
    assert pace.take(0.0) == (0.1, "a", None)
    assert not pace.note(0.2, "b", 0.04)
    assert pace.note(0.3, "c", 0.05)
    assert pace.take(0.05)[:2] == (0.3, "c")
    assert pace.take(0.06) is None


def test_the_time_left_follows_from_the_time_used():
    pace = Pace()
    pace.note(0.0, "", 10.0)
    pace.note(0.25, "", 12.0)
    assert pace.take(12.0)[2] == pytest.approx(6.0)


def test_a_late_start_does_not_spoil_the_estimate():
    pace = Pace()
    pace.note(0.5, "", 0.0)
    pace.note(0.75, "", 1.0)
    assert pace.take(1.0)[2] == pytest.approx(1.0)


@pytest.mark.parametrize(("fraction", "now", "left"), [(0.2, 0.1, None), (1.0, 9.0, 0.0)])
def test_no_guess_is_made_early_and_none_is_needed_at_the_end(fraction, now, left):
    pace = Pace()
    pace.note(0.0, "", 0.0)
    pace.note(fraction, "", now)
    assert pace.take(now)[2] == left


@pytest.mark.parametrize(("given", "kept"), [(-1.0, 0.0), (1.7, 1.0)])
def test_fractions_stay_between_none_and_all(given: float, kept: float):
    pace = Pace()
    pace.note(given, "", 0.0)
    assert pace.take(0.0)[0] == kept


def test_no_progress_gives_no_estimate():
    pace = Pace()
    pace.note(0.5, "", 0.0)
    pace.note(0.5, "", 5.0)
    assert pace.take(5.0)[2] is None
