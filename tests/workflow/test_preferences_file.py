import json
from dataclasses import replace
from pathlib import Path

import pytest

from heteroagg_gui.workflow import places
from heteroagg_gui.workflow.preferences import Preferences, load_preferences, save_preferences
from heteroagg_gui.workflow.state import Settings


def test_preferences_survive_a_restart():
    preferences = replace(Preferences(), theme="dark", size_range=(9, 657), radius_mean_nm=6.5)
    save_preferences(preferences)
    assert load_preferences() == preferences


def test_a_first_start_has_the_defaults_and_writes_nothing():
    assert load_preferences() == Preferences()
    assert not places.preferences_path().exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe\x00", b'"text"'])
def test_a_broken_file_is_put_aside_and_does_not_stop_the_start(content: bytes):
    path = places.preferences_path()
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert load_preferences() == Preferences()
    assert not path.exists()
    assert path.with_suffix(".broken.json").read_bytes() == content


@pytest.mark.parametrize(
    "wrong",
    [
        {"theme": "purple"},
        {"theme": 3},
        {"device": "toaster"},
        {"predict_on_open": "yes"},
        {"n_shadows": 0},
        {"n_shadows": True},
        {"size_range": [80, 20]},
        {"size_range": [1, 2, 3]},
        {"size_range": "all"},
        {"radius_mean_nm": "thick"},
        {"radius_sd_nm": -1},
    ],
)
def test_a_single_senseless_value_costs_only_itself(wrong: dict):
    path = places.preferences_path()
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"version": 1, "last_folder": "/data", **wrong}))
    assert load_preferences() == replace(Preferences(), last_folder="/data")


def test_a_file_of_a_later_version_is_read_as_far_as_it_is_understood():
    path = places.preferences_path()
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"version": 99, "theme": "dark", "antigravity": True}))
    assert load_preferences().theme == "dark"
    assert path.exists()


def test_an_unreadable_place_does_not_stop_the_start(tmp_path: Path):
    (tmp_path / "folder.json").mkdir()
    assert load_preferences(tmp_path / "folder.json") == Preferences()


def test_the_file_says_its_version():
    save_preferences(Preferences())
    assert json.loads(places.preferences_path().read_text())["version"] == 1


def test_a_session_starts_with_them():
    settings = replace(Preferences(), model="mine", n_shadows=10, device="cpu").settings()
    assert settings == Settings(model="mine", n_shadows=10, device="cpu")


def test_all_places_follow_the_portable_home(home: Path):
    for place in (
        places.config_folder,
        places.data_folder,
        places.cache_folder,
        places.log_folder,
        places.user_models_folder,
        places.preferences_path,
    ):
        assert home in place().parents


def test_without_it_they_are_the_users_own(home: Path, monkeypatch):
    monkeypatch.delenv("HETEROAGG_HOME")
    assert home not in places.config_folder().parents
    assert "heteroagg" in str(places.config_folder())
