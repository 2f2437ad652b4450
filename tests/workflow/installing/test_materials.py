"""Materials of a network's own are installed with it."""

import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.core.errors import HeteroaggError, ModelError
from heteroagg_gui.core.materials import load_material_system
from heteroagg_gui.core.resources import resource_path
from heteroagg_gui.workflow import predictors
from heteroagg_gui.workflow.model_store import export_model, install_model
from heteroagg_gui.workflow.places import (
    data_folder,
    user_materials_folder,
    user_models_folder,
)
from tests.small_networks import small_network
from tests.workflow.installing.sources import refused


def own_system(folder: Path, name: str = "tio2-x", phase: str = "x-phase") -> Path:
    """Write a material system and the table of its own phase."""
    folder.mkdir(parents=True, exist_ok=True)
    document = json.loads(resource_path("materials", "tio2-wo3.json").read_text())
    document["materials"][0] |= {"phases": [phase]}
    (folder / f"{name}.json").write_text(json.dumps(document))
    shutil.copyfile(resource_path("reference", "rutile.npz"), folder / f"{phase}.npz")
    return folder


@pytest.fixture
def retrained(tmp_path: Path) -> Path:
    """Return a network for materials that lie beside its folder."""
    own_system(tmp_path / "source" / "materials")
    (tmp_path / "source" / "materials" / "unrelated.json").write_text("{}")
    return small_network(tmp_path / "source" / "mine", trained_on={"material_system": "tio2-x"})


def materials() -> list[str]:
    return sorted(path.name for path in user_materials_folder().glob("*"))


@pytest.mark.parametrize("form", ["folder", "file.zip"])
def test_materials_travel_with_the_network(retrained: Path, tmp_path: Path, form: str):
    folder = install_model(retrained)
    assert materials() == ["tio2-x.json", "x-phase.npz"]
    target = export_model("mine", tmp_path / "out" / form)
    shutil.rmtree(data_folder())
    assert install_model(target, name="mine") == folder
    assert materials() == ["tio2-x.json", "x-phase.npz"]
    system = load_material_system("tio2-x", user_materials_folder())
    assert system.reference_path("x-phase").parent == user_materials_folder()
    install_model(target, name="again")
    assert predictors.list_model_cards()[0].material_system == "tio2-x"


def test_materials_can_lie_elsewhere(retrained: Path, tmp_path: Path):
    place = (retrained.parent / "materials").rename(tmp_path / "elsewhere")
    install_model(retrained, materials=place)
    assert materials() == ["tio2-x.json", "x-phase.npz"]


@pytest.mark.parametrize("name", ["tio2-x.json", "x-phase.npz"])
def test_other_materials_of_the_same_name_are_not_written_over(
    retrained: Path, tmp_path: Path, name: str
):
    own_system(user_materials_folder())
    mine = user_materials_folder() / name
    if name.endswith("json"):
        mine.write_text(mine.read_text().replace("tungsten", "other"))
    else:
        shutil.copyfile(resource_path("reference", "anatase.npz"), mine)
    before = mine.read_bytes()
    with pytest.raises(ModelError, match=f"'{name}' that differs"):
        install_model(retrained)
    assert mine.read_bytes() == before
    assert not user_models_folder().exists()


def test_a_bundled_system_is_not_hidden_by_another(tmp_path: Path):
    own_system(tmp_path / "source" / "materials", "tio2-wo3")
    network = small_network(tmp_path / "source" / "mine")
    assert "differs from the one at hand" in refused(network)


def hostile_table(path: Path, kind: str) -> None:
    if kind == "objects":
        np.savez(path, crystal=np.array([{"a": 1}], dtype=object))
    elif kind == "no table":
        np.savez(path, crystal=np.zeros(3))
    elif kind == "no zip":
        path.write_bytes(b"text")
    else:
        with zipfile.ZipFile(path, "w") as archive, archive.open("crystal.npy", "w") as handle:
            np.lib.format.write_array_header_1_0(
                handle, {"descr": "<f8", "fortran_order": False, "shape": (10**11,)}
            )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("objects", "Python objects"),
        ("no table", "no table of reference curves"),
        ("no zip", "damaged"),
        ("huge", "announces more numbers"),
    ],
)
def test_a_hostile_table_is_refused(retrained: Path, kind: str, words: str):
    hostile_table(retrained.parent / "materials" / "x-phase.npz", kind)
    assert words in refused(retrained)


@pytest.mark.parametrize("text", ["{", "[" * 100_000, '{"name": "x", "materials": []}'])
def test_a_damaged_system_is_refused(retrained: Path, text: str):
    (retrained.parent / "materials" / "tio2-x.json").write_text(text)
    assert "material system" in refused(retrained)


def test_materials_are_taken_back_when_the_network_can_not_follow(retrained: Path, monkeypatch):
    def fail(fresh: Path, target: Path) -> None:
        raise HeteroaggError("no")

    monkeypatch.setattr("heteroagg_gui.workflow.model_store.install._put", fail)
    with pytest.raises(HeteroaggError, match="no"):
        install_model(retrained)
    assert materials() == []
