"""Box counting on shapes whose dimension is known."""

import math

import numpy as np
import pytest

from heteroagg_gui.learning.baselines.box_counting import box_counts, box_dimension

POWERS = (1, 2, 4, 8, 16)


def test_a_filled_square_has_dimension_two():
    mask = np.zeros((100, 90), dtype=bool)
    mask[20:84, 11:75] = True
    assert box_counts(mask, POWERS).tolist() == [4096, 1024, 256, 64, 16]
    assert box_dimension(mask, POWERS) == pytest.approx(2.0, abs=1e-12)


@pytest.mark.parametrize("upright", [False, True])
def test_a_line_has_dimension_one(upright: bool):
    mask = np.zeros((9, 128), dtype=bool)
    mask[4] = True
    assert box_dimension(mask.T if upright else mask, POWERS) == pytest.approx(1.0, abs=1e-12)


def test_a_diagonal_line_has_dimension_one():
    assert box_dimension(np.eye(128, dtype=bool), POWERS) == pytest.approx(1.0, abs=1e-12)


def test_the_sierpinski_carpet_has_its_dimension():
    mask = np.ones((1, 1), dtype=bool)
    pattern = np.ones((3, 3), dtype=bool)
    pattern[1, 1] = False
    for _ in range(5):
        mask = np.kron(mask, pattern).astype(bool)
    found = box_dimension(mask, (1, 3, 9, 27, 81))
    assert found == pytest.approx(math.log(8) / math.log(3), abs=0.02)


def test_where_the_shape_lies_does_not_matter():
    rng = np.random.default_rng(0)
    blob = rng.random((40, 50)) > 0.6
    placed = np.zeros((120, 120), dtype=bool)
    placed[33:73, 47:97] = blob
    np.testing.assert_array_equal(box_counts(placed, POWERS), box_counts(blob, POWERS))


def test_the_placement_of_the_grid_is_chosen_to_need_few_boxes():
    mask = np.zeros((40, 40), dtype=bool)
    mask[0, 0] = True
    mask[4:12, 4:12] = True
    assert box_counts(mask, (8,)).tolist() == [2]


def test_nothing_has_no_dimension():
    assert math.isnan(box_dimension(np.zeros((8, 8), dtype=bool), POWERS))
