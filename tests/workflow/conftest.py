"""A home folder of its own for every test, and a network that answers at once."""

from pathlib import Path

import pytest

from heteroagg_gui.workflow.session import Session
from tests.workflow.fakes import FakePredictor


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("HETEROAGG_HOME", str(folder))
    return folder


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def use_predictor(monkeypatch: pytest.MonkeyPatch):
    def use(predictor: FakePredictor) -> FakePredictor:
        monkeypatch.setattr(
            "heteroagg_gui.workflow.actions.predict.load_predictor_named",
            lambda name, device: predictor,
        )
        return predictor

    return use
