"""What is installed works and travels whole; what is broken or hostile leaves nothing behind."""

import json
import re
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from heteroagg_gui.core.errors import Cancelled, HeteroaggError, ModelError
from heteroagg_gui.core.materials import load_material_system
from heteroagg_gui.core.resources import resource_path
from heteroagg_gui.learning.paper.model import store_network, write_model_card
from heteroagg_gui.learning.paper.networks import make_network
from heteroagg_gui.learning.predictor import load_predictor
from heteroagg_gui.workflow import predictors
from heteroagg_gui.workflow.model_store import export_model, install_model, proposed_name
from heteroagg_gui.workflow.model_store import limits as file_limits
from heteroagg_gui.workflow.places import (
    data_folder,
    deleted_models_folder,
    user_materials_folder,
    user_models_folder,
)
from tests.small_networks import small_network, write_card

WEIGHTS = "weights.safetensors"
SIDE = 64


@pytest.fixture(autouse=True)
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bundled"
    small_network(folder / "beta")
    monkeypatch.setattr(predictors, "models_folder", lambda: folder)
    return folder


@pytest.fixture
def network(tmp_path: Path) -> Path:
    return small_network(tmp_path / "source" / "mine")


def packed(network: Path, name: str = "mine.zip", inside: str = "mine/") -> Path:
    """Return a zip file of a network."""
    path = network.parent / name
    with zipfile.ZipFile(path, "w") as archive:
        for file in network.iterdir():
            archive.write(file, f"{inside}{file.name}")
    return path


def refused(source: Path, **options: object) -> str:
    """Return the one sentence that refuses a network, once nothing is left behind."""
    with pytest.raises(ModelError) as caught:
        install_model(source, **options)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert ":" in sentence or ";" in sentence
    assert not list(data_folder().rglob("*"))
    return sentence


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


# Files that could do harm


def with_entry(network: Path, name: str, content: bytes = b"{}", **changes: int) -> Path:
    """Return a zip file of a network with one more entry."""
    path = packed(network)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        for key, value in changes.items():
            setattr(entry, key, value)
        archive.writestr(entry, content)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "mine/../../escaped.json",
        "../escaped.json",
        "/escaped.json",
        "C:/escaped.json",
        "mine\\..\\escaped.json",
        "mine/./a.json",
        "mine/a\x1b[2J.json",
    ],
)
def test_a_zip_file_cannot_write_elsewhere(network: Path, tmp_path: Path, name: str):
    assert "outside its folder" in refused(with_entry(network, name))
    assert not list(tmp_path.rglob("escaped*"))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO])
def test_links_and_devices_in_a_zip_file_are_refused(network: Path, kind: int):
    path = with_entry(network, "mine/a.json", b"/etc/passwd", external_attr=(kind | 0o777) << 16)
    assert "link or a device" in refused(path)


@pytest.mark.parametrize("name", ["mine/card.json", "mine/CARD.JSON"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_that_comes_twice_is_refused(network: Path, name: str):
    assert "twice" in refused(with_entry(network, name))


@pytest.mark.parametrize(
    "name", ["mine/run.py", "mine/weights.pt", "mine/a.pkl", "mine/deep/er.json", "b.npz"]
)
def test_what_is_no_part_of_a_network_is_refused(network: Path, name: str):
    assert "no part of a network" in refused(with_entry(network, name))


def test_what_a_file_manager_left_is_passed_over(network: Path):
    path = with_entry(network, "__MACOSX/mine/._card.json")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("mine/.DS_Store", b"x")
    assert sorted(p.name for p in install_model(path).iterdir()) == ["card.json", WEIGHTS]


def test_a_password_is_said(network: Path):
    path = packed(network)
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    path.write_bytes(bytes(data))
    assert "password" in refused(path)


def test_a_zip_bomb_is_not_unpacked(network: Path):
    assert "almost nothing" in refused(with_entry(network, "mine/b.safetensors", bytes(30_000_000)))
    assert "more than any network" in refused(with_entry(network, "mine/b.txt", bytes(17_000_000)))


def test_many_files_and_more_than_there_is_room_for_are_refused(network: Path, monkeypatch):
    path = packed(network)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(201):
            archive.writestr(f"mine/{number}.txt", "")
    assert "too many" in refused(path)
    usage = shutil.disk_usage(network)
    monkeypatch.setattr(file_limits.shutil, "disk_usage", lambda _: usage._replace(free=60_000_000))
    monkeypatch.setattr(file_limits, "_SPARE_BYTES", 60_000_000)
    assert "no room" in refused(network)
    assert "no room" in refused(packed(network))


@pytest.mark.parametrize("large", [False, True])
def test_a_long_list_of_files_is_not_read(tmp_path: Path, monkeypatch, large: bool):
    announced, small = 500_000_000, 46
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, small if large else announced, 0, 0)
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, announced, 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)
    source = tmp_path / "long.zip"
    source.write_bytes(record + locator + end if large else end)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert "more files than any network has" in refused(source)


def test_a_cut_and_a_changed_zip_file_are_refused(network: Path):
    path = packed(network)
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    assert "no network" in refused(path)
    changed = bytearray(whole)
    place = whole.index((network / WEIGHTS).read_bytes()[-100:])
    changed[place] ^= 1
    path.write_bytes(bytes(changed))
    assert "damaged" in refused(path)


def test_a_link_in_a_folder_is_refused(network: Path):
    (network / WEIGHTS).rename(network.parent / "elsewhere")
    (network / WEIGHTS).symlink_to(network.parent / "elsewhere")
    assert "is a link" in refused(network)


# Cards


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"format": 2, "program_version": "9.1"}, r"newer version of the program \(9.1\)"),
        ({"format": "1"}, "'format' must be the number"),
        ({"format": None}, "'format' must be"),
        ({"format": 0}, "another version"),
        ({"kind": "oracle"}, "unknown kind"),
        ({"kind": ["compact-set"]}, "'kind' must be one line"),
        ({"name": 7}, "'name' must be"),
        ({"title": "two\nlines"}, "'title' must be one line"),
        ({"title": "x" * 301}, "'title' must be one line"),
        ({"sha256": "abc"}, "'sha256' must be"),
        ({"sha256": "0" * 64}, "not those its card describes"),
        ({"figures": []}, "'figures' must be"),
        ({"figures": {"sets_of_12": 3}}, "'figures' must be"),
        ({"figures": {"theta_0_exact": "best"}}, "'theta_0_exact' must be a number"),
        ({"figures": {"theta_0_exact": {"low": 0.1}}}, "'theta_0_exact' must be a number"),
        ({"paper": {"theta_1_exact": [1]}}, "'theta_1_exact' must be a number"),
        ({"limits": "none"}, "'limits' must be a list"),
        ({"history": [1]}, "'history' must be a list"),
        ({"training": 3}, "'training' must be"),
        ({"default": "yes"}, "'default' must be"),
        ({"trained_on": {"material_system": "../x"}}, "'material_system' must be"),
    ],
)
def test_a_card_of_the_wrong_form_is_refused(network: Path, entries: dict, words: str):
    write_card(network, **entries)
    assert re.search(words, refused(packed(network)))


@pytest.mark.parametrize(
    "text", ["{", "[]", "[" * 100_000, '{"format": ' + "9" * 5000 + "}", "\xff"]
)
def test_a_card_that_is_none_is_refused(network: Path, text: str):
    (network / "card.json").write_bytes(text.encode("latin-1"))
    assert "card" in refused(network)


def test_what_a_card_need_not_say_may_be_missing(network: Path):
    (network / "card.json").write_text('{"format": 1, "kind": "compact-set"}')
    assert install_model(network).is_dir()


# Weights


def replace_weights(network: Path, content: bytes) -> None:
    (network / WEIGHTS).write_bytes(content)
    write_card(network)


def header(length: int, text: str, data: bytes = b"") -> bytes:
    return struct.pack("<Q", length) + text.encode() + data


TENSOR = '{"a": {"dtype": "F32", "shape": [%s], "data_offsets": [0, %s]}}'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"abc",
        header(10, "{}"),
        header(2, "{}"),
        header(2, "[]"),
        header(len(TENSOR % (2, 8)), TENSOR % (2, 8), bytes(4)),
        header(len(TENSOR % (2, 8)), TENSOR % (2, 8), bytes(12)),
        header(len(TENSOR % (10**12, 8)), TENSOR % (10**12, 8), bytes(8)),
        header(len(TENSOR % (-2, 8)), TENSOR % (-2, 8), bytes(8)),
        header(100_000, "[" * 100_000),
    ],
)
def test_weights_that_are_none_are_refused(network: Path, content: bytes):
    replace_weights(network, content)
    assert "no safetensors file" in refused(network)


def test_a_huge_head_is_not_read(network: Path):
    replace_weights(network, header(2**62, "{}"))
    assert "announces a head" in refused(network)


def changed_weights(network: Path, change: Callable[[dict, dict], None]) -> None:
    from safetensors import safe_open

    with safe_open(network / WEIGHTS, "pt") as handle:
        description = json.loads(handle.metadata()["network"])
    tensors = load_file(network / WEIGHTS)
    change(tensors, description)
    save_file(tensors, network / WEIGHTS, {"network": json.dumps(description)})
    write_card(network)


@pytest.mark.parametrize(
    "change",
    [
        lambda tensors, _: tensors.pop("trunk.quantities.bias"),
        lambda tensors, _: tensors.update({"trunk.quantities.bias": torch.zeros(3)}),
        lambda _, described: described["size"].update(channels=[200_000] * 4),
        lambda _, described: described["size"].update(blocks=[10**9, 1, 1]),
        lambda _, described: described.update(heads=10**9),
        lambda _, described: described.update(descriptions=10**7),
        lambda _, described: described.pop("size"),
        lambda _, described: described["size"].update(embedding="x"),
    ],
)
def test_tensors_that_do_not_fit_their_network_are_refused(network: Path, change: Callable):
    changed_weights(network, change)
    assert "do not fit" in refused(network)


def test_weights_that_are_no_numbers_are_refused(network: Path):
    changed_weights(network, lambda tensors, _: tensors["trunk.quantities.bias"].fill_(torch.nan))
    assert "no numbers" in refused(network)


def test_missing_weights_are_said(network: Path):
    (network / WEIGHTS).unlink()
    assert "weights" in refused(network)


# Materials


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
