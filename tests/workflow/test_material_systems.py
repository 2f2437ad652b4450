"""The material systems at hand."""

import json
from pathlib import Path

import pytest

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.resources import resource_path
from heteroagg_gui.workflow.materials import find_system, system_names
from heteroagg_gui.workflow.places import user_materials_folder


def add_own_system(name: str, title: str) -> None:
    folder = user_materials_folder()
    folder.mkdir(parents=True, exist_ok=True)
    document = json.loads(resource_path("materials", "tio2-wo3.json").read_text())
    document["name"] = title
    (folder / f"{name}.json").write_text(json.dumps(document))


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HETEROAGG_HOME", str(tmp_path))


def test_bundled_systems_are_found_without_any_of_the_user() -> None:
    assert {"tio2-wo3", "tio2-ceo2"} <= set(system_names())
    assert find_system("tio2-ceo2").materials[0].name == "CeO2"


def test_a_system_of_the_user_is_listed_and_hides_a_bundled_one() -> None:
    add_own_system("gold-silica", "Au-SiO2")
    add_own_system("tio2-wo3", "mine")
    assert system_names() == ("gold-silica", "tio2-ceo2", "tio2-wo3")
    assert find_system("gold-silica").name == "Au-SiO2"
    assert find_system("tio2-wo3").name == "mine"
    assert find_system("tio2-wo3").folder == user_materials_folder()


def test_an_unknown_system_is_refused_with_the_choice() -> None:
    with pytest.raises(ParameterError, match="tio2-ceo2, tio2-wo3"):
        find_system("unobtainium")
