import json
import os
from pathlib import Path

import pytest

from tests.workflow.fakes import DRAWS, write_image

KEYS = [
    *("model", "images", "theta", "interval_90", "probabilities", "inside_training_range"),
    *("warnings", "system", "draws"),
]
IMAGE_KEYS = {
    *("file", "status", "pixel_size_nm", "fractal_dimension", "mixing_ratio", "reason"),
    *("n_particles", "inside_training_range"),
}


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    for number in range(3):
        write_image(tmp_path / "batch" / f"image_{number}.tif", seed=number)
    return tmp_path / "batch"


def test_the_document_is_the_promised_one(run_process_with_network, batch: Path):
    answer = run_process_with_network("predict", "batch", "--json")
    assert answer.code == 0
    document = answer.document
    assert list(document) == KEYS
    assert all(set(image) == IMAGE_KEYS for image in document["images"])
    assert [image["status"] for image in document["images"]] == ["ok"] * 3
    assert [Path(image["file"]) for image in document["images"]] == [
        Path("batch") / f"image_{k}.tif" for k in range(3)
    ]
    assert document["images"][0]["pixel_size_nm"] == pytest.approx(1.25)
    assert document["theta"] == {
        "fractal_dimension": 1.8,
        "mixing_ratio": 0.4,
        "theta_0": 3,
        "theta_1": 2,
    }
    assert len(document["draws"]) == len(DRAWS)


def test_people_get_a_table_and_the_warnings(run_with_network, batch: Path):
    answer = run_with_network("predict", "batch")
    assert answer.code == 0
    assert "Fractal dimension D_f" in answer.out
    assert "image_2.tif" in answer.out
    assert answer.sentence == "Two images are alike."


def test_refused_files_are_named_and_the_rest_goes_on(run_process_with_network, batch: Path):
    (batch / "note.txt").write_text("no image")
    write_image(batch / "bare.tif", pixel_size_nm=None)
    arguments = ("batch/note.txt", "missing.tif", "batch")
    answer = run_process_with_network("predict", *arguments, "--json", unfit="image_1.tif")
    assert answer.code == 1
    statuses = {Path(i["file"]).name: i["status"] for i in answer.document["images"]}
    assert statuses == {
        "note.txt": "refused",
        "missing.tif": "refused",
        "bare.tif": "refused",
        "image_0.tif": "ok",
        "image_1.tif": "refused",
        "image_2.tif": "ok",
    }
    for name, status in statuses.items():
        assert (name in answer.err) == (status == "refused")
    assert all(i["reason"] for i in answer.document["images"] if i["status"] == "refused")
    assert "--pixel-size" in answer.err


def test_a_pixel_size_helps_the_files_that_state_none(run_with_network, batch: Path):
    write_image(batch / "bare.tif", pixel_size_nm=None)
    answer = run_with_network("predict", "batch", "--pixel-size", "0.8", "--json")
    assert answer.code == 0
    sizes = {Path(i["file"]).name: i["pixel_size_nm"] for i in answer.document["images"]}
    assert sizes["bare.tif"] == 0.8
    assert sizes["image_0.tif"] == pytest.approx(1.25)
    override = ("--pixel-size", "0.8", "--override-pixel-size")
    answer = run_with_network("predict", "batch", *override, "--json")
    assert {image["pixel_size_nm"] for image in answer.document["images"]} == {0.8}


@pytest.mark.parametrize("arguments", [["missing.tif"], ["empty"], ["a.txt", "missing.tif"]])
def test_when_nothing_can_be_used_one_sentence_says_why(
    run_here, tmp_path: Path, arguments: list[str]
):
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.txt").write_text("no image")
    answer = run_here("predict", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert arguments[0] in answer.sentence
    answer = run_here("predict", *arguments, "--json")
    assert answer.code == 2
    assert answer.document["error"] == answer.sentence
    assert [image["status"] for image in answer.document["images"]] == ["refused"] * len(arguments)


def test_when_the_network_can_take_none_one_sentence_says_why(run_with_network, batch: Path):
    unfit = "image_0.tif,image_1.tif,image_2.tif"
    answer = run_with_network("predict", "batch", unfit=unfit)
    assert answer.code == 2
    assert "stands out" in answer.sentence


def test_an_unknown_network_is_named(run_here, batch: Path):
    answer = run_here("predict", "batch", "--model", "crystal-ball")
    assert answer.code == 2
    assert "crystal-ball" in answer.sentence


@pytest.mark.parametrize("size", ["0", "-3", "wide"])
def test_an_impossible_pixel_size_is_refused(run_with_network, batch: Path, size: str):
    answer = run_with_network("predict", "batch", f"--pixel-size={size}")
    assert answer.code == 2
    assert "Pixel size" in answer.sentence


def test_shadows_follow_from_the_document(run_with_network, run_here, batch: Path, tmp_path: Path):
    (tmp_path / "p.json").write_text(run_with_network("predict", "batch", "--json").out)
    answer = run_here("shadows", "--prediction", "p.json", "--count", "4", "--out", "a", "--json")
    assert answer.document["theta"]["theta_0"] == 3
    spread = ("--prediction", "p.json", "--from-distribution")
    answer = run_here("shadows", *spread, "--count", "4", "--out", "b", "--json")
    assert answer.code == 0
    assert answer.document["theta"] is None
    assert (tmp_path / "a" / "particles.csv").read_bytes() != (
        tmp_path / "b" / "particles.csv"
    ).read_bytes()


def test_a_point_estimate_has_no_distribution_to_draw_from(run_here, tmp_path: Path):
    theta = {"fractal_dimension": 1.8, "mixing_ratio": 0.5, "theta_0": 1, "theta_1": 1}
    (tmp_path / "p.json").write_text(json.dumps({"model": "paper", "theta": theta}))
    spread = ("--prediction", "p.json", "--from-distribution", "--out", "out")
    answer = run_here("shadows", *spread)
    assert answer.code == 2
    assert "point estimate" in answer.sentence


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_name_that_is_no_text_can_be_printed(run_process_with_network, tmp_path: Path):
    write_image(tmp_path / "good.tif").rename(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.tif"))
    answer = run_process_with_network("predict", ".", "--json")
    assert answer.code == 0
    assert answer.document["images"][0]["file"].endswith(".tif")
    assert run_process_with_network("predict", ".").code == 0
