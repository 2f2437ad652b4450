"""Curves and samples of a training, read while they are written."""

import json

import numpy as np
import pytest
from PIL import Image

from heteroagg_gui.workflow.trainings.details import read_picture
from heteroagg_gui.workflow.trainings.events import EventLog
from heteroagg_gui.workflow.trainings.status import read_status


def row(update: int, **errors: float) -> str:
    event = {"kind": "row", "update": update, "images": 16 * update, "loss": 1.0, "errors": errors}
    return json.dumps(event) + "\n"


def test_growing_file_is_read_once_and_a_torn_line_waits_for_its_end(tmp_path):
    path = tmp_path / "events.jsonl"
    log = EventLog(path)
    assert not log.read()
    path.write_text(row(1, n_particles=4.0) + row(2)[:20])
    assert log.read()
    assert not log.read()
    with path.open("a") as file:
        file.write(row(2)[20:] + '{"kind": "row", "upd\n' + "[1]\n\xff\n" + row(3, z=0.5))
    assert log.read()
    curves = log.curves()
    assert curves.images.tolist() == [16, 32, 48]
    np.testing.assert_array_equal(curves.errors["n_particles"], [4.0, np.nan, np.nan])
    np.testing.assert_array_equal(curves.errors["z"], [np.nan, np.nan, 0.5])


def test_repeated_rows_after_a_resumption_take_the_place_of_the_old_ones(tmp_path):
    path = tmp_path / "events.jsonl"
    resumed = json.dumps({"kind": "resumed", "update": 1}) + "\n"
    path.write_text(row(1) + row(2) + row(3) + resumed + row(2) + row(4))
    log = EventLog(path)
    log.read()
    assert [r.update for r in log.rows] == [1, 2, 4]
    path.write_text(row(1))
    log.read()
    assert [r.update for r in log.rows] == [1]


def test_long_curves_are_thinned_and_end_with_the_newest_row(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_text("".join(row(k) for k in range(1, 11)))
    log = EventLog(path)
    log.read()
    assert log.curves(most=4).images.tolist() == [16, 64, 112, 160]
    assert log.curves(most=10).images.tolist() == [16 * k for k in range(1, 11)]


def test_newest_answer_for_each_image_is_shown(tmp_path):
    path = tmp_path / "events.jsonl"
    events = [
        {
            "kind": "sample",
            "update": update,
            "image": f"work/samples/{update:06d}-{image}.png",
            "truth": {"n_particles": 40},
            "predicted": {"n_particles": 50 - update},
        }
        for update in (1, 2)
        for image in (0, 1)
    ]
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
    log = EventLog(path)
    log.read()
    shown = log.latest_samples()
    assert [s.image[-8:] for s in shown] == ["02-0.png", "02-1.png"]
    assert shown[0].predicted == {"n_particles": 48.0}


@pytest.mark.parametrize("name", ["a.png", "a.npy"])
def test_picture_of_a_sample(tmp_path, name):
    pixels = np.arange(16, dtype=np.uint8).reshape(4, 4)
    if name.endswith("npy"):
        np.save(tmp_path / name, pixels)
    else:
        Image.fromarray(pixels).save(tmp_path / name)
    np.testing.assert_array_equal(read_picture(tmp_path, name), pixels)
    (tmp_path / name).write_bytes(b"\x89PNG and nothing")
    assert read_picture(tmp_path, name) is None
    assert read_picture(tmp_path / "folder", f"../{name}") is None
    assert read_picture(tmp_path, "") is None


def test_odd_status_is_bent_to_what_can_be_shown(tmp_path):
    path = tmp_path / "status.json"
    path.write_text(
        '{"state": "running", "fraction": 7, "seconds_left": NaN, "stages": [{"done": -1}, 3],'
        '"warnings": "no list", "error": [], "memory_mb": true, "images": 1e400}'
    )
    status = read_status(path)
    assert (status.fraction, status.seconds_left, status.warnings) == (1.0, None, ())
    assert (status.problem, status.memory_mb, status.images) == (None, None, 0)
    assert [stage.done for stage in status.stages] == [0.0]
    path.write_text('{"state": "dancing"}')
    assert read_status(path) is None
