import json
from pathlib import Path

import pytest

from heteroagg_gui.workflow.session_file.opening import open_session
from tests.workflow.fakes import THETA, write_image


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    for number in range(3):
        write_image(tmp_path / "batch" / f"image_{number}.tif", seed=number)
    return tmp_path / "batch"


@pytest.fixture
def saved(run_with_network, batch: Path, tmp_path: Path) -> Path:
    write_image(batch / "bare.tif", pixel_size_nm=None)
    arguments = ("batch", "--pixel-size", "0.5", "--session", "a.heteroagg", "--json")
    assert run_with_network("predict", *arguments).code == 0
    return tmp_path / "a.heteroagg"


def test_a_prediction_is_saved_as_the_window_saves_it(saved: Path):
    state = open_session(saved)
    assert state.prediction.theta == THETA
    assert sorted(item.pixel_size_nm for item in state.items) == [0.5, 1.25, 1.25, 1.25]


def test_show_tells_all_of_a_session(run_here, saved: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir("/")
    answer = run_here("session", "show", str(saved), "--json")
    assert answer.code == 0
    assert "'fake'" in answer.sentence
    document = answer.document
    assert document["file"] == str(saved)
    assert [image["status"] for image in document["images"]] == ["ok"] * 4
    assert [image["group"] for image in document["images"]] == ["A"] * 4
    assert document["images"][0]["fractal_dimension"] == 1.8
    assert document["prediction"]["theta"] == THETA.as_dict()
    assert document["settings"]["n_shadows"] == 800
    assert document["shadows"] is None
    text = run_here("session", "show", str(saved)).out
    assert "4 images" in text
    assert "Fractal dimension D_f" in text


def test_a_file_that_is_gone_is_named_and_its_estimate_stays(run_here, saved: Path, batch: Path):
    (batch / "image_1.tif").unlink()
    answer = run_here("session", "show", str(saved), "--json")
    assert answer.code == 1
    assert "image_1.tif: The file is gone" in answer.err
    by_name = {Path(image["file"]).name: image for image in answer.document["images"]}
    assert by_name["image_1.tif"]["status"] == "refused"
    assert by_name["image_1.tif"]["fractal_dimension"] == 1.8
    assert "refused" in run_here("session", "show", str(saved)).out


def test_a_session_is_an_input_like_any_other(run_with_network, saved: Path):
    answer = run_with_network("predict", str(saved), "--json")
    assert answer.code == 0
    assert {image["pixel_size_nm"] for image in answer.document["images"]} == {0.5, 1.25}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("session", "show", "nowhere.heteroagg"), "check the path"),
        (("session", "show", "batch/image_0.tif"), "no session"),
        (("predict", "batch", "--session", "a.zip"), ".heteroagg"),
    ],
)
def test_what_makes_no_sense_ends_with_a_sentence(
    run_with_network, batch: Path, arguments: tuple[str, ...], words: str
):
    answer = run_with_network(*arguments)
    assert answer.code == 2
    assert words in answer.sentence
    answer = run_with_network(*arguments, "--json")
    assert words in json.loads(answer.out)["error"]
