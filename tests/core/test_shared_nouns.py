import json
from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.core import resources
from heteroagg_gui.core.aggregate import Aggregate, Relaxations
from heteroagg_gui.core.errors import Cancelled, HeteroaggError, ResourceError
from heteroagg_gui.core.materials import load_material_system, material_system_names
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.progress import no_progress, part_of


def test_the_field_of_view_follows_from_the_calibration():
    pixels = np.zeros((10, 20), np.float32)
    assert Micrograph(pixels, 1.5, "a").field_of_view_nm == (15.0, 30.0)
    assert Micrograph(pixels, None, "a").field_of_view_nm is None


def test_an_aggregate_counts_its_particles():
    aggregate = Aggregate(
        np.zeros((2, 3)), np.ones(2), np.zeros(2, np.uint8), np.zeros(2, np.int32)
    )
    assert len(aggregate) == 2
    assert aggregate.relaxations.relaxed == 0


def test_relaxations_add_up():
    assert Relaxations(attachments=10, touching=1, nearer=2, farther=3).relaxed == 6


def test_a_part_of_the_work_reports_as_a_part_of_the_whole():
    heard: list[float] = []
    part = part_of(lambda fraction, message: heard.append(fraction), 0.2, 0.6)
    for fraction in (0.0, 0.5, 1.0):
        part(fraction, "")
    assert heard == pytest.approx([0.2, 0.4, 0.6])
    no_progress(0.5, "")


def test_cancelling_is_no_error_of_the_program():
    assert not issubclass(Cancelled, HeteroaggError)


def test_resources_are_found_in_the_source_tree(project: Path):
    found = resources.resource_path("materials", "tio2-wo3.json")
    assert found == project / "resources" / "materials" / "tio2-wo3.json"
    assert resources.models_folder() == project / "models"


def test_resources_of_a_bundle_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "a.txt").write_text("")
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    assert resources.resource_path("a.txt") == tmp_path / "resources" / "a.txt"


def test_a_missing_resource_is_named():
    with pytest.raises(ResourceError, match=r"curves/unobtainium\.npz"):
        resources.resource_path("curves", "unobtainium.npz")


def test_the_usual_materials_are_labelled_as_theta_means_them():
    wo3, tio2 = load_material_system().materials
    assert (wo3.label, tio2.label) == (0, 1)
    assert wo3.name.startswith("W")
    assert tio2.name.startswith("Ti")


def described(**changes: object) -> str:
    """A material system as JSON, with changes to its first material."""
    first = {"label": 0, "name": "A", "title": "a", "colour": "#000000", "density_g_cm3": 1.0}
    second = {**first, "label": 1, "name": "B", "phases": ["rutile"]}
    entry = {**first, "phases": ["own"], **changes}
    return json.dumps({"name": "A-B", "materials": [second, entry]})


def test_a_system_of_the_user_brings_its_own_curves(tmp_path: Path):
    (tmp_path / "a-b.json").write_text(described())
    (tmp_path / "own.npz").write_bytes(b"")
    system = load_material_system("a-b", tmp_path)
    assert [material.name for material in system.materials] == ["A", "B"]
    assert system.reference_path("own") == tmp_path / "own.npz"
    assert system.reference_path("rutile") == resources.resource_path("reference", "rutile.npz")
    assert material_system_names(tmp_path) == ("a-b",)


def test_the_program_brings_two_systems():
    assert set(material_system_names()) == {"tio2-wo3", "tio2-ceo2"}


@pytest.mark.parametrize("name", ["../tio2-wo3", "", "a/b", ".hidden"])
def test_a_system_is_named_not_reached_by_a_path(name: str):
    with pytest.raises(ResourceError, match="no material system"):
        load_material_system(name)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        '{"name": "a", "materials": []}',
        described(phases=["../../secret"]),
        described(phases=[]),
        described(colour="red"),
        described(density_g_cm3=-1.0),
        described(label=1),
    ],
)
def test_a_damaged_material_system_is_refused(tmp_path: Path, content: str):
    (tmp_path / "broken.json").write_text(content)
    with pytest.raises(ResourceError, match=r"broken\.json"):
        load_material_system("broken", tmp_path)
