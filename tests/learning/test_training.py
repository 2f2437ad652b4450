"""Training, storing and loading networks."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from heteroagg_gui.core.errors import Cancelled, MicrographError, ModelError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.resources import models_folder
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.evaluation.compact_figures import coverage, paper_thetas
from heteroagg_gui.learning.makers import Makers
from heteroagg_gui.learning.measures import with_interval
from heteroagg_gui.learning.model_card import list_models, read_card
from heteroagg_gui.learning.predictor import load_predictor
from heteroagg_gui.learning.set_data import SetTable, single_images
from heteroagg_gui.learning.set_head import ThetaDistribution
from heteroagg_gui.learning.train_head import (
    HeadPlan,
    calibrate,
    draw_subsets,
    predict_sets,
    train_head,
)
from heteroagg_gui.learning.train_trunk import TrunkPlan, train_trunk
from heteroagg_gui.learning.trunk import TrunkSize

TINY = TrunkPlan(
    steps=4,
    batch=2,
    batches=1,
    warmup=1,
    size=TrunkSize(channels=(4, 4, 8, 8), blocks=(1, 1, 1), embedding=8),
)


def stop_after(steps: int) -> object:
    def progress(fraction: float, message: str) -> None:
        if fraction >= steps / TINY.steps:
            raise Cancelled

    return progress


def test_a_resumed_training_equals_an_uninterrupted_one(tmp_path: Path) -> None:
    whole = train_trunk(TINY, tmp_path / "whole")
    with pytest.raises(Cancelled):
        train_trunk(TINY, tmp_path / "parts", progress=stop_after(2))
    resumed = train_trunk(TINY, tmp_path / "parts")
    assert resumed.step == whole.step == 4
    for name, value in whole.trunk.state_dict().items():
        assert torch.equal(value, resumed.trunk.state_dict()[name]), name
        assert torch.equal(whole.average[name], resumed.average[name]), name


def test_the_number_of_workers_changes_nothing(tmp_path: Path) -> None:
    plan = replace(TINY, steps=2)
    alone = train_trunk(plan, tmp_path / "alone")
    helped = train_trunk(plan, tmp_path / "helped", makers=Makers(2))
    for name, value in alone.trunk.state_dict().items():
        assert torch.equal(value, helped.trunk.state_dict()[name]), name


def test_the_seed_decides_the_weights(tmp_path: Path) -> None:
    plan = replace(TINY, steps=1)
    first = train_trunk(plan, tmp_path / "a")
    other = train_trunk(replace(plan, seed=2), tmp_path / "b")
    assert not torch.equal(first.trunk.densities.weight, other.trunk.densities.weight)


def invented_sets(count: int, seed: int) -> SetTable:
    """Return descriptions that hold theta plainly, with noise."""
    rng = np.random.default_rng(seed)
    theta = np.column_stack(
        [
            rng.uniform(1.4, 2.6, count),
            rng.uniform(0.05, 0.95, count),
            rng.integers(1, 7, count),
            rng.integers(1, 7, count),
        ]
    )
    seen = theta[:, None] + rng.normal(0, (0.1, 0.1, 1.0, 1.0), (count, 12, 4))
    nothing = torch.zeros(count, 12, 9)
    as_tensor = torch.from_numpy(theta.astype(np.float32))
    return SetTable(torch.from_numpy(seen.astype(np.float32)), nothing, nothing, as_tensor)


def test_the_read_out_learns_and_is_calibrated() -> None:
    plan = HeadPlan(members=1, steps=250, sets=64)
    head = train_head([invented_sets(800, 0)], plan, 0)
    calibrate([head], invented_sets(400, 1))
    test = invented_sets(800, 2)
    many, one = (predict_sets([head], test.descriptions[:, :n]) for n in (12, 1))
    middle = torch.tensor([0.5])

    def error(predicted: ThetaDistribution) -> float:
        medians = predicted.quantiles(middle)[:, :, 0]
        return float((medians - test.theta[:, :2]).abs()[:, 0].mean())

    assert error(many) < 0.05
    assert error(one) > 1.3 * error(many)
    covered = coverage(many, test.theta)
    assert covered["fractal_dimension"]["90%"] == pytest.approx(0.9, abs=0.06)
    assert covered["mixing_ratio"]["50%"] == pytest.approx(0.5, abs=0.1)
    exact = many.probabilities.argmax(dim=2) + 1 == test.theta[:, 2:]
    assert exact.float().mean() > 0.7


def sets_of(images: int, mark: float, count: int = 6) -> SetTable:
    """Return sets whose descriptions are a mark and the number of the set, and that as theta."""
    number = torch.arange(count, dtype=torch.float32)
    descriptions = torch.stack([torch.full((count,), mark), number], dim=1)
    many = descriptions[:, None].repeat(1, images, 1)
    nothing = torch.zeros(count, images, 9)
    return SetTable(many, nothing, nothing, torch.stack([number + mark] * 4, dim=1))


def test_sets_with_few_and_many_images_are_learnt_from_together() -> None:
    tables = [sets_of(3, 100.0, count=12), sets_of(8, 200.0, count=4)]
    generator = torch.Generator().manual_seed(3)
    lengths, marks = [], []
    for _ in range(400):
        descriptions, present, theta = draw_subsets(tables, 16, generator)
        assert descriptions.shape[:2] == present.shape
        assert torch.equal(descriptions[:, 0].sum(dim=1), theta[:, 0])
        assert (present.sum(dim=1) >= 1).all()
        lengths.append(present.shape[1])
        marks.append(descriptions[:, 0, 0])
    long = np.array(lengths) > 3
    assert {*lengths} == {*range(1, 9)}
    assert all((mark == 200.0).all() for mark, many in zip(marks, long, strict=True) if many)
    few = torch.cat([mark for mark, many in zip(marks, long, strict=True) if not many])
    assert float((few == 100.0).float().mean()) == pytest.approx(12 / 16, abs=0.02)
    assert long.mean() == pytest.approx(4 / 16 * 5 / 8, abs=0.06)


def test_images_of_all_tables_are_sets_of_one() -> None:
    found = single_images([sets_of(3, 100.0), sets_of(2, 200.0)])
    assert found.descriptions.shape == (30, 1, 2)
    assert found.quantities.shape == (30, 1, 9)
    assert torch.equal(found.descriptions[:, 0].sum(dim=1), found.theta[:, 0])


def test_bootstrap_intervals_hold_the_mean() -> None:
    values = np.random.default_rng(0).normal(3.0, 1.0, 400)
    found = with_interval(values)
    assert found["low"] < found["value"] < found["high"]
    assert found["high"] - found["low"] == pytest.approx(2 * 1.96 / 20, rel=0.15)


def test_the_evaluation_draws_from_the_papers_grid() -> None:
    thetas = paper_thetas(500, 1)
    assert thetas == paper_thetas(500, 1)
    assert {t.theta_0 for t in thetas} == {1, 2, 3, 4, 5, 6}
    assert {round(t.fractal_dimension * 10) for t in thetas} == set(range(15, 26))
    assert isinstance(thetas[0], Theta)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Return a copy of the bundled network."""
    return Path(shutil.copytree(models_folder() / "compact", tmp_path / "compact"))


def test_the_bundled_network_states_its_training_and_figures() -> None:
    (card,) = [card for card in list_models([models_folder()]) if card.name == "compact"]
    assert card.document["trained_on"]["single_images"] > 10_000
    figures = card.document["figures"]["sets_of_12"]
    assert figures["sets"] >= 500
    assert figures["theta_fractal_dimension_mae"]["value"] < 0.03
    assert figures["theta_0_exact"]["value"] > 0.48
    assert figures["theta_1_exact"]["value"] > 0.45


def test_changed_weights_are_noticed(installed: Path) -> None:
    weights = installed / "weights.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(bytes(data))
    with pytest.raises(ModelError, match="not those its card describes"):
        load_predictor(installed)


def test_damaged_weights_are_refused_in_one_sentence(installed: Path) -> None:
    card = json.loads((installed / "card.json").read_text())
    del card["sha256"]
    (installed / "card.json").write_text(json.dumps(card))
    (installed / "weights.safetensors").write_bytes(b"not a network")
    with pytest.raises(ModelError, match="damaged"):
        load_predictor(installed)


@pytest.mark.parametrize(
    ("change", "word"), [({"format": 99}, "another version"), ({"kind": "x"}, "unknown kind")]
)
def test_unknown_networks_are_refused(installed: Path, change: dict, word: str) -> None:
    card = json.loads((installed / "card.json").read_text()) | change
    (installed / "card.json").write_text(json.dumps(card))
    with pytest.raises(ModelError, match=word):
        read_card(installed)
    assert list_models([installed.parent]) == []


def test_no_image_is_said() -> None:
    predictor = load_predictor(models_folder() / "compact", "cpu")
    with pytest.raises(MicrographError, match="no image"):
        predictor.predict([])


def test_noise_is_flagged_as_unlike_the_training_images() -> None:
    predictor = load_predictor(models_folder() / "compact", "cpu")
    rng = np.random.default_rng(0)
    noise = [Micrograph(rng.random((300, 300)).astype(np.float32), 1.25, "n") for _ in range(4)]
    prediction = predictor.predict(noise)
    assert not prediction.inside_training_range
    assert prediction.warnings
    assert all(image.reason for image in prediction.images)
