from pathlib import Path

import pytest

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.workflow.action import Parameter
from heteroagg_gui.workflow.actions import ACTIONS
from heteroagg_gui.workflow.state import SessionState, Settings
from heteroagg_gui.workflow.values import Kind


def parameter(kind: Kind, **more: object) -> Parameter:
    return Parameter("x", "The value", kind, help="Give it.", **more)


@pytest.mark.parametrize(
    ("kind", "given", "understood"),
    [
        (Kind.INTEGER, "12", 12),
        (Kind.INTEGER, 12.0, 12),
        (Kind.NUMBER, "1.5", 1.5),
        (Kind.NUMBER, 2, 2.0),
        (Kind.FLAG, True, True),
        (Kind.TEXT, "a", "a"),
        (Kind.PATHS, ["a", Path("b")], (Path("a"), Path("b"))),
        (Kind.PATHS, "a", (Path("a"),)),
        (Kind.FOLDER, "a", Path("a")),
        (Kind.KEYS, [3, 4], (3, 4)),
        (Kind.KEYS, 3, (3,)),
        (Kind.RANGE, ["20", "80"], (20, 80)),
        (Kind.THETA, ["1.8", "0.5", "3", "2"], Theta(1.8, 0.5, 3, 2)),
        (Kind.THETA, Theta(1.8, 0.5, 3, 2), Theta(1.8, 0.5, 3, 2)),
    ],
)
def test_values_are_understood(kind: Kind, given: object, understood: object):
    value = parameter(kind).check(given)
    assert value == understood
    assert type(value) is type(understood)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Kind.INTEGER, "1.5"),
        (Kind.INTEGER, "many"),
        (Kind.INTEGER, True),
        (Kind.NUMBER, "nan"),
        (Kind.NUMBER, "inf"),
        (Kind.NUMBER, True),
        (Kind.FLAG, 1),
        (Kind.RANGE, (80, 20)),
        (Kind.RANGE, (1, 2, 3)),
        (Kind.THETA, ["1.8", "0.5", "3"]),
        (Kind.THETA, ["1.8", "0.5", "3", "2.5"]),
        (Kind.THETA, ["5", "0.5", "3", "2"]),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(kind: Kind, given: object):
    with pytest.raises(ParameterError) as refused:
        parameter(kind).check(given)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("value", "allowed"), [(0, False), (1, True), (5, True), (6, False)])
def test_limits_belong_to_the_allowed_values(value: int, allowed: bool):
    limited = parameter(Kind.INTEGER, minimum=1, maximum=5, unit="nm")
    if allowed:
        assert limited.check(value) == value
    else:
        with pytest.raises(ParameterError, match="choose 1 to 5 nm"):
            limited.check(value)


def test_limits_hold_for_both_ends_of_a_range():
    limited = parameter(Kind.RANGE, minimum=1, maximum=100)
    assert limited.check((1, 100)) == (1, 100)
    with pytest.raises(ParameterError):
        limited.check((1, 101))


def test_a_choice_names_the_alternatives():
    with pytest.raises(ParameterError, match="auto, cpu"):
        parameter(Kind.CHOICE, choices=("auto", "cpu")).check("toaster")


def test_none_stands_for_a_value_left_out_unless_it_is_required():
    assert parameter(Kind.INTEGER).check(None) is None
    with pytest.raises(ParameterError, match="missing"):
        parameter(Kind.INTEGER, required=True).check(None)


def test_a_value_not_given_is_the_one_last_used():
    state = SessionState(settings=Settings(n_shadows=12, seed=7))
    filled = ACTIONS["draw_shadows"].fill(state, {"count": 5})
    assert filled["count"] == 5
    assert filled["seed"] == 7
    assert filled["jobs"] == 1


def test_an_unknown_value_is_refused():
    with pytest.raises(ParameterError, match="colour"):
        ACTIONS["open"].fill(SessionState(), {"paths": [], "colour": "red"})
