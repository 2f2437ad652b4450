import json
from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.export.particles import read_particles_csv
from heteroagg_gui.micrograph.reading import read_micrograph
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.simulation import image_generator

VALUES = {
    "theta": (1.8, 0.5, 3, 2),
    "count": 3,
    "seed": 5,
    "pixels": 96,
    "pixel_size_nm": 4.0,
    "size_range": (5, 9),
}


def test_simulated_images_join_the_batch():
    state = perform(Session(), "simulate", {**VALUES, "group": "S"})
    assert [item.name for item in state.items] == [f"image_00{k}.tif" for k in range(3)]
    assert all(item.usable and item.path is None for item in state.items)
    assert state.groups == ("S",)
    assert state.selected_item is state.items[0]
    assert state.items[0].micrograph.pixels.shape == (96, 96)
    assert state.items[0].micrograph.pixel_size_nm == 4.0


@pytest.mark.parametrize("jobs", [2, 3])
def test_images_do_not_depend_on_the_number_of_threads(jobs: int):
    one = perform(Session(), "simulate", VALUES)
    many = perform(Session(), "simulate", {**VALUES, "jobs": jobs})
    for ours, theirs in zip(one.items, many.items, strict=True):
        np.testing.assert_array_equal(ours.micrograph.pixels, theirs.micrograph.pixels)


def test_the_seed_decides():
    one = perform(Session(), "simulate", VALUES)
    other = perform(Session(), "simulate", {**VALUES, "seed": 6})
    assert not np.array_equal(one.items[0].micrograph.pixels, other.items[0].micrograph.pixels)


def test_image_and_aggregate_have_separate_randomness():
    from heteroagg_gui.aggregation.sampler import aggregate_generator

    streams = [image_generator(1, 0), image_generator(1, 1), aggregate_generator(1, 0)]
    assert len({rng.random() for rng in streams}) == 3


def test_images_particles_and_truth_are_written(tmp_path: Path):
    session = Session()
    before = session.state
    values = {**VALUES, "folder": tmp_path / "out", "add": False}
    assert perform(session, "simulate", values) is before
    shown = perform(Session(), "simulate", VALUES)
    truth = json.loads((tmp_path / "out" / "truth.json").read_text(encoding="utf-8"))
    assert truth["theta"]["theta_0"] == 3
    assert truth["seed"] == 5
    assert truth["microscope"]["dose_e_per_a2"] == 149.0
    for item, entry in zip(shown.items, truth["images"], strict=True):
        image = read_micrograph(tmp_path / "out" / entry["file"])
        assert image.pixel_size_nm == pytest.approx(4.0)
        np.testing.assert_array_equal(image.pixels, item.micrograph.pixels)
        (aggregate,) = read_particles_csv(tmp_path / "out" / entry["particles"])
        assert len(aggregate) == entry["descriptors"]["n_particles"]


def test_an_aggregate_that_does_not_fit_is_marked(tmp_path: Path):
    values = {**VALUES, "folder": tmp_path, "pixels": 32, "pixel_size_nm": 1.0, "add": False}
    perform(Session(), "simulate", values)
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert all(image["reaches_beyond_frame"] for image in truth["images"])


def test_images_with_imperfections_are_written_as_their_detector_gives_them(tmp_path: Path):
    import tifffile

    detector = {"detector_gain_counts": 3000.0, "detector_offset_counts": 20.0}
    film = {"support_intensity": 0.005, "row_jitter_nm": 1.0, "neighbours": 1}
    for bits, kind in ((8, "uint8"), (16, "uint16"), (0, "float32")):
        folder = tmp_path / kind
        values = {**VALUES, **detector, **film, "quantisation_bits": bits, "folder": folder}
        state = perform(Session(), "simulate", values)
        for item in state.items:
            stored = tifffile.imread(folder / item.name)
            assert stored.dtype == kind
            np.testing.assert_array_equal(stored, item.micrograph.pixels)
            assert np.median(stored) > 20.0
        truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        assert truth["imperfections"]["quantisation_bits"] == bits
        assert truth["imperfections"]["support_intensity"] == 0.005


def test_neighbours_do_not_depend_on_the_number_of_threads():
    values = {**VALUES, "pixels": 128, "neighbours": 2, "drift_x_nm": 6.0}
    one = perform(Session(), "simulate", values)
    many = perform(Session(), "simulate", {**values, "jobs": 3})
    alone = perform(Session(), "simulate", {**values, "neighbours": 0})
    for ours, theirs, without in zip(one.items, many.items, alone.items, strict=True):
        np.testing.assert_array_equal(ours.micrograph.pixels, theirs.micrograph.pixels)
        edges = ours.micrograph.pixels - without.micrograph.pixels
        assert max(abs(edges[k]).max() for k in (0, -1)) + abs(edges[:, [0, -1]]).max() > 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"voltage_kv": 200.0},
        {"quantisation_bits": 8},
        {"quantisation_bits": 12, "detector_gain_counts": 100.0},
        {"flyback_nm": 90.0},
        {"detector_outer_mrad": 900.0},
        {"detector_inner_mrad": 260.0},
        {"system": "gold-silver"},
    ],
)
def test_what_there_are_no_curves_for_is_refused(wrong: dict):
    from heteroagg_gui.core.errors import HeteroaggError

    with pytest.raises(HeteroaggError):
        perform(Session(), "simulate", {**VALUES, **wrong})


def test_theta_is_needed():
    with pytest.raises(ParameterError, match="theta is missing"):
        perform(Session(), "simulate", {"count": 1})
