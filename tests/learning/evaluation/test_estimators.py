"""Estimators against what they stand for."""

import json
from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.resources import models_folder
from heteroagg_gui.learning.baselines.calibration import load_calibration
from heteroagg_gui.learning.baselines.estimates import estimate_micrographs
from heteroagg_gui.learning.dataset.reading import DataSet
from heteroagg_gui.learning.evaluation.classical_estimators import classical_estimators
from heteroagg_gui.learning.evaluation.estimator import IMAGE_QUANTITIES, SET_QUANTITIES
from heteroagg_gui.learning.evaluation.network_estimators import load_estimator
from heteroagg_gui.learning.evaluation.oracle_estimator import OracleEstimator
from heteroagg_gui.learning.evaluation.own_data import evaluation_plan, folder_name
from heteroagg_gui.learning.predictor import load_predictor


def micrographs(data: DataSet, indices: np.ndarray) -> list[Micrograph]:
    size = data.plan.frame.pixel_size_nm
    return [Micrograph(data.intensities([i])[0], size, f"image {i}") for i in indices.tolist()]


def test_the_compact_network_says_what_its_predictor_says(data: DataSet):
    group = data.evaluation[:6]
    estimator = load_estimator(models_folder() / "compact", "cpu")
    predicted = load_predictor(models_folder() / "compact", "cpu").predict(micrographs(data, group))
    sets = {key: values[0] for key, values in estimator.sets(data, group[None]).items()}
    assert sets["theta_fractal_dimension"] == pytest.approx(
        predicted.theta.fractal_dimension, abs=5e-3
    )
    assert sets["theta_mixing_ratio"] == pytest.approx(predicted.theta.mixing_ratio, abs=5e-3)
    assert sets["theta_0"] == predicted.theta.theta_0
    assert sets["theta_1"] == predicted.theta.theta_1
    low, high = predicted.interval_90["mixing_ratio"]
    assert sets["theta_mixing_ratio_low"] == pytest.approx(low, abs=1e-2)
    assert sets["theta_mixing_ratio_high"] == pytest.approx(high, abs=1e-2)
    images = estimator.images(data, group)
    np.testing.assert_allclose(
        images["fractal_dimension"], [i.fractal_dimension for i in predicted.images], atol=0.02
    )
    np.testing.assert_allclose(
        images["n_particles"], [i.n_particles for i in predicted.images], rtol=0.03
    )
    assert estimator.cost.images == 6


def test_images_are_described_once(data: DataSet):
    estimator = load_estimator(models_folder() / "compact", "cpu")
    several = data.evaluation[:4]
    first = estimator.images(data, several)
    estimator.sets(data, several.reshape(2, 2))
    estimator.sets(data, several.reshape(1, 4))
    assert estimator.cost.images == 4
    again = estimator.images(data, several[::-1])
    np.testing.assert_array_equal(again["z_total"], first["z_total"][::-1])


def test_each_quantity_is_there_or_its_lack_explained(data: DataSet):
    estimators = [
        load_estimator(models_folder() / "compact", "cpu"),
        *classical_estimators(load_calibration()),
        OracleEstimator(sets=40),
    ]
    group = data.evaluation[:3]
    for estimator in estimators:
        has = {*estimator.images(data, group), *estimator.sets(data, group[None])}
        assert has <= {*IMAGE_QUANTITIES, *SET_QUANTITIES}
        assert {*IMAGE_QUANTITIES, *SET_QUANTITIES} - has <= set(estimator.reasons), estimator.name


def test_classical_estimators_do_what_users_can_do(data: DataSet):
    group = data.evaluation[:5]
    box, thresholds, law = classical_estimators(load_calibration())
    found = estimate_micrographs(micrographs(data, group), absolute=True)
    for estimator, key, name in (
        (box, "fractal_dimension", "fractal_dimension_box_counting"),
        (law, "fractal_dimension", "fractal_dimension_scaling_law"),
        (thresholds, "mixing_ratio", "mixing_ratio"),
    ):
        images = estimator.images(data, group)[key]
        np.testing.assert_allclose(images, found[name], rtol=0.03)
        sets = estimator.sets(data, group[None])[f"theta_{key}"]
        np.testing.assert_allclose(sets, found[f"theta_{name}"], rtol=0.03)


def test_the_oracle_knows_theta_well(data: DataSet):
    oracle = OracleEstimator(sets=300)
    groups = data.evaluation.reshape(6, 8)
    found = oracle.sets(data, groups)
    theta = data.theta[groups[:, 0]]
    assert np.abs(found["theta_fractal_dimension"] - theta[:, 0]).mean() < 0.06
    assert np.abs(found["theta_mixing_ratio"] - theta[:, 1]).mean() < 0.1
    assert (found["theta_0"] == theta[:, 2]).mean() >= 0.5
    assert oracle.images(data, data.evaluation) == {}


def test_an_unknown_kind_of_network_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("heteroagg_gui.learning.model_card.KINDS", ("compact-set", "odd"))
    folder = tmp_path / "strange"
    folder.mkdir()
    (folder / "card.json").write_text(json.dumps({"format": 1, "kind": "odd"}))
    (folder / "weights.safetensors").write_bytes(b"x")
    with pytest.raises(ModelError, match=r"'odd'.*can't be evaluated"):
        load_estimator(folder, "cpu")


def test_own_evaluation_data_follow_sets_seed_and_installation():
    plan = evaluation_plan(30, 12, 1)
    assert len(plan) == 360
    assert plan.training_per_configuration == 0
    assert len(set(plan.configurations)) == 30
    assert evaluation_plan(5000, 12, 1).configurations == evaluation_plan(648, 12, 1).configurations
    assert folder_name(plan) == folder_name(evaluation_plan(30, 12, 1))
    assert folder_name(plan) != folder_name(evaluation_plan(30, 12, 2))
