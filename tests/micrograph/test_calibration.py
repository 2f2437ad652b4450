"""Nanometres per pixel are taken from units we know, and never made up."""

import math

import pytest

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.micrograph.calibration import calibrate
from heteroagg_gui.micrograph.raw_image import Scale
from heteroagg_gui.micrograph.reading import read_micrograph
from heteroagg_gui.micrograph.units import is_energy, is_reciprocal, nanometres_per
from tests.micrograph.sample_files import write_dm, write_ser


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        *[(unit, 1.0) for unit in ("nm", "NM", " nm ", "[n_m]", "nanometers", "nm\x00")],
        *[(unit, 1e3) for unit in ("um", "µm", "μm", "\\u00B5m", "micron", "microns", "[u_m]")],
        *[(unit, 0.1) for unit in ("A", "Å", "\N{ANGSTROM SIGN}", "angstrom", "Angstroms")],
        *[("pm", 1e-3), ("mm", 1e6), ("cm", 1e7), ("m", 1e9), ("meters", 1e9), ("inch", 2.54e7)],
        *[(unit, None) for unit in ("", "px", "ms", "s", "µ", "µn", "eV", "1/nm", "counts")],
    ],
)
def test_units_of_length(unit: str, expected: float | None):
    assert nanometres_per(unit) == expected


@pytest.mark.parametrize("unit", ["1/nm", "1 / nm", "nm^-1", "nm-1", "nm⁻¹", "1/m", "mrad", "rad"])
def test_units_of_diffraction(unit):
    assert is_reciprocal(unit)
    with pytest.raises(MicrographError, match="diffraction pattern"):
        calibrate(Scale(0.1, unit), Scale(0.1, unit))


def test_units_of_energy():
    assert is_energy("eV")
    assert is_energy("keV")
    assert not is_energy("nm")
    with pytest.raises(MicrographError, match="spectrum"):
        calibrate(Scale(1.0, "nm"), Scale(0.5, "eV"))


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (None, "nm", "states no pixel size"),
        (1.0, "", "states no pixel size"),
        (1.0, "pixels", "states no pixel size"),
        (0.3, "", "0.3 without a unit"),
        (1.0, "µn", "'µn' is unknown"),
        (0.0, "nm", "0 nm per pixel"),
        (-1.0, "nm", "-1 nm per pixel"),
        (math.nan, "nm", "nan nm per pixel"),
        (math.inf, "nm", "inf nm per pixel"),
        (1.5, "µm", "1.5 µm per pixel, which no micrograph has (0.001 to 1000 nm)"),
        (0.5, "pm", "0.5 pm per pixel"),
    ],
)
def test_incredible_sizes_are_none_with_a_reason(value, unit, words):
    size, note = calibrate(Scale(value, unit), Scale(value, unit))
    assert size is None
    assert note is not None
    assert words in note


def test_bounds_are_credible():
    for size in (0.001, 1000.0):
        assert calibrate(Scale(size, "nm"), Scale(size, "nm")) == (size, None)


def test_edges_in_different_units_are_compared_in_nm():
    size, note = calibrate(Scale(1.25e-3, "µm"), Scale(12.5, "Å"))
    assert size == pytest.approx(1.25)
    assert note is None


@pytest.mark.parametrize(("ratio", "square"), [(1.0099, True), (1.0101, False)])
@pytest.mark.parametrize("turned", [False, True])
def test_square_within_one_percent(ratio, square, turned):
    scales = [Scale(2.0, "nm"), Scale(2.0 * ratio, "nm")]
    if turned:
        scales.reverse()
    if square:
        assert calibrate(*scales)[0] == pytest.approx(1 + ratio)
    else:
        with pytest.raises(MicrographError, match="not square"):
            calibrate(*scales)


def test_one_axis_is_not_enough():
    size, note = calibrate(Scale(1.0, "nm"), Scale(None))
    assert (size, note) == (None, "the file states no pixel size")


def test_note_reaches_the_metadata(tmp_path):
    micrograph = read_micrograph(write_dm(tmp_path / "a.dm3", unit="µn"))
    assert micrograph.pixel_size_nm is None
    assert micrograph.field_of_view_nm is None
    assert "'µn' is unknown" in micrograph.metadata["calibration"]
    micrograph = read_micrograph(write_ser(tmp_path / "a.ser", step_m=(1.0, 1.0)))
    assert micrograph.pixel_size_nm is None
