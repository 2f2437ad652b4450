"""Classical estimates from images, end to end."""

import json
from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.core.errors import MicrographError, ResourceError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.learning.baselines.calibration import (
    calibrate,
    fit_power_law,
    load_calibration,
    save_calibration,
)
from heteroagg_gui.learning.baselines.estimates import (
    box_counting,
    estimate_micrographs,
    scaling_law,
    thresholding,
)
from heteroagg_gui.learning.baselines.silhouettes import Silhouettes, measure, measure_data
from heteroagg_gui.learning.dataset.reading import DataSet


@pytest.fixture(scope="module")
def measured(data: DataSet) -> Silhouettes:
    return measure_data(data, data.evaluation)


def micrograph(data: DataSet, index: int) -> Micrograph:
    pixels = data.intensities([index])[0]
    return Micrograph(pixels, data.plan.frame.pixel_size_nm, f"image {index}")


def test_the_power_law_of_equation_21_is_fitted():
    boxes = np.linspace(1.4, 1.8, 50)
    law = fit_power_law(boxes, 0.74 * boxes**2.19)
    assert (law.a, law.b) == pytest.approx((0.74, 2.19), rel=1e-6)
    np.testing.assert_allclose(law.corrected(boxes), 0.74 * boxes**2.19, rtol=1e-6)


def test_the_shipped_constants_hold_on_images_they_were_not_fitted_on(
    data: DataSet, measured: Silhouettes
):
    constants = load_calibration()
    truth = {key: values[data.evaluation] for key, values in data.descriptors.items()}
    assert constants.images >= 1000
    dimension, particles = scaling_law(measured, constants)
    assert np.abs(dimension - truth["fractal_dimension"]).mean() < 0.12
    assert np.abs(particles - truth["n_particles"]).mean() < 8.0
    boxes = box_counting(measured, constants)
    assert np.abs(boxes - truth["fractal_dimension"]).mean() < 0.25
    ratio = thresholding(measured, constants)
    assert np.abs(ratio - truth["mixing_ratio"]).mean() < 0.13


def test_a_whole_frame_is_measured_like_its_cut_out(data: DataSet, measured: Silhouettes):
    for place in range(0, len(measured), 9):
        whole = measure(micrograph(data, int(data.evaluation[place])), absolute=True)
        assert whole.area_nm2[0] == pytest.approx(measured.area_nm2[place], rel=0.03)
        assert whole.gyration_nm[0] == pytest.approx(measured.gyration_nm[place], rel=0.02)
        assert whole.box_dimension[0] == pytest.approx(measured.box_dimension[place], abs=0.02)


def test_gain_and_offset_do_not_matter_to_a_users_micrograph(data: DataSet):
    plain = [micrograph(data, int(i)) for i in data.evaluation[:5]]
    other = [Micrograph(m.pixels * 3000 + 400, m.pixel_size_nm, m.name) for m in plain]
    first, second = estimate_micrographs(plain), estimate_micrographs(other)
    for key, values in first.items():
        np.testing.assert_allclose(values, second[key], rtol=0.02, err_msg=key)
    assert first["theta_fractal_dimension_box_counting"] == pytest.approx(
        first["fractal_dimension_box_counting"].mean()
    )


def test_known_intensities_make_the_mixing_ratio_more_accurate(data: DataSet):
    images = [micrograph(data, int(i)) for i in data.evaluation]
    truth = data.descriptors["mixing_ratio"][data.evaluation]
    known, unknown = (
        np.abs(estimate_micrographs(images, absolute=a)["mixing_ratio"] - truth).mean()
        for a in (True, False)
    )
    assert known < unknown


def test_a_calibration_is_kept_as_json(data: DataSet, measured: Silhouettes, tmp_path: Path):
    truth = {key: values[data.evaluation] for key, values in data.descriptors.items()}
    fitted = calibrate(measured, truth)
    save_calibration(fitted, tmp_path / "own.json")
    assert load_calibration(tmp_path / "own.json") == fitted
    assert json.loads((tmp_path / "own.json").read_text())["images"] == len(data.evaluation)
    dimension, _ = scaling_law(measured, fitted)
    assert np.abs(dimension - truth["fractal_dimension"]).mean() < 0.09


@pytest.mark.parametrize("text", ["", "{}", '{"format": 9}', "[1]"])
def test_a_damaged_calibration_is_refused(tmp_path: Path, text: str):
    (tmp_path / "own.json").write_text(text)
    with pytest.raises(ResourceError, match=r"own\.json.*make it again"):
        load_calibration(tmp_path / "own.json")


def test_no_image_and_no_pixel_size_are_said():
    with pytest.raises(MicrographError, match="no image"):
        estimate_micrographs([])
    with pytest.raises(MicrographError, match="pixel size"):
        estimate_micrographs([Micrograph(np.zeros((64, 64), np.float32), None, "x")])


def test_an_empty_image_is_refused():
    flat = Micrograph(np.zeros((200, 200), np.float32), 1.0, "flat")
    with pytest.raises(MicrographError, match="stands out"):
        estimate_micrographs([flat])
