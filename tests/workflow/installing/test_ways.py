"""What is installed works and travels whole."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from heteroagg_gui.core.errors import Cancelled, ModelError
from heteroagg_gui.learning.paper.model import store_network, write_model_card
from heteroagg_gui.learning.paper.networks import make_network
from heteroagg_gui.learning.predictor import load_predictor
from heteroagg_gui.workflow.model_store import export_model, install_model, proposed_name
from heteroagg_gui.workflow.places import (
    data_folder,
    deleted_models_folder,
    user_models_folder,
)
from tests.small_networks import write_card
from tests.workflow.installing.sources import SIDE, WEIGHTS, packed, refused


def test_an_installed_network_predicts_like_the_first(network: Path):
    folder = install_model(network)
    assert folder == user_models_folder() / "mine"
    assert load_predictor(folder, "cpu").card.title == "A small network"
    assert [path.name for path in data_folder().iterdir()] == ["models"]


def test_what_a_training_goes_on_from_stays_behind(network: Path):
    (network / "checkpoint.safetensors").write_bytes(b"large")
    (network / "curves.csv").write_text("step,loss\n")
    names = sorted(path.name for path in install_model(network).iterdir())
    assert names == ["card.json", "curves.csv", WEIGHTS]


@pytest.mark.parametrize("form", ["folder", "file.zip", "FILE.ZIP"])
def test_a_network_travels_out_and_in(bundled: Path, tmp_path: Path, form: str):
    (bundled / "beta" / "evil.pt").write_bytes(b"runs")
    target = tmp_path / "out" / form
    assert export_model("beta", target) == target
    folder = install_model(target, name="copy")
    assert sorted(path.name for path in folder.iterdir()) == ["card.json", WEIGHTS]
    for name in ("card.json", WEIGHTS):
        assert (folder / name).read_bytes() == (bundled / "beta" / name).read_bytes()
    assert [path.name for path in user_models_folder().iterdir()] == ["copy"]
    assert [path.name for path in target.parent.iterdir()] == [form]


def test_the_papers_networks_are_installed_too(tmp_path: Path):
    folder = tmp_path / "source" / "paper"
    entry = store_network(make_network("Df", side=SIDE).eval(), folder, "basic", {})
    more = {"side": SIDE, "usual_full_scale": 0.2, "figures": {}}
    write_model_card(folder, {"Df": entry}, more)
    assert install_model(folder).name == "paper"
    card = json.loads((folder / "card.json").read_text())
    card["side"] = 1_000_000
    (folder / "card.json").write_text(json.dumps(card))
    with pytest.raises(ModelError, match="do not fit"):
        install_model(folder, name="other")


@pytest.mark.parametrize(
    ("called", "name"),
    [("mine", "mine"), ("My net (1)", "My-net-1"), ("con", "network-con"), ("...", "network")],
)
def test_a_name_is_made_of_that_of_the_folder(network: Path, called: str, name: str):
    folder = network.parent / "flat"
    folder.mkdir()
    path = packed(network, f"{called}.zip", "")
    assert proposed_name(path) == name
    assert proposed_name(packed(network, "odd (2).zip")) == "mine"


@pytest.mark.parametrize("name", ["a/b", "..", ".hidden", "a b", "nul", "com1.x", "a.", "x" * 65])
def test_names_that_no_folder_can_have_are_refused(network: Path, name: str):
    assert "can't be the name" in refused(network, name=name)


@pytest.mark.parametrize("name", ["beta", "Beta"])
@pytest.mark.parametrize("replace", [False, True])
def test_a_bundled_network_is_never_written_over(network: Path, name: str, replace: bool):
    assert "came with the program" in refused(network, name=name, replace=replace)


def test_a_network_of_the_same_name_is_replaced_on_demand_only(network: Path):
    install_model(network)
    write_card(network, title="newer")
    with pytest.raises(ModelError, match="installed already"):
        install_model(network)
    with pytest.raises(ModelError, match="installed already"):
        install_model(network, name="MINE", replace=True)
    folder = install_model(network, replace=True)
    assert json.loads((folder / "card.json").read_text())["title"] == "newer"
    (former,) = deleted_models_folder().iterdir()
    assert json.loads((former / "card.json").read_text())["title"] == "A small network"


def test_a_cancelled_installation_leaves_nothing(network: Path):
    def stop(fraction: float, message: str) -> None:
        if fraction > 0.4:
            raise Cancelled

    with pytest.raises(Cancelled):
        install_model(packed(network), progress=stop)
    assert not list(data_folder().rglob("*"))


def test_what_can_not_be_put_in_place_is_taken_back(network: Path, monkeypatch):
    install_model(network)
    rename = Path.rename

    def fail(self: Path, target: Path) -> Path:
        if self.parent.name.startswith(".install-"):
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    write_card(network, title="newer")
    with pytest.raises(OSError, match="No space"):
        install_model(network, replace=True)
    card = json.loads((user_models_folder() / "mine" / "card.json").read_text())
    assert card["title"] == "A small network"


# What is no network at all, or not one alone


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "does not exist"),
        (lambda path: path.mkdir(), "holds no network"),
        (lambda path: path.write_bytes(b"text"), "no network"),
        (lambda path: zipfile.ZipFile(path, "w").close(), "holds no network"),
    ],
)
def test_what_holds_no_network_is_refused(tmp_path: Path, make: Callable, words: str):
    source = tmp_path / "source.zip"
    make(source)
    assert words in refused(source)


def test_two_networks_in_one_file_are_refused(network: Path):
    path = packed(network)
    with zipfile.ZipFile(path, "a") as archive:
        archive.write(network / "card.json", "other/card.json")
    assert "2 networks" in refused(path)
