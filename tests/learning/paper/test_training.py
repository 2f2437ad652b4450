"""Training the paper's networks on tiny images, from examples to a model."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from heteroagg_gui.core.errors import Cancelled, ParameterError
from heteroagg_gui.learning.paper import campaign
from heteroagg_gui.learning.paper.examples import StreamedImages
from heteroagg_gui.learning.paper.figures import Outputs, evaluation_sets, figures_of
from heteroagg_gui.learning.paper.model import load_paper
from heteroagg_gui.learning.paper.trainer import (
    SHARES,
    PaperPlan,
    Place,
    begin,
    finish,
    share_of_time,
    stored_examples,
)
from heteroagg_gui.learning.training.run import TrainingRun
from heteroagg_gui.learning.training.team import ALONE
from tests.learning.paper.tiny_data import SIDE, TinyData

CPU = torch.device("cpu")
PLAN = PaperPlan(batch=2, side=SIDE, epochs=1, validation_share=0.34)


def begun(key: str, folder: Path, plan: PaperPlan = PLAN, trained: int = 13) -> TrainingRun:
    data = TinyData(configurations=3, per=14, trained=trained)
    examples = stored_examples(key, plan, data, StreamedImages(data, CPU))
    return begin(key, plan, examples, folder, Place(CPU))


def test_a_resumed_paper_network_equals_an_uninterrupted_one(tmp_path: Path) -> None:
    def stop(fraction: float, message: str) -> None:
        if fraction > 0.3:
            raise Cancelled

    plan = PaperPlan(batch=4, side=SIDE, epochs=2, validation_share=0.34)
    whole = begun("rho-class", tmp_path / "whole", plan, 7)
    finish(whole, plan)
    with pytest.raises(Cancelled):
        finish(begun("rho-class", tmp_path / "parts", plan, 7), plan, progress=stop)
    resumed = begun("rho-class", tmp_path / "parts", plan, 7)
    resumed.resume()
    assert 0 < resumed.step < whole.step
    finish(resumed, plan)
    one, other = (load_file(run.folder / "last.safetensors") for run in (whole, resumed))
    for name, value in one.items():
        assert torch.equal(value, other[name]), name
    assert whole.log[-1]["validation_loss"] == resumed.log[-1]["validation_loss"]
    assert "validation_accuracy" in whole.log[-1]


def test_a_network_for_cluster_sizes_learns_from_sets(tmp_path: Path) -> None:
    run = begun("theta0", tmp_path, PaperPlan(batch=1, side=SIDE, epochs=2))
    finish(run, PaperPlan(batch=1, side=SIDE, epochs=2))
    assert run.step == 4
    assert run.log[-1]["images"] == 48
    assert 0 <= run.log[-1]["validation_exact"] <= run.log[-1]["validation_within_one"] <= 1


def test_a_network_learns_what_it_is_shown_again_and_again(tmp_path: Path) -> None:
    run = begun("Df", tmp_path, PaperPlan(batch=4, side=SIDE, validation_share=0.0))
    batch = next(iter(run.task.chunks(0, ALONE)))
    losses = [float(run.update(batch)["total"]) for _ in range(20)]
    assert losses[-1] < 0.9 * losses[0]


def test_errors_are_given_in_units_of_theta(tmp_path: Path) -> None:
    run = begun("Df", tmp_path)
    finish(run, PLAN)
    assert 0 < run.log[-1]["validation_theta_mae"] < 1.4
    assert 0 < run.log[-1]["validation_mae"] < 1.4


def test_a_training_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="needs an end"):
        finish(begun("Df", tmp_path), PaperPlan(side=SIDE))


def test_time_is_shared_out() -> None:
    keys, left, given = list(SHARES), 100.0, []
    for number, key in enumerate(keys):
        given.append(left * share_of_time(key, keys[number:], SHARES))
        left -= given[-1]
    assert left == pytest.approx(0.0)
    assert given[3] == pytest.approx(1.5 * given[0])
    assert campaign.chosen_shares("Df=3")["Df"] == 3.0
    with pytest.raises(ParameterError, match="can't be read"):
        campaign.chosen_shares("Df=much")
    with pytest.raises(ParameterError, match="no network 'D'"):
        campaign.chosen_networks("D,theta0")


def test_figures_are_those_of_the_definitions() -> None:
    data = TinyData()
    sets = evaluation_sets(data, passes=1)
    mixing = data.descriptors["mixing_ratio"][data.evaluation]
    shift = np.where(np.arange(len(mixing)) % 2 == 0, 0.03, -0.01)
    homogeneous = np.isin(mixing, (0.0, 1.0)).astype(float)
    homogeneous[0] = 1 - homogeneous[0]
    values = {
        "Df": data.descriptors["fractal_dimension"][data.evaluation] + shift,
        "rho-reg": mixing + 0.2,
        "rho-class": homogeneous,
        "theta0": data.theta[sets[:, 0], 2] + 0.6,
        "theta1": data.theta[sets[:, 0], 3] + 0.4,
    }
    figures = figures_of(data, Outputs(sets, values))
    assert figures["fractal_dimension_mae"]["value"] == pytest.approx(0.02)
    assert figures["fractal_dimension_bias"] == pytest.approx(0.01)
    assert figures["mixing_ratio_mae_regression_only"]["value"] == pytest.approx(0.2)
    assert figures["mixing_ratio_mae"]["value"] < 0.2
    assert sum(figures["classification"].values()) == len(mixing)
    assert figures["classified_correctly"] == pytest.approx(1 - 1 / len(mixing))
    assert figures["theta_0_exact"]["value"] == 0.0
    assert figures["theta_0_within_one"]["value"] == 1.0
    assert figures["theta_0_mae"]["value"] == pytest.approx(1.0)
    assert figures["theta_1_exact"]["value"] == 1.0
    assert figures["theta_1_mae_before_rounding"]["value"] == pytest.approx(0.4)


def run_campaign(monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    """Run a campaign of few updates on tiny images."""
    monkeypatch.setattr(campaign, "open_dataset", lambda _folder: TinyData(2, 26, 13))
    monkeypatch.setattr(
        campaign, "_plan", lambda _options, side: PaperPlan(batch=8, side=side, epochs=1)
    )
    return campaign.main(["--data", "x", "--minutes", "5", "--device", "cpu", *options])


def test_a_campaign_writes_a_model_and_another_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = str(tmp_path / "first"), str(tmp_path / "second")
    names = ["--networks", "Df,rho-reg"]
    assert run_campaign(monkeypatch, "--out", first, *names, "--keep-optimiser") == 0
    assert "Df: step 1" in capsys.readouterr().out
    card = load_paper(tmp_path / "first").card.document
    assert list(card["networks"]) == ["Df", "rho-reg"]
    assert card["networks"]["Df"]["training"]["updates"] == 1
    assert card["figures"]["fractal_dimension_mae"]["value"] > 0
    assert {p.name for p in (tmp_path / "first").iterdir()} >= {
        "metrics.json",
        "adam-Df-0.safetensors",
    }
    monkeypatch.setattr(TrainingRun, "adopt", _with_more_epochs(TrainingRun.adopt))
    names = ["--networks", "Df"]
    assert run_campaign(monkeypatch, "--out", second, "--resume", first, *names) == 0
    metrics = json.loads((tmp_path / "second" / "metrics.json").read_text())
    assert [row["step"] for row in metrics["curves"]["Df"]] == [1, 2]
    assert list(load_paper(tmp_path / "second").networks) == ["Df"]


def _with_more_epochs(adopt: object) -> object:
    def adopting(run: TrainingRun, step: int, seconds: float, log: list) -> None:
        run.task.updates_per_epoch = 2
        adopt(run, step, seconds, log)

    return adopting


def test_a_campaign_without_data_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    options = ["--data", str(tmp_path), "--out", str(tmp_path / "o"), "--minutes", "1"]
    assert campaign.main([*options, "--device", "cpu"]) == 2
    assert "holds no training data" in capsys.readouterr().err
