"""The preview is what the action would make, and the command line repeats it."""

import shlex
from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.cli.command_line import main
from heteroagg_gui.core.errors import HeteroaggError, ParameterError
from heteroagg_gui.micrograph.reading import read_micrograph
from heteroagg_gui.workflow.preview import PreviewMaker, with_beam
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.simulate_command import simulate_command

VALUES = {
    "theta": (1.8, 0.5, 3, 2),
    "seed": 5,
    "pixels": 96,
    "pixel_size_nm": 4.0,
    "size_range": (8, 9),
}
REAL = {
    "row_jitter_nm": 0.5,
    "drift_x_nm": -3.25,
    "support_intensity": 0.00004,
    "neighbours": 1,
    "detector_gain_counts": 65535.0,
    "quantisation_bits": 16,
}


@pytest.mark.parametrize("more", [{}, REAL], ids=["clean", "real"])
def test_it_is_the_first_image_of_the_action(more: dict):
    preview = PreviewMaker().make({**VALUES, **more})
    (item, _) = perform(Session(), "simulate", {**VALUES, **more, "count": 2}).items
    np.testing.assert_array_equal(preview.micrograph.pixels, item.micrograph.pixels)


def test_the_aggregate_stays_while_only_the_microscope_changes():
    maker = PreviewMaker()
    first = maker.make(VALUES)
    sharp = maker.make({**VALUES, "dose_e_per_a2": 5.0, "detector_inner_mrad": 80.0})
    assert sharp.aggregate is first.aggregate
    assert not np.array_equal(sharp.micrograph.pixels, first.micrograph.pixels)
    assert maker.make({**VALUES, "seed": 6}).aggregate is not first.aggregate
    np.testing.assert_array_equal(maker.make(VALUES).micrograph.pixels, first.micrograph.pixels)


def test_it_says_what_does_not_fit():
    assert PreviewMaker().make({**VALUES, "pixels": 16, "pixel_size_nm": 1.0}).cut_off
    assert not PreviewMaker().make({**VALUES, "pixels": 512}).cut_off


@pytest.mark.parametrize(
    "wrong", [{"detector_inner_mrad": 260.0}, {"radius_sd_nm": 99.0}, {"quantisation_bits": 8}]
)
def test_nonsense_is_refused_and_the_next_preview_works(wrong: dict):
    maker = PreviewMaker()
    with pytest.raises(ParameterError):
        maker.make({**VALUES, **wrong})
    assert maker.make(VALUES).micrograph.pixels.any()


def test_the_beam_is_that_of_the_curves_unless_it_is_given():
    assert with_beam({})["voltage_kv"] == 300.0
    assert with_beam({"voltage_kv": 200.0})["voltage_kv"] == 200.0
    with pytest.raises(HeteroaggError):
        with_beam({"system": "gold-silver"})


@pytest.mark.parametrize("more", [{}, REAL], ids=["clean", "real"])
def test_the_command_makes_the_same_image(more: dict, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    line = simulate_command({**VALUES, **more, "count": 1}, "my images")
    program, *words = shlex.split(line)
    assert program == "heteroagg"
    assert main(words) == 0
    image = read_micrograph(tmp_path / "my images" / "image_000.tif")
    preview = PreviewMaker().make({**VALUES, **more})
    np.testing.assert_array_equal(image.pixels, preview.micrograph.pixels)


def test_the_command_names_only_what_is_not_usual():
    line = simulate_command({"theta": (1.8, 0.5, 3, 2), "dose_e_per_a2": 20.5}, "out")
    assert line == (
        "heteroagg simulate --theta 1.8 0.5 3 2 --out out --count 12 --seed 0 --dose 20.5"
    )
