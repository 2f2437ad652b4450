"""Particle sizes from tables of radii and diameters."""

import numpy as np
import pytest

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.workflow.retraining.draft import Draft
from heteroagg_gui.workflow.retraining.measured_radii import (
    MOST_KEPT,
    as_kind,
    fit_sizes,
    in_words,
    read_sizes,
    with_sizes,
)

RADII = np.random.default_rng(3).lognormal(np.log(9.0), 0.3, 400)
MEAN, SD = 9.0 * np.exp(0.045), 9.0 * np.exp(0.045) * np.sqrt(np.expm1(0.09))


@pytest.fixture
def write(tmp_path):
    def make(text: str):
        path = tmp_path / "sizes.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return make


LAYOUTS = {
    "one value a line": ("", "{r}", 1.0),
    "heading": ("radius\n", "{r}", 1.0),
    "heading with unit": ("Particle radius (µm)\n", "{r}", 1e-3),
    "diameter": ("id,diameter / nm,note\n", "3,{r},round", 2.0),
    "semicolons and decimal comma": ("Nr;d_nm\n", "1;{comma}", 2.0),
    "decimal comma alone": ("r\n", "{comma}", 1.0),
    "tabs": ("label\tFeret [nm]\n", "a\t{r}", 2.0),
    "comment": ("# measured in June\nr_pm\n", "{r}", 1e3),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_the_column_its_kind_and_its_unit_are_found(write, layout):
    heading, line, factor = layout
    values = [f"{radius * factor:.9g}" for radius in RADII]
    rows = [line.format(r=value, comma=value.replace(".", ",")) for value in values]
    table = read_sizes(write(heading + "\n".join(rows) + "\n"))
    assert table.stated == bool(heading)
    np.testing.assert_allclose(table.radii_nm, np.sort(RADII), rtol=1e-7)


def test_the_fit_finds_mean_and_sd_of_the_radius_itself(write):
    table = read_sizes(write("\n".join(map(str, RADII))))
    fit = fit_sizes(table)
    assert fit.count == 400
    # both within four standard errors of the truth
    assert abs(fit.mean_nm - MEAN) < 4 * fit.mean_error_nm
    assert abs(fit.sd_nm - SD) < 4 * fit.sd_error_nm
    assert 0.05 < fit.mean_error_nm < 0.25
    assert "400 radii in nm" in in_words(table)
    assert "does not say" in in_words(table)


def test_the_stated_standard_errors_are_those_of_repeated_measurements(write):
    rng = np.random.default_rng(8)
    table = read_sizes(write("\n".join(map(str, RADII))))
    fits = []
    for _ in range(300):
        values = tuple(np.sort(rng.lognormal(np.log(9.0), 0.3, 400)).tolist())
        fits.append(fit_sizes(type(table)("x", "", "radius", True, "nm", values)))
    for value, error in (("mean_nm", "mean_error_nm"), ("sd_nm", "sd_error_nm")):
        scatter = np.std([getattr(fit, value) for fit in fits])
        stated = np.mean([getattr(fit, error) for fit in fits])
        # the scatter of 300 repetitions is itself known within 4 %; three of these
        assert stated == pytest.approx(scatter, rel=0.15), value


def test_a_draft_takes_the_sizes_over(write):
    table = read_sizes(write("diameter\n" + "\n".join(map(str, 2 * RADII))))
    draft = with_sizes(Draft(), table)
    assert draft.radius_mean_nm == pytest.approx(MEAN, rel=0.05)
    assert draft.measured.count == 400
    assert draft.measured.radii_nm == tuple(sorted(draft.measured.radii_nm))
    twice = with_sizes(Draft(), as_kind(table, "radius"))
    assert twice.radius_mean_nm == pytest.approx(2 * draft.radius_mean_nm, rel=1e-3)
    many = read_sizes(write("\n".join(map(str, np.tile(RADII, 10)))))
    kept = with_sizes(Draft(), many).measured
    assert (len(kept.radii_nm), kept.count) == (MOST_KEPT, 4000)
    assert np.median(kept.radii_nm) == pytest.approx(np.median(RADII), rel=0.01)


NINE = ["5"] * 9
REFUSED = {
    "nothing": ("", "empty"),
    "words": ("hello\nworld\n", "no number"),
    "too few": ("5\n6\n7\n", "3 sizes"),
    "negative": ("\n".join([*NINE, "-3"]), "not possible"),
    "absurd": ("radius m nm\n" + "\n".join([*NINE, "1e9"]), "not possible"),
    "two columns": ("\n".join(["1,2"] * 9), "2 columns"),
    "a word among numbers": ("radius\n" + "\n".join([*NINE, "n/a"]), "'n/a'"),
    "pixels": ("radius px\n" + "\n".join(NINE), "'px'"),
    "only a heading": ("radius\n", "no values"),
    "spread too large": ("\n".join(str(10.0 ** (k % 5)) for k in range(40)), "spread"),
}


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED)
def test_nonsense_is_refused_with_a_sentence(write, text, words):
    with pytest.raises(ParameterError, match=words) as caught:
        fit_sizes(read_sizes(write(text)))
    assert str(caught.value).endswith(".")
    assert ": " in str(caught.value)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "sizes.csv"
    path.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(ParameterError, match="no text"):
        read_sizes(path)
    with pytest.raises(ParameterError, match="can't be read"):
        read_sizes(tmp_path / "gone.csv")
