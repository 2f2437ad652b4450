"""The networks at hand on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from heteroagg_gui.workflow import predictors
from tests.cli.conftest import Run
from tests.small_networks import small_network


@pytest.fixture(autouse=True)
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bundled"
    small_network(folder / "beta", title="Came along")
    monkeypatch.setattr(predictors, "models_folder", lambda: folder)
    return folder


@pytest.fixture
def installed(run_here: Run, tmp_path: Path) -> Run:
    """Return what runs a command where a network of the user's own is installed."""
    card = {"title": "Mine", "training": {"trunk_seconds": 7200}, "limits": ["Small."]}
    network = small_network(tmp_path / "source" / "mine", **card)
    assert run_here("models", "install", str(network)).code == 0
    return run_here


def models(run: Run, *arguments: str) -> Any:
    answer = run("models", *arguments, "--json")
    assert answer.code == 0, answer.err
    return answer.document


def test_networks_are_listed_with_the_default_and_their_origin(installed: Run):
    document = models(installed, "list")
    beta, mine = document["models"]
    assert (beta["name"], beta["bundled"], beta["default"]) == ("beta", True, True)
    assert (mine["title"], mine["bundled"], mine["default"]) == ("Mine", False, False)
    assert (mine["material_system"], mine["created"]) == ("tio2-wo3", "2026-01-02")
    first, second = installed("models", "list").out.splitlines()
    assert first.split() == ["*", "beta", "TiO2-WO3", "bundled", "2026-01-02", "Came", "along"]
    assert second.split()[:2] == ["mine", "TiO2-WO3"]


def test_a_card_is_a_table_for_people_and_whole_for_programs(installed: Run):
    assert models(installed, "show", "mine")["card"]["training"]["trunk_seconds"] == 7200
    text = installed("models", "show", "mine").out
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(text)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "Took 2.0 h" in lines
    assert "theta_0 exactly right 60 % (50 to 70 %) 48 % 99.9 %" in lines
    assert "- Small." in lines


def test_two_networks_are_compared(installed: Run):
    document = models(installed, "compare", "beta", "mine")
    assert document["models"] == ["beta", "mine"]
    different = {line["label"]: line["values"] for line in document["lines"] if line["differs"]}
    assert different["Title"] == ["Came along", "Mine"]
    assert different["Took"] == ["", "2.0 h"]
    text = installed("models", "compare", "beta", "mine").out
    assert any(line.split() == ["*", "Took", "2.0", "h"] for line in text.splitlines())


def test_a_network_goes_out_and_comes_in(installed: Run, tmp_path: Path):
    document = models(installed, "export", "mine", "mine.zip")
    assert document == {"name": "mine", "path": "mine.zip"}
    assert models(installed, "install", "mine.zip", "--name", "two")["name"] == "two"
    assert installed("models", "install", "mine.zip").code == 2
    assert models(installed, "install", "mine.zip", "--replace")["name"] == "mine"
    assert [entry["name"] for entry in models(installed, "list")["models"]] == [
        "beta",
        "mine",
        "two",
    ]


def test_a_network_is_renamed_deleted_and_restored(installed: Run):
    renamed = models(installed, "rename", "mine", "ceria", "--title", "For ceria")
    assert (renamed["name"], renamed["former_name"]) == ("ceria", "mine")
    assert models(installed, "show", "ceria")["card"]["title"] == "For ceria"
    deleted = models(installed, "delete", "ceria")
    document = models(installed, "list")
    assert [entry["name"] for entry in document["models"]] == ["beta"]
    assert document["deleted"] == [deleted]
    assert "ceria (kept until" in installed("models", "list").out
    restored = models(installed, "restore", "ceria", "--name", "again")
    assert restored["name"] == "again"
    assert models(installed, "list")["deleted"] == []


def test_the_default_is_shown_chosen_and_reset(installed: Run):
    assert models(installed, "default") == {"default": "beta"}
    assert models(installed, "default", "mine") == {"default": "mine"}
    assert predictors.default_model().name == "mine"
    assert models(installed, "default", "--reset") == {"default": "beta"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "crystal-ball"], "crystal-ball"),
        (["compare", "beta", "crystal-ball"], "crystal-ball"),
        (["install", "missing.zip"], "missing.zip"),
        (["export", "crystal-ball", "a.zip"], "crystal-ball"),
        (["rename", "beta", "x"], "can't be renamed"),
        (["rename", "mine", "a b"], "can't be the name"),
        (["delete", "beta"], "can't be deleted"),
        (["restore"], "none was deleted"),
        (["default", "crystal-ball"], "crystal-ball"),
    ],
)
def test_what_can_not_be_done_is_one_sentence(installed: Run, arguments: list[str], words: str):
    answer = installed("models", *arguments)
    assert answer.code == 2
    assert words in answer.sentence
    with_json = installed("models", *arguments, "--json")
    assert words in with_json.document["error"]


@pytest.mark.parametrize(
    "part", ["list", "show", "compare", "install", "export", "rename", "delete", "restore"]
)
def test_every_part_has_help(run_here: Run, part: str):
    answer = run_here("models", part, "--help")
    assert answer.code == 0
    assert "--json" in answer.out
