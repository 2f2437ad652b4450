"""Which materials the labels 0 and 1 stand for travels with every result."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.micrograph import SYSTEM_ENTRY
from heteroagg_gui.core.resources import resource_path
from heteroagg_gui.learning.model_card import ModelCard
from heteroagg_gui.workflow.documents import prediction_document, read_prediction, write_prediction
from heteroagg_gui.workflow.materials import system_or_stand_in
from heteroagg_gui.workflow.places import user_materials_folder
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.state import BatchItem, SessionState
from tests.workflow.fakes import FakePredictor, make_state


class CeriaPredictor(FakePredictor):
    """A network that was trained for the second system."""

    def predict(self, micrographs, progress):
        return replace(super().predict(micrographs, progress), system="tio2-ceo2")


def of_system(item: BatchItem, system: str) -> BatchItem:
    return replace(item, micrograph=replace(item.micrograph, metadata={SYSTEM_ENTRY: system}))


@pytest.fixture
def twin() -> str:
    """Return the user's own system, which has the bundled curves and other names."""
    document = json.loads(resource_path("materials", "tio2-wo3.json").read_text())
    document["name"] = "Red-Green"
    for entry, (name, colour) in zip(
        document["materials"], (("Red dust", "#ff0000"), ("Green", "#00ff00")), strict=True
    ):
        entry.update(name=name, colour=colour)
    folder = user_materials_folder()
    folder.mkdir(parents=True)
    (folder / "red-green.json").write_text(json.dumps(document))
    return "red-green"


def test_shadows_are_of_the_predicted_system_and_survive_undo(use_predictor):
    use_predictor(CeriaPredictor())
    session = Session(make_state("a.tif"))
    perform(session, "predict", {})
    assert perform(session, "draw_shadows", {"count": 2}).shadows.system == "tio2-ceo2"
    perform(session, "remove", {"keys": [session.state.items[0].key]})
    assert session.state.shadows is None
    session.undo()
    assert session.state.shadows.system == session.state.prediction.system == "tio2-ceo2"


def test_a_system_can_be_named_for_a_given_theta():
    values = {"theta": (1.8, 0.5, 2, 2), "count": 1}
    assert perform(Session(), "draw_shadows", values).shadows.system == "tio2-wo3"
    named = perform(Session(), "draw_shadows", {**values, "system": "tio2-ceo2"})
    assert named.shadows.system == "tio2-ceo2"
    with pytest.raises(ParameterError, match="gold"):
        perform(Session(), "draw_shadows", {**values, "system": "gold"})


def test_exported_aggregates_have_the_names_and_colours_of_their_system(twin, tmp_path: Path):
    values = {"theta": (1.8, 0.5, 1, 1), "count": 1, "system": twin}
    session = Session()
    perform(session, "draw_shadows", values)
    perform(session, "export", {"folder": tmp_path / "out", "obj": 1, "xyz": 1, "vtk": 1})
    materials = (tmp_path / "out" / "aggregate_000.mtl").read_text()
    assert "newmtl Red_dust\nKa 1.0000 0.0000 0.0000" in materials
    assert "newmtl Green\nKa 0.0000 1.0000 0.0000" in materials
    rows = (tmp_path / "out" / "aggregate_000.xyz").read_text().splitlines()[2:]
    assert {row.split()[0] for row in rows} == {"Red_dust", "Green"}
    assert "TiO2" not in (tmp_path / "out" / "aggregate_000.obj").read_text()


def test_results_of_an_unknown_system_can_still_be_exported(tmp_path: Path):
    session = Session()
    perform(session, "draw_shadows", {"theta": (1.8, 0.5, 1, 1), "count": 1})
    session.update(
        lambda state: replace(state, shadows=replace(state.shadows, system="from-elsewhere"))
    )
    perform(session, "export", {"folder": tmp_path / "out", "xyz": 1})
    rows = (tmp_path / "out" / "aggregate_000.xyz").read_text().splitlines()[2:]
    assert {row.split()[0] for row in rows} == set(system_or_stand_in("from-elsewhere").names)


def test_images_of_other_materials_are_warned_of(use_predictor):
    use_predictor(FakePredictor())
    state = make_state("a.tif", "b.tif", "c.tif")
    items = (of_system(state.items[0], "tio2-ceo2"), of_system(state.items[1], "tio2-wo3"))
    session = Session(SessionState((*items, state.items[2])))
    prediction = perform(session, "predict", {}).prediction
    assert prediction.warnings[0].startswith("1 of 3 images show TiO2-CeO2")
    assert "trained for TiO2-WO3" in prediction.warnings[0]
    assert prediction.warnings[1:] == ("Two images are alike.",)
    assert not prediction.inside_training_range


def test_images_of_the_right_or_of_unnamed_materials_are_not(use_predictor):
    use_predictor(FakePredictor())
    state = make_state("a.tif", "b.tif")
    session = Session(SessionState((of_system(state.items[0], "tio2-wo3"), state.items[1])))
    prediction = perform(session, "predict", {}).prediction
    assert prediction.warnings == ("Two images are alike.",)
    assert prediction.inside_training_range


def test_simulated_images_say_what_they_show_in_the_window_and_as_files(twin, tmp_path: Path):
    values = {
        "theta": (1.8, 0.5, 3, 2),
        "count": 1,
        "pixels": 64,
        "size_range": (4, 6),
        "pixel_size_nm": 4.0,
        "system": twin,
        "folder": tmp_path / "out",
    }
    state = perform(Session(), "simulate", values)
    assert state.items[0].micrograph.metadata[SYSTEM_ENTRY] == twin
    opened = perform(Session(), "open", {"paths": [tmp_path / "out" / "image_000.tif"]})
    assert opened.items[0].micrograph.metadata[SYSTEM_ENTRY] == twin
    assert json.loads((tmp_path / "out" / "truth.json").read_text())["system"] == twin


def test_the_system_is_written_with_the_prediction_and_read_back(use_predictor, tmp_path: Path):
    use_predictor(CeriaPredictor())
    session = Session(make_state("a.tif"))
    perform(session, "predict", {})
    assert prediction_document(session.state)["system"] == "tio2-ceo2"
    write_prediction(tmp_path / "p.json", session.state)
    assert read_prediction(tmp_path / "p.json").system == "tio2-ceo2"


def test_cards_name_their_system():
    def card(document: dict) -> ModelCard:
        return ModelCard("n", "t", "compact-set", Path("n"), document)

    assert card({}).material_system == "tio2-wo3"
    assert card({"trained_on": {"material_system": "a-b"}}).material_system == "a-b"


def test_a_name_that_is_taken_is_not_given_twice():
    values = {"theta": (1.8, 0.5, 1, 1), "count": 1, "pixels": 64, "size_range": (3, 4)}
    session = Session()
    for seed in (1, 2):
        perform(session, "simulate", {**values, "seed": seed})
    assert [item.name for item in session.state.items] == [
        "image_000.tif",
        "seed 2, image_000.tif",
    ]
