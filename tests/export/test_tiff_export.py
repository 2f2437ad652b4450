"""Images are written so that ImageJ, tifffile and our own reader agree on nm per pixel."""

import numpy as np
import pytest
import tifffile
from hypothesis import example, given, settings
from hypothesis import strategies as st

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.export.tiff import write_tiff
from heteroagg_gui.micrograph.reading import read_micrograph


def image(dtype: str = "f4") -> np.ndarray:
    return (np.random.default_rng(1).random((36, 50)) * 200).astype(dtype)


def test_what_imagej_reads(tmp_path):
    """ImageJ divides 1 by XResolution and takes the unit from the description."""
    write_tiff(tmp_path / "a.tif", image(), 1.25, "theta = (1.8, 0.5, 3, 2), dose 149 e/Å²")
    with tifffile.TiffFile(tmp_path / "a.tif") as tiff:
        page = tiff.pages.first
        assert tiff.is_imagej
        assert tiff.imagej_metadata["unit"] == "nm"
        assert tiff.imagej_metadata["Info"] == "theta = (1.8, 0.5, 3, 2), dose 149 e/Å²"
        assert page.tags["XResolution"].value == page.tags["YResolution"].value == (4, 5)
        assert tiff.imagej_metadata["max"] == pytest.approx(float(image().max()))
        np.testing.assert_array_equal(page.asarray(), image())
        assert page.dtype == np.float32


@pytest.mark.parametrize("size", [1.25, 0.1, 2.0, 1 / 3, 0.24853801727294922, 3.270361189345877])
def test_usual_pixel_sizes_come_back_exactly(tmp_path, size):
    write_tiff(tmp_path / "a.tif", image(), size)
    assert read_micrograph(tmp_path / "a.tif").pixel_size_nm == size


@settings(max_examples=50)
@given(size=st.floats(1e-3, 1e3))
@example(size=999.9999999)
def test_any_pixel_size_comes_back_as_far_as_the_tags_reach(size, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "size.tif"
    write_tiff(path, image(), size)
    assert read_micrograph(path).pixel_size_nm == pytest.approx(size, rel=1e-9)


@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
def test_number_types_that_imagej_knows_are_kept(tmp_path, dtype):
    write_tiff(tmp_path / "a.tif", image(dtype), 2.0)
    assert tifffile.imread(tmp_path / "a.tif").dtype == np.dtype(dtype)
    np.testing.assert_array_equal(read_micrograph(tmp_path / "a.tif").pixels, image(dtype))


@pytest.mark.parametrize("dtype", ["f8", "i4", "f2"])
def test_other_number_types_become_float32(tmp_path, dtype):
    write_tiff(tmp_path / "a.tif", image(dtype), 2.0)
    assert tifffile.imread(tmp_path / "a.tif").dtype == np.float32


def test_uncalibrated_stays_uncalibrated(tmp_path):
    write_tiff(tmp_path / "a.tif", image(), None)
    assert read_micrograph(tmp_path / "a.tif").pixel_size_nm is None


@pytest.mark.parametrize("size", [0.0, -1.0, float("nan"), float("inf"), 1e-12, 1e12])
def test_impossible_sizes_are_refused(tmp_path, size):
    with pytest.raises(ParameterError, match="nm per pixel"):
        write_tiff(tmp_path / "a.tif", image(), size)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("shape", [(4,), (2, 3, 4), (0, 5)])
def test_only_images_are_written(tmp_path, shape):
    with pytest.raises(ParameterError, match="no image"):
        write_tiff(tmp_path / "a.tif", np.zeros(shape), 1.0)
