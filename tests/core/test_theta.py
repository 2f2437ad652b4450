import pytest

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.theta import (
    PAPER_CLUSTER_SIZES,
    PAPER_FRACTAL_DIMENSIONS,
    PAPER_MIXING_RATIOS,
    Theta,
)


def test_the_papers_grid_is_table_2():
    assert PAPER_FRACTAL_DIMENSIONS[0] == 1.5
    assert PAPER_FRACTAL_DIMENSIONS[-1] == 2.5
    assert len(PAPER_FRACTAL_DIMENSIONS) == 11
    assert PAPER_MIXING_RATIOS == (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
    assert PAPER_CLUSTER_SIZES == (1, 2, 3, 4, 5, 6)


def test_the_values_are_named():
    assert Theta(1.8, 0.5, 3, 2).as_dict() == {
        "fractal_dimension": 1.8,
        "mixing_ratio": 0.5,
        "theta_0": 3,
        "theta_1": 2,
    }


@pytest.mark.parametrize("ratio", [0.0, 1.0])
def test_a_pure_material_is_allowed(ratio: float):
    assert Theta(1.8, ratio, 1, 1).mixing_ratio == ratio


@pytest.mark.parametrize(
    "values",
    [
        (1.0, 0.5, 1, 1),
        (3.0, 0.5, 1, 1),
        (float("nan"), 0.5, 1, 1),
        (1.8, -0.1, 1, 1),
        (1.8, 1.1, 1, 1),
        (1.8, float("nan"), 1, 1),
        (1.8, 0.5, 0, 1),
        (1.8, 0.5, 1, 1.5),
        (1.8, 0.5, 1, 1001),
    ],
)
def test_values_outside_their_range_are_refused(values: tuple):
    with pytest.raises(ParameterError) as refused:
        Theta(*values)
    assert str(refused.value).endswith(".")
