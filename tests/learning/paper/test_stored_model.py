"""Storing, loading and predicting with the paper's networks."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from heteroagg_gui.core.errors import MicrographError, ModelError, ParameterError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.model_card import list_models, read_card
from heteroagg_gui.learning.paper.assemble import assemble
from heteroagg_gui.learning.paper.field import centred_field
from heteroagg_gui.learning.paper.intensities import network_images
from heteroagg_gui.learning.paper.model import (
    FEWEST_EPOCHS,
    load_paper,
    store_network,
    write_model_card,
)
from heteroagg_gui.learning.paper.networks import PURPOSES, PaperNetwork, make_network
from heteroagg_gui.learning.paper.shards import read_shards, write_shards
from heteroagg_gui.learning.predictor import load_predictor
from tests.learning.paper.tiny_data import SIDE, TinyData


def networks() -> dict[str, PaperNetwork]:
    """Return small networks whose statistics have moved."""
    made = {}
    for seed, key in enumerate(PURPOSES):
        network = make_network(key, seed=seed, side=SIDE)
        count = network.purpose.images
        with torch.no_grad():
            network(torch.rand(2, count, SIDE, SIDE) - 0.5)
        made[key] = network.eval()
    return made


def stored(folder: Path, keys: tuple[str, ...] = tuple(PURPOSES)) -> dict[str, PaperNetwork]:
    made = networks()
    entries = {key: store_network(made[key], folder, "basic", {}) for key in keys}
    write_model_card(folder, entries, {"side": SIDE, "usual_full_scale": 0.2, "figures": {}})
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a model with all five networks."""
    place = tmp_path_factory.mktemp("models") / "paper"
    stored(place)
    return place


def micrographs(count: int = 12, gain: float = 1.0) -> list[Micrograph]:
    data = TinyData()
    fractions = 0.2 * (data.levels(range(count)) / 255.0) ** 2
    return [
        Micrograph((gain * image).astype(np.float32), 1.25, f"{k}.tif")
        for k, image in enumerate(fractions)
    ]


def test_a_reloaded_network_says_the_same_within_half_precision(tmp_path: Path) -> None:
    made = stored(tmp_path / "paper")
    loaded = load_paper(tmp_path / "paper")
    images = torch.rand(1, 12, SIDE, SIDE) - 0.5
    for key, network in made.items():
        seen = images[:, : network.purpose.images]
        with torch.inference_mode():
            torch.testing.assert_close(
                loaded.networks[key](seen), network(seen), rtol=5e-3, atol=2e-3
            )


def test_shards_are_small_few_and_complete(tmp_path: Path) -> None:
    tensors = {"big": torch.rand(100, 7), "small": torch.tensor(3.0), "other": torch.rand(9, 20)}
    entries = write_shards(tensors, tmp_path, "x", largest=1500)
    assert len(entries) == -(-sum(4 * t.numel() for t in tensors.values()) // 1500)
    assert all((tmp_path / e["file"]).stat().st_size < 1500 + 600 for e in entries)
    read = read_shards(tmp_path, entries)
    assert read.keys() == tensors.keys()
    for name, value in tensors.items():
        assert torch.equal(read[name], value)


def test_a_network_of_the_paper_takes_two_shards_under_15_mb(tmp_path: Path) -> None:
    entry = store_network(make_network("theta0"), tmp_path, "basic", {})
    sizes = [(tmp_path / shard["file"]).stat().st_size for shard in entry["shards"]]
    assert len(sizes) == 2
    assert max(sizes) < 15_000_000
    assert sum(sizes) == pytest.approx(2 * 9_516_849, rel=0.01)


def test_the_model_is_listed_and_predicts_twelve_images(folder: Path) -> None:
    assert [card.kind for card in list_models([folder.parent])] == ["paper-five"]
    seen: list[float] = []
    predictor = load_predictor(folder, "cpu")
    prediction = predictor.predict(micrographs(), lambda fraction, _message: seen.append(fraction))
    assert isinstance(prediction.theta, Theta)
    assert prediction.theta.theta_0 in range(1, 7)
    assert len(prediction.images) == 12
    mean = np.mean([image.fractal_dimension for image in prediction.images])
    assert prediction.theta.fractal_dimension == pytest.approx(mean)
    assert prediction.interval_90 is None
    assert prediction.probabilities is None
    assert prediction.inside_training_range is None
    assert {image.inside_training_range for image in prediction.images} == {None}
    assert [warning.split(",")[0] for warning in prediction.warnings] == ["Undertrained"]
    assert seen[-1] == 1.0
    assert predictor.predict(micrographs()) == prediction


def test_a_card_without_limits_is_no_obstacle(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "paper"
    shutil.copytree(folder, copy)
    document = json.loads((copy / "card.json").read_text())
    del document["limits"]
    (copy / "card.json").write_text(json.dumps(document))
    assert load_predictor(copy, "cpu").predict(micrographs()).warnings == ()


def test_the_prediction_is_that_of_the_networks_on_the_prepared_images(folder: Path) -> None:
    prediction = load_predictor(folder, "cpu").predict(micrographs())
    model = load_paper(folder)
    fields = np.stack([centred_field(m, 0.2, SIDE).intensities for m in micrographs()])
    scale = fields.max((1, 2))
    levels = torch.from_numpy(
        np.rint(np.sqrt(fields / scale[:, None, None]) * 255).astype(np.uint8)
    )
    images = {
        inverted: network_images(levels, torch.from_numpy(scale), inverted=inverted)
        for inverted in (False, True)
    }
    with torch.inference_mode():
        dimension = model.networks["Df"](images[False][:, None]).mean()
        size = model.networks["theta1"](images[True][None])
    assert prediction.theta.fractal_dimension == pytest.approx(float(dimension), abs=1e-4)
    assert prediction.details["outputs"]["theta_1"] == pytest.approx(float(size), abs=1e-3)


def test_more_images_are_read_in_random_sets_and_fewer_refused(folder: Path) -> None:
    predictor = load_predictor(folder, "cpu")
    prediction = predictor.predict(micrographs(14))
    assert len(prediction.images) == 14
    assert "random sets of the 14" in prediction.warnings[-1]
    with pytest.raises(ParameterError, match="sets of 12 images, and there are 11"):
        predictor.predict(micrographs(11))
    unknown = replace(micrographs(1)[0], pixel_size_nm=None)
    with pytest.raises(MicrographError, match="pixel size"):
        predictor.predict([*micrographs(3), unknown])


def test_images_in_other_units_are_brought_to_the_usual_brightness(folder: Path) -> None:
    predictor = load_predictor(folder, "cpu")
    prediction = predictor.predict(micrographs(gain=40_000.0))
    assert "12 of 12 images are not in fractions of the incident beam" in prediction.warnings[-1]
    field = centred_field(micrographs(gain=40_000.0)[3], 0.2, SIDE)
    assert not field.absolute
    assert np.quantile(field.intensities, 0.999) == pytest.approx(0.2)


def test_a_model_without_one_of_the_networks_refuses_to_predict(tmp_path: Path) -> None:
    stored(tmp_path / "part", ("Df", "rho-reg", "theta0", "theta1"))
    predictor = load_predictor(tmp_path / "part", "cpu")
    assert "rho-class" in predictor.card.document["limits"][-1]
    with pytest.raises(ModelError, match="lacks the networks rho-class"):
        predictor.predict(micrographs())


def test_the_aggregate_is_moved_into_the_middle_and_background_added() -> None:
    pixels = np.full((90, 200), 5.0, dtype=np.float32)
    pixels += np.random.default_rng(0).normal(0, 0.05, pixels.shape).astype(np.float32)
    pixels[10:30, 150:190] = 9.0
    field = centred_field(Micrograph(pixels, 1.25, "x"), 0.3, 160)
    bright = np.argwhere(field.intensities > 0.15)
    assert np.abs(bright.mean(0) - 79.5).max() <= 1.0
    assert len(bright) == 20 * 40
    assert np.median(field.intensities[:20]) == pytest.approx(0.0, abs=0.01)
    assert (field.intensities[0] == 0.0).all()


def test_an_aggregate_larger_than_the_field_is_refused() -> None:
    pixels = np.zeros((60, 300), dtype=np.float32)
    pixels[20:40, 20:280] = 0.5
    with pytest.raises(MicrographError, match="more than the 200 nm"):
        centred_field(Micrograph(pixels, 1.25, "long.tif"), 0.3, 160)


def change_card(folder: Path, **changes: object) -> None:
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps(card | changes))


def test_a_changed_shard_is_noticed(tmp_path: Path) -> None:
    stored(tmp_path, ("Df",))
    shard = tmp_path / "Df-0.safetensors"
    data = bytearray(shard.read_bytes())
    data[-1] ^= 1
    shard.write_bytes(bytes(data))
    with pytest.raises(ModelError, match=r"'Df-0.safetensors' .* not the one its card describes"):
        load_paper(tmp_path)


def test_a_shard_that_is_no_safetensors_file_is_refused(tmp_path: Path) -> None:
    stored(tmp_path, ("Df",))
    (tmp_path / "evil.safetensors").write_bytes(b"\x80\x04nothing good")
    from heteroagg_gui.learning.model_card import checksum

    entry = {"file": "evil.safetensors", "sha256": checksum(tmp_path / "evil.safetensors")}
    change_card(tmp_path, networks={"Df": {"features": "basic", "shards": [entry]}})
    with pytest.raises(ModelError, match="missing or damaged"):
        load_paper(tmp_path)


@pytest.mark.parametrize("name", ["../card.safetensors", "/etc/passwd", "a/b.safetensors", 7])
def test_a_card_that_names_files_elsewhere_is_refused(tmp_path: Path, name: object) -> None:
    stored(tmp_path, ("Df",))
    entry = {"features": "basic", "shards": [{"file": name, "sha256": ""}]}
    change_card(tmp_path, networks={"Df": entry})
    with pytest.raises(ModelError, match="outside its folder"):
        read_card(tmp_path)


@pytest.mark.parametrize("networks", [[], {"Df": {}}, {"Df": {"shards": [3]}}, 5])
def test_a_damaged_list_of_networks_is_refused(tmp_path: Path, networks: object) -> None:
    stored(tmp_path, ("Df",))
    change_card(tmp_path, networks=networks)
    with pytest.raises(ModelError, match="damaged"):
        read_card(tmp_path)


def test_shards_of_another_network_are_refused(tmp_path: Path) -> None:
    stored(tmp_path, ("Df",))
    card = json.loads((tmp_path / "card.json").read_text())
    change_card(tmp_path, networks={"theta0": card["networks"]["Df"]})
    with pytest.raises(ModelError, match="another network"):
        load_paper(tmp_path)


def test_networks_of_several_campaigns_are_joined(tmp_path: Path) -> None:
    stored(tmp_path / "one", ("Df", "rho-class"))
    stored(tmp_path / "two", ("rho-reg", "theta0", "theta1"))
    card = assemble([tmp_path / "one", tmp_path / "two"], tmp_path / "whole")
    assert list(card["networks"]) == list(PURPOSES)
    assert load_predictor(tmp_path / "whole", "cpu").predict(micrographs()).theta
    shard = tmp_path / "two" / "theta0-0.safetensors"
    shard.write_bytes(shard.read_bytes()[:-1])
    with pytest.raises(ModelError, match="fetch it again"):
        assemble([tmp_path / "two"], tmp_path / "again")


def test_a_card_tells_which_networks_are_undertrained(tmp_path: Path) -> None:
    entries = {
        key: store_network(make_network(key, side=SIDE), tmp_path, "basic", {"epochs": epochs})
        for key, epochs in (("Df", 0.4), ("rho-reg", FEWEST_EPOCHS))
    }
    more = {"side": SIDE, "usual_full_scale": 0.2, "figures": {}}
    card = write_model_card(tmp_path, entries, more)
    assert card["title"].endswith("undertrained")
    assert "CNN^Df 0.4, where" in card["limits"][0]
    trained = write_model_card(tmp_path, {"rho-reg": entries["rho-reg"]}, more)
    assert "undertrained" not in trained["title"]
    assert not any("ndertrained" in limit for limit in trained["limits"])


@pytest.mark.parametrize("inverted", [None, False])
def test_a_network_without_the_inversion_is_loaded_as_it_was_trained(
    tmp_path: Path, inverted: bool | None
) -> None:
    network = make_network("theta1", side=SIDE, inverted=inverted).eval()
    entry = store_network(network, tmp_path, "basic", {})
    write_model_card(tmp_path, {"theta1": entry}, {"side": SIDE, "usual_full_scale": 0.2})
    loaded = load_paper(tmp_path).networks["theta1"]
    assert loaded.purpose.inverted is (inverted is None)
