"""The bundled network notices images unlike those it learnt from, and no others."""

import pytest

from heteroagg_gui.core.resources import models_folder
from heteroagg_gui.learning.evaluation.unusual_images import CASES, notice
from heteroagg_gui.learning.predictor import load_predictor

NETWORK = load_predictor(models_folder() / "compact", "cpu")
ALWAYS = (
    "150 particles",
    "inverted contrast",
    "5 electrons per square angstrom",
    "two aggregates",
    "blurred",
    "noise alone",
    "a lattice",
    "a ramp",
)


@pytest.mark.parametrize("name", ALWAYS)
def test_it_is_noticed(name: str) -> None:
    found = notice(NETWORK, CASES[name], 4)
    assert found.refused + found.flagged == 1.0
    assert found.reason


def test_usual_images_are_not() -> None:
    found = notice(NETWORK, CASES["as in training"], 25)
    assert found.refused + found.flagged <= 0.04
