"""What a draft's reference curves reach to, and how long missing ones take."""

from dataclasses import replace

from heteroagg_gui.workflow.retraining.curves import curve_time, curves_to_compute, short_curves
from heteroagg_gui.workflow.retraining.draft import Draft


def test_bundled_curves_reach_as_far_as_the_usual_particles() -> None:
    assert short_curves(Draft()) == ""


def test_curves_that_end_below_the_thickest_particles_are_named() -> None:
    words = short_curves(Draft(radius_mean_nm=30.0, radius_sd_nm=3.0))
    assert "up to 89 nm thick" in words
    assert "rutile" in words
    assert "end at 62 nm" in words


def test_curves_that_will_be_computed_are_not_called_short() -> None:
    draft = Draft(radius_mean_nm=30.0, radius_sd_nm=3.0, voltage_kv=200.0)
    assert curves_to_compute(draft)
    assert short_curves(draft) == ""


def test_senseless_sizes_have_the_time_of_usual_ones() -> None:
    other_beam = Draft(voltage_kv=200.0)
    usual = curve_time(other_beam)
    assert usual.thickness_nm == 60.0
    assert usual.all_s == len(curves_to_compute(other_beam)) * usual.each_s > 0.0
    assert curve_time(replace(other_beam, radius_mean_nm=-1.0)) == usual
    assert curve_time(replace(other_beam, radius_mean_nm=5.0, radius_sd_nm=0.5)).all_s < usual.all_s
