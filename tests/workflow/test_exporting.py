import json
from pathlib import Path

import pytest

from heteroagg_gui.core.errors import ParameterError, ResourceError
from heteroagg_gui.export.particles import read_particles_csv
from heteroagg_gui.workflow.documents import prediction_document, read_prediction
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.state import ItemStatus, SessionState
from tests.workflow.fakes import DRAWS, THETA, FakePredictor, make_item, make_state


@pytest.fixture
def session(use_predictor) -> Session:
    use_predictor(FakePredictor())
    state = make_state("a.tif", "b.tif", "c.tif")
    refused = make_item("bad.tif", status=ItemStatus.REFUSED, reason="Bad.", micrograph=None)
    session = Session(state.with_items((*state.items, refused)))
    perform(session, "include", {"keys": [state.items[1].key], "included": False})
    perform(session, "predict", {})
    return session


def strict_json(path: Path) -> dict:
    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)


def test_everything_shown_is_written(session: Session, tmp_path: Path):
    perform(session, "draw_shadows", {"count": 4})
    before = session.state
    values = {"folder": tmp_path / "new" / "out", "obj": 2, "xyz": 1, "vtk": 9}
    assert perform(session, "export", values) is before
    assert {path.name for path in (tmp_path / "new" / "out").iterdir()} == {
        *("particles.csv", "descriptors.csv", "summary.json", "prediction.json"),
        *("aggregate_000.obj", "aggregate_000.mtl", "aggregate_001.obj", "aggregate_001.mtl"),
        *("aggregate_000.xyz", *(f"aggregate_00{k}.vtp" for k in range(4))),
    }
    aggregates = read_particles_csv(tmp_path / "new" / "out" / "particles.csv")
    assert [len(a) for a in aggregates] == [len(a) for a in before.shadows.aggregates]


def test_the_prediction_alone_can_be_written(session: Session, tmp_path: Path):
    perform(session, "export", {"folder": tmp_path / "out"})
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["prediction.json"]


def test_the_summary_is_json_even_where_a_descriptor_does_not_exist(tmp_path: Path):
    session = Session()
    perform(session, "draw_shadows", {"count": 2, "theta": (1.8, 1.0, 1, 1)})
    perform(session, "export", {"folder": tmp_path})
    summary = strict_json(tmp_path / "summary.json")
    assert summary["s_tio2"]["mean"] is None
    assert summary["n_particles"]["mean"] > 0
    assert not (tmp_path / "prediction.json").exists()


def test_nothing_to_export_is_said():
    with pytest.raises(ParameterError, match="nothing to export"):
        perform(Session(), "export", {"folder": "out"})


@pytest.mark.parametrize("prediction", [False, True])
def test_a_folder_that_cannot_be_made_is_named(session: Session, tmp_path: Path, prediction: bool):
    perform(session, "draw_shadows", {"count": 2})
    (tmp_path / "file").write_text("")
    with pytest.raises(ParameterError, match="file"):
        perform(session, "export", {"folder": tmp_path / "file" / "out", "prediction": prediction})


def test_the_document_says_what_became_of_each_file(session: Session):
    document = prediction_document(session.state)
    assert [entry["status"] for entry in document["images"]] == [
        *("ok", "excluded", "ok", "refused")
    ]
    assert [entry["n_particles"] for entry in document["images"]] == [40.0, None, 41.0, None]
    assert document["images"][3]["reason"] == "Bad."
    assert document["theta"] == THETA.as_dict()


def test_a_prediction_is_read_back(session: Session, tmp_path: Path):
    perform(session, "export", {"folder": tmp_path})
    read = read_prediction(tmp_path / "prediction.json")
    written = session.state.prediction
    assert read.theta == written.theta
    assert read.draws == DRAWS
    assert read.interval_90 == written.interval_90
    assert read.probabilities == written.probabilities
    assert read.warnings == written.warnings


def test_a_point_estimate_is_written_with_nulls(use_predictor, tmp_path: Path):
    use_predictor(FakePredictor(draws=()))
    session = Session(make_state("a.tif"))
    perform(session, "predict", {})
    perform(session, "export", {"folder": tmp_path})
    document = strict_json(tmp_path / "prediction.json")
    assert document["interval_90"] is None
    assert document["probabilities"] is None
    assert "draws" not in document
    assert read_prediction(tmp_path / "prediction.json").interval_90 is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"theta": null}',
        '{"theta": {"fractal_dimension": 9, "mixing_ratio": 0, "theta_0": 1, "theta_1": 1}}',
        '{"theta": {"fractal_dimension": 2, "mixing_ratio": 0, "theta_0": 1}}',
        '{"error": "No network is installed."}',
    ],
)
def test_a_file_that_is_no_prediction_is_refused(tmp_path: Path, text: str):
    (tmp_path / "p.json").write_text(text)
    with pytest.raises(ResourceError, match="no prediction"):
        read_prediction(tmp_path / "p.json")


def test_a_missing_prediction_is_named(tmp_path: Path):
    with pytest.raises(ResourceError, match=r"missing\.json"):
        read_prediction(tmp_path / "missing.json")


def test_without_prediction_there_is_no_document():
    with pytest.raises(ParameterError):
        prediction_document(SessionState())
