"""Resampling, finding the aggregate and scaling, shared by training and prediction."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.micrograph.foreground import bounding_box, foreground_mask
from heteroagg_gui.micrograph.prepare import prepare, scale_to_levels
from heteroagg_gui.micrograph.resample import resample


def disc(shape: tuple[int, int], centre: tuple[float, float], radius: float) -> np.ndarray:
    """Return an image of one bright disc, 1 on 0."""
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    return (np.hypot(rows - centre[0], columns - centre[1]) < radius).astype(float)


@given(ratio=st.floats(0.3, 4.0), height=st.integers(20, 90), width=st.integers(20, 90))
def test_resampling_keeps_the_intensity_of_what_lies_inside(
    ratio: float, height: int, width: int
) -> None:
    image = np.zeros((height, width))
    image[height // 3 : height // 2, width // 3 : width // 2] = 1.0
    result = resample(image, ratio)
    assert result.shape == (int(height / ratio + 1e-9), int(width / ratio + 1e-9))
    assert result.sum() * ratio**2 == pytest.approx(image.sum(), rel=1e-9)


def test_resampling_by_a_whole_ratio_averages_blocks() -> None:
    image = np.random.default_rng(0).random((12, 18))
    blocks = image.reshape(4, 3, 6, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(resample(image, 3.0), blocks, atol=1e-12)


def test_resampling_keeps_the_middle_in_the_middle() -> None:
    image = disc((101, 101), (50.0, 50.0), 20.0)
    result = resample(image, 1.7)
    np.testing.assert_allclose(result, result[::-1, ::-1], atol=1e-9)


@given(gain=st.floats(1e-3, 1e4), offset=st.floats(-100.0, 100.0))
def test_levels_do_not_depend_on_gain_and_offset(gain: float, offset: float) -> None:
    image = np.random.default_rng(1).random((16, 16))
    expected = scale_to_levels(image).astype(int)
    assert np.abs(scale_to_levels(image * gain + offset).astype(int) - expected).max() <= 1


def test_levels_span_the_full_range_linearly() -> None:
    image = np.linspace(-3.0, 7.0, 256).reshape(16, 16)
    np.testing.assert_array_equal(scale_to_levels(image).ravel(), np.arange(256))


def test_a_constant_image_has_one_level() -> None:
    assert scale_to_levels(np.full((4, 4), 3.0)).max() == 0


@pytest.mark.parametrize("noise", [0.0, 0.01])
@pytest.mark.parametrize("offset", [0.0, 5.0])
def test_the_aggregate_is_found_on_any_background(noise: float, offset: float) -> None:
    image = 0.1 * disc((200, 240), (60, 80), 15) + disc((200, 240), (90, 110), 12)
    image += offset + noise * np.random.default_rng(2).standard_normal(image.shape)
    box = bounding_box(foreground_mask(image), 0)
    assert abs(box.top - 45) <= 2
    assert abs(box.left - 65) <= 2
    assert abs(box.bottom - 102) <= 2
    assert abs(box.right - 122) <= 2


def test_lone_specks_do_not_widen_the_box() -> None:
    image = disc((200, 200), (100, 100), 20)
    image[5, 5] = 0.5
    assert bounding_box(foreground_mask(image), 0).top > 70


def test_an_image_without_contrast_is_kept_whole() -> None:
    box = bounding_box(np.zeros((30, 40), dtype=bool), 4)
    assert box.shape == (30, 40)


def test_the_same_object_looks_alike_at_two_pixel_sizes() -> None:
    fine = Micrograph(disc((600, 600), (299.5, 299.5), 80).astype(np.float32), 0.5, "fine")
    coarse = Micrograph(disc((240, 240), (119.5, 119.5), 32).astype(np.float32), 1.25, "coarse")
    a, b = prepare(fine, 2.0), prepare(coarse, 2.0)
    assert a.levels.shape == b.levels.shape
    assert np.abs(a.levels.astype(float) - b.levels).mean() < 6


def test_an_uncalibrated_image_is_refused() -> None:
    image = Micrograph(np.ones((64, 64), np.float32), None, "x")
    with pytest.raises(MicrographError, match="pixel size"):
        prepare(image, 2.0)


def test_a_field_of_view_smaller_than_a_particle_is_refused() -> None:
    image = Micrograph(np.ones((64, 64), np.float32), 0.25, "x")
    with pytest.raises(MicrographError, match="field of view"):
        prepare(image, 2.0)
