import json
import zipfile
from pathlib import Path

import pytest

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.workflow import predictors
from heteroagg_gui.workflow.model_store import export_model, install_model
from heteroagg_gui.workflow.places import user_models_folder


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


@pytest.mark.parametrize("packed", ["folder", "file.zip"])
def test_a_network_travels_out_and_in(bundled: Path, tmp_path: Path, packed: str):
    make_model(bundled / "beta")
    (bundled / "beta" / "evil.pt").write_bytes(b"runs")
    target = tmp_path / "out" / packed
    assert export_model("beta", target) == target
    if packed == "folder":
        target = target.rename(tmp_path / "beta")
    installed = install_model(target)
    assert installed == user_models_folder() / "beta"
    assert sorted(path.name for path in installed.iterdir()) == [
        "card.json",
        "weights.safetensors",
    ]
    assert [path.name for path in user_models_folder().iterdir()] == ["beta"]


def test_a_network_of_the_same_name_is_replaced_on_demand_only(tmp_path: Path):
    source = make_model(tmp_path / "a" / "mine", title="old")
    install_model(source)
    newer = make_model(tmp_path / "b" / "mine", title="new")
    with pytest.raises(ModelError, match="--replace"):
        install_model(newer)
    install_model(newer, replace=True)
    card = json.loads((user_models_folder() / "mine" / "card.json").read_text())
    assert card["title"] == "new"


def test_an_existing_folder_is_not_written_over(bundled: Path, tmp_path: Path):
    make_model(bundled / "beta")
    with pytest.raises(ModelError, match="exists"):
        export_model("beta", tmp_path)


@pytest.mark.parametrize("content", ["missing", "empty folder", "no zip", "empty zip", "two"])
def test_what_holds_no_network_is_refused_and_leaves_nothing(tmp_path: Path, content: str):
    source = tmp_path / "source.zip"
    if content == "empty folder":
        source.mkdir()
    elif content == "no zip":
        source.write_bytes(b"text")
    elif content in ("empty zip", "two"):
        with zipfile.ZipFile(source, "w") as archive:
            for name in ("a", "b") if content == "two" else ():
                archive.writestr(f"{name}/card.json", "{}")
    with pytest.raises(ModelError):
        install_model(source)
    assert not list(user_models_folder().glob("*"))


def test_a_zip_file_cannot_write_elsewhere(tmp_path: Path):
    card = {"format": 1, "kind": "compact-set"}
    with zipfile.ZipFile(tmp_path / "net.zip", "w") as archive:
        archive.writestr("net/card.json", json.dumps(card))
        archive.writestr("net/weights.safetensors", b"weights")
        archive.writestr("net/../../../escaped.json", "{}")
        archive.writestr("net/deep/er.json", "{}")
    installed = install_model(tmp_path / "net.zip")
    assert sorted(path.name for path in installed.iterdir()) == [
        "card.json",
        "weights.safetensors",
    ]
    assert not list(tmp_path.rglob("escaped.json"))


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
