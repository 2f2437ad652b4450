"""Figures beside figures, and taking a network into use."""

import pytest

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.learning.model_card import read_card
from heteroagg_gui.learning.retraining.effort import Effort
from heteroagg_gui.workflow.places import user_models_folder
from heteroagg_gui.workflow.trainings.adoption import adopt, check_network_name, export
from heteroagg_gui.workflow.trainings.figures import (
    Figure,
    Verdict,
    compare,
    coverage_of,
    references_for,
    verdict_of,
)
from heteroagg_gui.workflow.trainings.revisions import with_lower_rate, with_smaller_batch
from tests.small_networks import small_network
from tests.workflow.fake_trainings import plan


def figure(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": value, "low": low, "high": high}


NEW = {
    "figures": {
        "sets_of_12": {
            "theta_0_exact": figure(0.5, 0.45, 0.55),
            "theta_fractal_dimension_mae": figure(0.02, 0.01, 0.03),
            "coverage": {"fractal_dimension": {"90%": 0.91, "50%": 0.52, "all": 1}},
        },
        "per_image": {"fractal_dimension_mae": 0.06, "n_particles_mae": "many"},
        "by_number_of_images": [{"images": 1, "theta_mixing_ratio_mae": figure(0.1, 0.0, 0.2)}, 7],
    },
    "paper": {
        "theta_0_exact": 0.48,
        "fractal_dimension_mae": 0.0671,
        "theta_mixing_ratio_mae": 0.017,
    },
}
OLD = {
    "figures": {
        "sets_of_12": {
            "theta_0_exact": figure(0.7, 0.6, 0.8),
            "theta_fractal_dimension_mae": figure(0.04, 0.031, 0.05),
        }
    }
}


def test_better_is_said_only_where_the_intervals_part():
    rows = {row.info.key: row for row in compare(NEW, (OLD, None))}
    assert set(rows) == {"theta_0_exact", "theta_fractal_dimension_mae", "fractal_dimension_mae"}
    assert rows["theta_0_exact"].verdict is Verdict.WORSE
    assert rows["theta_fractal_dimension_mae"].verdict is Verdict.BETTER
    assert rows["fractal_dimension_mae"].verdict is Verdict.UNKNOWN
    assert rows["fractal_dimension_mae"].paper == 0.0671
    assert rows["theta_0_exact"].others == (Figure(0.7, 0.6, 0.8), None)
    assert verdict_of(Figure(1, 0, 2), Figure(3, 1.5, 4), False) is Verdict.SAME


def test_lines_beside_the_curves_and_coverage():
    single = references_for("theta_mixing_ratio", NEW, "bundled")
    assert [(r.title, r.value) for r in single] == [
        ("bundled", 0.1),
        ("paper, from 12 images", 0.017),
    ]
    assert [r.value for r in references_for("fractal_dimension", NEW, "bundled")] == [0.06, 0.0671]
    assert references_for("fractal_dimension", None, "bundled") == ()
    assert coverage_of(NEW) == {"fractal_dimension": ((0.5, 0.52), (0.9, 0.91))}
    assert coverage_of({"figures": [1]}) == {}


def test_a_name_that_is_taken_or_no_name_is_refused(home, tmp_path):
    small_network(user_models_folder() / "mine")
    for name in ("mine", "compact", "../x", ""):
        with pytest.raises(ModelError):
            check_network_name(name)
    check_network_name("other")


def test_a_network_is_adopted_and_exported_under_the_name_that_is_asked_for(home, tmp_path):
    training = tmp_path / "training"
    training.mkdir()
    with pytest.raises(ModelError, match="not made a network yet"):
        adopt(training, "mine")
    small_network(training / "network")
    adopted = adopt(training, "mine")
    assert adopted == user_models_folder() / "mine"
    assert read_card(adopted).title == "A small network"
    with pytest.raises(ModelError, match="mine"):
        adopt(training, "mine")
    with pytest.raises(ModelError, match="exists already"):
        export(training, "mine", tmp_path)
    written = export(training, "mine", tmp_path / "out")
    assert (written / "card.json").is_file()


def test_plans_that_need_less():
    usual = plan(effort=Effort(batch=8, batches=2), workers=4)
    half = with_smaller_batch(usual)
    assert (half.effort.batch, half.effort.batches, half.workers) == (4, 4, 2)
    odd = with_smaller_batch(plan(effort=Effort(batch=3, batches=1)))
    assert odd.effort.images_per_update == 3
    single = plan(effort=Effort(batch=1), workers=2)
    assert with_smaller_batch(single).workers == 1
    assert with_smaller_batch(plan(effort=Effort(batch=1), workers=1)) is None
    assert with_lower_rate(plan()).effort.learning_rate == pytest.approx(0.00033)
