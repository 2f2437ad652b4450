"""What the model takes as given, and what it refuses."""

import math

import pytest

from heteroagg_gui.aggregation.parameters import AggregationParameters, tio2_probability
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.theta import Theta


@pytest.mark.parametrize(
    "values",
    [
        {"radius_mean_nm": 0.0},
        {"radius_mean_nm": math.nan},
        {"radius_mean_nm": math.inf},
        {"radius_sd_nm": -1.0},
        {"radius_sd_nm": 12.5},
        {"radius_sd_nm": math.nan},
        {"size_range": (0, 80)},
        {"size_range": (80, 20)},
        {"size_range": (20.5, 80)},
        {"size_range": (20, math.inf)},
        {"size_range": (20,)},
        {"size_range": 20},
        {"size_range": (20, 10_001)},
        {"prefactor": 0.0},
        {"prefactor": math.nan},
        {"contact_factor": 1.0},
        {"contact_factor": 2.5},
        {"contact_factor": math.nan},
    ],
)
def test_senseless_values_are_refused_in_one_sentence(values: dict[str, object]) -> None:
    with pytest.raises(ParameterError) as refusal:
        AggregationParameters(**values)  # type: ignore[arg-type]
    assert str(refusal.value).endswith(".")


def test_the_size_range_may_come_from_a_file() -> None:
    parameters = AggregationParameters(size_range=[20.0, 80.0])  # type: ignore[arg-type]
    assert parameters == AggregationParameters()
    assert hash(parameters) == hash(AggregationParameters())


def test_mean_and_sd_are_those_of_the_radius_itself() -> None:
    mean, sd = AggregationParameters(radius_mean_nm=12.0, radius_sd_nm=3.0).log_radius
    assert sd**2 == pytest.approx(math.log(1.0 + 0.25**2))
    assert math.exp(mean + sd**2 / 2.0) == pytest.approx(12.0)
    assert 12.0 * math.sqrt(math.exp(sd**2) - 1.0) == pytest.approx(3.0)


def test_equal_radii_are_allowed() -> None:
    assert AggregationParameters(radius_sd_nm=0.0).log_radius == (math.log(12.0), 0.0)


@pytest.mark.parametrize(
    ("theta", "expected"),
    [
        (Theta(1.8, 0.5, 3, 3), 0.5),
        (Theta(1.8, 0.5, 1, 4), 0.2),
        (Theta(1.8, 0.3, 4, 2), 2.8 / 3.4),
        (Theta(1.8, 0.0, 2, 5), 1.0),
        (Theta(1.8, 1.0, 2, 5), 0.0),
    ],
)
def test_label_probability_of_section_2_1_1(theta: Theta, expected: float) -> None:
    assert tio2_probability(theta) == pytest.approx(expected)
