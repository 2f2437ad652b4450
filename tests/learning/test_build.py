"""The one-command build makes a network of the same parts as a retraining."""

import json
from pathlib import Path

import pytest

from heteroagg_gui.learning import build as module
from heteroagg_gui.learning.build import BuildPlan, build
from heteroagg_gui.learning.predictor import load_predictor
from heteroagg_gui.learning.train_head import HeadPlan
from heteroagg_gui.learning.train_trunk import TrunkPlan
from heteroagg_gui.learning.trunk import TrunkSize


def test_a_tiny_network_is_built_and_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "measure_oracle", lambda plan: {"theta_0_exact": 1.0})
    size = TrunkSize(channels=(4, 4, 8, 8), blocks=(1, 1, 1), embedding=8)
    plan = BuildPlan(
        TrunkPlan(steps=1, batch=2, batches=1, size=size),
        HeadPlan(members=1, steps=2),
        training_sets=16,
        calibration_sets=4,
        test_sets=4,
        per_set=2,
    )
    card = build(plan, tmp_path / "work", tmp_path / "out", workers=0, device="cpu")
    assert json.loads((tmp_path / "out" / "card.json").read_text()) == json.loads(json.dumps(card))
    assert card["figures"]["sets_of_12"]["sets"] == 4
    assert card["figures"]["oracle_3d"] == {"theta_0_exact": 1.0}
    assert "theta_mixing_ratio_mae_on_grid" in card["figures"]
    assert 0.0 <= card["figures"]["flagged_test_images"] <= 1.0
    assert card["trained_on"]["sets"] == 16
    assert load_predictor(tmp_path / "out", "cpu").card.material_system == "tio2-wo3"
