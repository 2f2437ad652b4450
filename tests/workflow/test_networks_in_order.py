"""Renaming, deleting, restoring and choosing networks."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.workflow import predictors
from heteroagg_gui.workflow.chosen_network import chosen_network
from heteroagg_gui.workflow.model_store import (
    delete_model,
    deleted_models,
    forget_old,
    free_name,
    networks_at_hand,
    rename_model,
    restore_model,
    set_default_model,
)
from heteroagg_gui.workflow.places import (
    data_folder,
    deleted_models_folder,
    user_models_folder,
)
from heteroagg_gui.workflow.preferences import Preferences, load_preferences, save_preferences


def make_model(folder: Path, **entries: object) -> Path:
    """Write a card beside weights that nobody loads here."""
    folder.mkdir(parents=True)
    card = {"format": 1, "kind": "compact-set", "title": "A network", **entries}
    (folder / "card.json").write_text(json.dumps(card))
    (folder / "weights.safetensors").write_bytes(b"weights")
    return folder


@pytest.fixture(autouse=True)
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bundled"
    make_model(folder / "beta")
    monkeypatch.setattr(predictors, "models_folder", lambda: folder)
    return folder


@pytest.fixture
def mine() -> Path:
    return make_model(user_models_folder() / "mine")


def names() -> list[str]:
    return [card.name for card in networks_at_hand().cards]


def test_a_network_gets_another_name_and_title(mine: Path):
    folder = rename_model("mine", "ceria", "For ceria")
    assert folder == user_models_folder() / "ceria"
    (card,) = [card for card in networks_at_hand().cards if card.name == "ceria"]
    assert card.title == "For ceria"
    assert not mine.exists()
    rename_model("ceria", title="Still for ceria")
    rename_model("ceria", "Ceria")
    assert names() == ["Ceria", "beta"]


def test_the_choices_of_the_user_follow_a_new_name(mine: Path):
    save_preferences(Preferences(model="mine", n_shadows=7))
    set_default_model("mine")
    assert load_preferences().model == ""
    save_preferences(Preferences(model="mine", n_shadows=7))
    rename_model("mine", "ceria")
    assert networks_at_hand().default == "ceria"
    assert load_preferences() == Preferences(model="ceria", n_shadows=7)


@pytest.mark.parametrize("name", ["beta", "BETA", "other", "a/b", "..", "x" * 65])
def test_a_name_that_is_taken_or_none_is_refused(mine: Path, name: str):
    make_model(user_models_folder() / "other")
    with pytest.raises(ModelError):
        rename_model("mine", name)
    assert names() == ["beta", "mine", "other"]


@pytest.mark.parametrize("title", ["two\nlines", "x" * 301])
def test_a_title_is_one_line(mine: Path, title: str):
    with pytest.raises(ModelError, match="title"):
        rename_model("mine", title=title)


def test_bundled_networks_stay(bundled: Path):
    with pytest.raises(ModelError, match="can't be renamed"):
        rename_model("beta", "x")
    with pytest.raises(ModelError, match="can't be deleted"):
        delete_model("beta")
    assert (bundled / "beta" / "card.json").is_file()


@pytest.mark.parametrize("name", ["gone", "", "../bundled/beta", "."])
def test_a_network_that_is_not_there_is_said(mine: Path, name: str):
    with pytest.raises(ModelError, match=r"no network.*mine"):
        delete_model(name)
    assert names() == ["beta", "mine"]


def test_an_own_network_hides_a_bundled_one_and_can_go(bundled: Path):
    make_model(user_models_folder() / "beta", title="own")
    delete_model("beta")
    (card,) = networks_at_hand().cards
    assert card.folder == bundled / "beta"


def test_deleting_is_taken_back(mine: Path):
    set_default_model("mine")
    deleted = delete_model("mine")
    shelf = networks_at_hand()
    assert (shelf.default, [card.name for card in shelf.cards]) == ("beta", ["beta"])
    assert shelf.deleted == (deleted,)
    assert restore_model(deleted.key) == mine
    assert (mine / "weights.safetensors").read_bytes() == b"weights"
    assert networks_at_hand().default == "mine"
    assert deleted_models() == []


def test_the_latest_of_a_name_is_restored(mine: Path):
    delete_model("mine")
    make_model(mine, title="second")
    delete_model("mine")
    make_model(user_models_folder() / "later")
    delete_model("later")
    assert json.loads((restore_model("mine") / "card.json").read_text())["title"] == "second"
    assert restore_model().name == "later"
    with pytest.raises(ModelError, match="installed already"):
        restore_model("mine")
    assert restore_model("mine", name="mine-1").name == "mine-1"
    with pytest.raises(ModelError, match="none was deleted"):
        restore_model()


def test_what_was_deleted_long_ago_is_removed(mine: Path):
    deleted = delete_model("mine")
    (deleted_models_folder() / "notes").mkdir()
    forget_old(datetime.now(UTC) + timedelta(days=29))
    assert deleted_models() == [deleted]
    forget_old(datetime.now(UTC) + timedelta(days=31))
    assert deleted_models() == []
    assert [path.name for path in deleted_models_folder().iterdir()] == ["notes"]


def test_what_a_crash_left_of_an_installation_is_removed_later(mine: Path):
    fresh, old = data_folder() / ".install-a", data_folder() / ".install-b"
    for folder in (fresh, old):
        folder.mkdir()
    day_before_yesterday = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    os.utime(old, (day_before_yesterday,) * 2)
    forget_old()
    assert fresh.is_dir()
    assert not old.exists()
    assert mine.is_dir()


def test_a_default_can_be_bundled_own_or_left_to_the_program(mine: Path, bundled: Path):
    make_model(bundled / "gamma", default=True)
    assert networks_at_hand().default == "gamma"
    for name in ("beta", "mine"):
        set_default_model(name)
        assert networks_at_hand().default == name
        assert predictors.find_model().name == name
    set_default_model("")
    assert networks_at_hand().default == "gamma"
    with pytest.raises(ModelError, match="no network 'x'"):
        set_default_model("x")
    assert chosen_network() == ""


def test_a_free_name_is_found(mine: Path):
    make_model(user_models_folder() / "mine-2")
    assert [free_name(name) for name in ("new", "Mine", "beta")] == ["new", "Mine-3", "beta-2"]
    make_model(user_models_folder() / ("y" * 64))
    assert free_name("y" * 64) == "y" * 62 + "-2"
