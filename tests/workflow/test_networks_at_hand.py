import json
from pathlib import Path

import pytest

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.workflow import predictors
from heteroagg_gui.workflow.chosen_network import chosen_network, remember_chosen_network
from heteroagg_gui.workflow.places import chosen_network_path, user_models_folder


@pytest.fixture(autouse=True)
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bundled"
    folder.mkdir()
    monkeypatch.setattr(predictors, "models_folder", lambda: folder)
    monkeypatch.setattr(predictors, "_loaded", {})
    return folder


def make_model(folder: Path, **card: object) -> Path:
    folder.mkdir(parents=True)
    document = {"format": 1, "kind": "compact-set", "title": "A network", **card}
    (folder / "card.json").write_text(json.dumps(document))
    (folder / "weights.safetensors").write_bytes(b"weights")
    return folder


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    calls: list[tuple[str, str]] = []

    def load(folder: Path, device: str) -> object:
        calls.append((folder.name, device))
        return object()

    monkeypatch.setattr("heteroagg_gui.learning.predictor.load_predictor", load)
    return calls


def test_the_bundled_network_is_the_default(bundled: Path):
    make_model(user_models_folder() / "alpha")
    make_model(bundled / "beta")
    assert predictors.default_model().name == "beta"
    assert predictors.find_model() == bundled / "beta"
    assert [card.name for card in predictors.list_model_cards()] == ["alpha", "beta"]


def test_a_card_may_claim_to_be_the_default(bundled: Path):
    make_model(bundled / "beta")
    make_model(bundled / "gamma", default=True)
    assert predictors.default_model().name == "gamma"


def test_the_users_own_network_serves_where_there_is_no_other():
    make_model(user_models_folder() / "alpha")
    assert predictors.default_model().name == "alpha"


def test_a_network_is_found_by_name_and_by_path(bundled: Path, tmp_path: Path):
    make_model(bundled / "beta")
    elsewhere = make_model(tmp_path / "elsewhere")
    assert predictors.find_model("beta") == bundled / "beta"
    assert predictors.find_model(str(elsewhere)) == elsewhere


def test_a_missing_network_is_named_with_the_choice(bundled: Path):
    with pytest.raises(ModelError, match="No network is installed"):
        predictors.find_model()
    with pytest.raises(ModelError, match="none is installed"):
        predictors.find_model("x")
    make_model(bundled / "beta")
    with pytest.raises(ModelError, match="beta"):
        predictors.find_model("x")


def test_a_network_is_loaded_once(bundled: Path, loads: list[tuple[str, str]]):
    make_model(bundled / "beta")
    first = predictors.load_predictor_named()
    assert predictors.load_predictor_named("beta", "auto") is first
    assert predictors.load_predictor_named("beta", "cpu") is not first
    assert loads == [("beta", "auto"), ("beta", "cpu")]


def test_a_network_installed_anew_is_loaded_anew(bundled: Path, loads: list[tuple[str, str]]):
    import os

    card = make_model(bundled / "beta") / "card.json"
    first = predictors.load_predictor_named()
    os.utime(card, (1, 1))
    assert predictors.load_predictor_named() is not first


def test_the_users_choice_counts_most(bundled: Path):
    make_model(bundled / "beta", default=True)
    make_model(user_models_folder() / "alpha")
    remember_chosen_network("alpha")
    assert predictors.default_model().name == "alpha"
    assert predictors.find_model().name == "alpha"
    remember_chosen_network("gone")
    assert predictors.default_model().name == "beta"


@pytest.mark.parametrize("content", ["no json", "[]", '{"default": 7}', "{}"])
def test_a_broken_choice_counts_as_none(bundled: Path, content: str):
    make_model(bundled / "beta")
    remember_chosen_network("beta")
    chosen_network_path().write_text(content)
    assert chosen_network() == ""
    assert predictors.default_model().name == "beta"


def test_an_own_card_does_not_make_itself_the_default(bundled: Path):
    make_model(bundled / "beta")
    make_model(user_models_folder() / "alpha", default=True)
    assert predictors.default_model().name == "beta"


def test_the_robust_companion_shares_the_materials(bundled: Path):
    make_model(bundled / "clean")
    make_model(bundled / "ceria", role="robust", trained_on={"material_system": "tio2-ceo2"})
    assert predictors.robust_companion("clean") is None
    make_model(bundled / "tough", role="robust")
    assert predictors.robust_companion("clean") == "tough"
    assert predictors.robust_companion("tough") is None
    assert predictors.robust_companion("unknown") is None


def test_a_network_and_its_companion_stay_loaded(bundled: Path, loads: list[tuple[str, str]]):
    for name in ("alpha", "beta", "gamma"):
        make_model(bundled / name)
    for name in ("alpha", "beta", "alpha", "beta", "gamma", "beta", "alpha"):
        predictors.load_predictor_named(name)
    assert [name for name, _ in loads] == ["alpha", "beta", "gamma", "alpha"]
