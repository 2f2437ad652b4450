"""Reference curves as the renderer uses them."""

import numpy as np
import pytest

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.stem.curves import LONGEST_PATH_NM, STEP_NM, extend, load_curves
from heteroagg_gui.stem.microscope import Microscope


def test_beyond_the_table_the_attenuation_goes_on() -> None:
    thickness = np.linspace(0, 60, 61)
    grid = np.arange(0.0, LONGEST_PATH_NM + STEP_NM, STEP_NM)
    law = -np.expm1(-2e-3 * thickness)
    np.testing.assert_allclose(extend(thickness, law), -np.expm1(-2e-3 * grid), atol=2e-7 + 1e-6)


def test_extended_curves_rise_and_stay_below_one() -> None:
    curves = load_curves()
    assert (np.diff(curves.intensity, axis=1) > 0).all()
    assert curves.intensity[:, 0] == pytest.approx(0.0)
    assert (curves.intensity[:, -1] < 1).all()


def test_wo3_is_brighter_than_tio2_by_the_measured_contrast() -> None:
    curves = load_curves()
    at_20_nm = curves.intensity[:, round(20 / STEP_NM)]
    (w_start, _), (_, w_stop) = curves.phases[0]
    (t_start, _), (_, t_stop) = curves.phases[1]
    contrast = at_20_nm[w_start:w_stop].mean() / at_20_nm[t_start:t_stop].mean()
    assert 2.5 < contrast < 5.0


def test_particles_choose_phase_then_orientation_uniformly() -> None:
    curves = load_curves()
    labels = np.repeat(np.array([0, 1], dtype=np.uint8), 40_000)
    chosen = curves.choose(labels, np.random.default_rng(0))
    for label, phases in enumerate(curves.phases):
        counts = np.bincount(chosen[labels == label], minlength=len(curves.names))
        assert counts.sum() == counts[phases[0][0] : phases[-1][1]].sum()
        for start, stop in phases:
            expected = 40_000 / len(phases) / (stop - start)
            assert np.abs(counts[start:stop] - expected).max() < 6 * np.sqrt(expected)


def test_a_narrower_ring_collects_less() -> None:
    wide = load_curves(microscope=Microscope()).intensity
    narrow = load_curves(microscope=Microscope(detector_inner_mrad=100.0)).intensity
    assert (narrow[:, 40] < wide[:, 40]).all()


@pytest.mark.parametrize("change", [{"voltage_kv": 200.0}, {"semi_angle_mrad": 30.0}])
def test_curves_are_not_used_for_another_microscope(change: dict[str, float]) -> None:
    with pytest.raises(ParameterError, match="heteroagg reference"):
        load_curves(microscope=Microscope(**change))
