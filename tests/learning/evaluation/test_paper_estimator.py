"""The paper's networks as an estimator says what their predictor says."""

from pathlib import Path

import numpy as np
import pytest
import torch

from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.learning.evaluation.estimator import IMAGE_QUANTITIES, SET_QUANTITIES
from heteroagg_gui.learning.evaluation.network_estimators import load_estimator
from heteroagg_gui.learning.evaluation.paper_estimator import PaperEstimator
from heteroagg_gui.learning.paper.model import store_network, write_model_card
from heteroagg_gui.learning.paper.networks import PURPOSES, make_network
from heteroagg_gui.learning.predictor import load_predictor
from tests.learning.paper.tiny_data import SIDE, TinyData


def store(folder: Path, keys: tuple[str, ...]) -> Path:
    """Write a model of small networks whose statistics have moved."""
    entries = {}
    for seed, key in enumerate(keys):
        network = make_network(key, seed=seed, side=SIDE)
        with torch.no_grad():
            network(torch.rand(2, network.purpose.images, SIDE, SIDE) - 0.5)
        entries[key] = store_network(network.eval(), folder, "basic", {})
    more = {"side": SIDE, "usual_full_scale": 0.2, "figures": {}}
    write_model_card(folder, entries, more)
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    return store(tmp_path_factory.mktemp("models") / "paper", tuple(PURPOSES))


def intensities(data: TinyData, indices: np.ndarray) -> np.ndarray:
    levels = data.levels(indices) / 255.0
    return np.asarray(data.full_scale[indices][:, None, None] * levels**2, dtype=np.float32)


def test_it_agrees_with_the_predictor(model: Path) -> None:
    data = TinyData()
    chosen = data.evaluation[:12]
    # The predictor centres an aggregate; these images are compared as they lie.
    estimator = load_estimator(model, "cpu")
    assert isinstance(estimator, PaperEstimator)
    images, sets = estimator.images(data, chosen), estimator.sets(data, chosen[None])
    predictor = load_predictor(model, "cpu")
    fields = [
        Micrograph(pixels, 1.25, f"{k}") for k, pixels in enumerate(intensities(data, chosen))
    ]
    predicted = predictor.predict(fields)
    for key in ("fractal_dimension", "mixing_ratio"):
        stated = [getattr(image, key) for image in predicted.images]
        assert np.allclose(images[key], stated, atol=0.08)
        assert np.isclose(sets[f"theta_{key}"][0], images[key].mean())
    assert sets["theta_0"][0] == predicted.theta.theta_0
    assert sets["theta_0_unrounded"][0] == pytest.approx(
        predicted.details["outputs"]["theta_0"], abs=0.2
    )


def test_small_sets_are_repeated_and_large_ones_averaged(model: Path) -> None:
    data = TinyData()
    estimator = load_estimator(model, "cpu")
    six = data.evaluation[:6]
    twice = estimator.sets(data, np.concatenate([six, six])[None])
    once = estimator.sets(data, six[None])
    assert once["theta_1_unrounded"] == pytest.approx(twice["theta_1_unrounded"], rel=1e-6)
    fourteen = data.evaluation[:14]
    runs = [np.roll(fourteen, -k)[:12] for k in range(14)]
    whole = estimator.sets(data, fourteen[None])["theta_0_unrounded"][0]
    parts = estimator.sets(data, np.stack(runs))["theta_0_unrounded"]
    assert whole == pytest.approx(parts.mean(), rel=1e-5)


def test_what_is_missing_has_its_reason(tmp_path: Path, model: Path) -> None:
    data = TinyData()
    partial = load_estimator(store(tmp_path / "part", ("Df", "rho-class")), "cpu")
    for estimator in (load_estimator(model, "cpu"), partial):
        images = estimator.images(data, data.evaluation[:2])
        sets = estimator.sets(data, data.evaluation[None, :12])
        assert {*images, *estimator.reasons} >= set(IMAGE_QUANTITIES)
        assert {*sets, *estimator.reasons} >= set(SET_QUANTITIES)
        assert not {*images, *sets} & {*estimator.reasons}
    assert "mixing_ratio" not in images
    assert "rho-reg" in partial.reasons["mixing_ratio"]
