"""Pixels that are not numbers are mended while they are few."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph.intensities import as_intensities
from heteroagg_gui.micrograph.reading import read_micrograph
from tests.micrograph.sample_files import speckle, write_mrc


def ramp(side: int = 64) -> np.ndarray:
    return np.add.outer(np.arange(side), 2.0 * np.arange(side))


@settings(max_examples=40)
@given(
    spots=st.lists(st.tuples(st.integers(0, 63), st.integers(0, 63)), min_size=1, max_size=4),
    bad=st.sampled_from([np.nan, np.inf, -np.inf]),
)
def test_few_bad_pixels_take_the_median_of_their_neighbours(spots, bad):
    image = ramp()
    for spot in spots:
        image[spot] = bad
    mended, note = as_intensities(image)
    assert note is not None
    assert note.endswith(f"neighbours: {len(set(spots))}")
    changed = ~np.isfinite(image)
    np.testing.assert_array_equal(mended[~changed], image[~changed].astype(np.float32))
    assert np.abs(mended - ramp())[changed].max() <= 6  # two rows and two columns away at most


def test_a_bad_patch_is_mended_from_its_rim():
    image = ramp(120)
    image[50:53, 50:53] = np.nan
    mended, _ = as_intensities(image)
    assert np.isfinite(mended).all()
    assert abs(mended[51, 51] - ramp(120)[51, 51]) < 1


def test_many_bad_pixels_are_refused(tmp_path):
    image = speckle("f4")
    image[:2] = np.nan
    path = write_mrc(tmp_path / "a.mrc", image)
    with pytest.raises(MicrographError, match=r"96 of 1920 pixels are not numbers"):
        read_micrograph(path)


def test_the_repair_is_noted_with_the_image(tmp_path):
    image = speckle("f4")
    image[20, 20] = np.nan
    micrograph = read_micrograph(write_mrc(tmp_path / "a.mrc", image))
    assert micrograph.metadata["repair"].endswith(": 1")


def test_numbers_beyond_float32_count_as_bad():
    image = ramp()
    image[3, 3] = 1e300
    mended, note = as_intensities(image)
    assert np.isfinite(mended).all()
    assert note is not None


def test_sixteen_bits_are_kept_exactly():
    image = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    np.testing.assert_array_equal(as_intensities(image)[0], image)


def test_the_callers_array_is_left_alone():
    image = speckle("f4")
    image[5, 5] = np.nan
    before = image.copy()
    mended, _ = as_intensities(image)
    np.testing.assert_array_equal(image, before)
    assert not np.shares_memory(mended, image)


@pytest.mark.parametrize("value", [0.0, 7.0])
def test_constant_images_are_refused(value):
    with pytest.raises(MicrographError, match="same value"):
        as_intensities(np.full((40, 40), value))
