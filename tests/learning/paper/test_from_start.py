"""The paper's networks from a common start, from stored images to a model."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.dataset.generation import generate
from heteroagg_gui.learning.dataset.plan import listed_plan
from heteroagg_gui.learning.dataset.reading import DataSet
from heteroagg_gui.learning.model_card import weights_files
from heteroagg_gui.learning.paper import from_start, start_command
from heteroagg_gui.learning.paper.common_start import CommonNetwork, CommonTask, facts_of
from heteroagg_gui.learning.paper.examples import StreamedImages, image_store
from heteroagg_gui.learning.paper.figures import outputs_on
from heteroagg_gui.learning.paper.model import load_paper
from heteroagg_gui.learning.paper.networks import PURPOSES
from heteroagg_gui.learning.paper.read_outs import ReadOutTask, fresh_read_out
from heteroagg_gui.learning.paper.trainer import PaperPlan, stored_examples
from heteroagg_gui.learning.tensor_fit import check_tensors
from heteroagg_gui.learning.training.run import TrainingRun
from heteroagg_gui.learning.training.task import Recipe, constant_rate
from heteroagg_gui.learning.training.team import ALONE
from heteroagg_gui.stem.microscope import Frame

SIDE = 160
CPU = torch.device("cpu")
PLAN = PaperPlan(side=SIDE, batch=4, validation_share=0.34)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    """Return three parameter vectors with 26 training and 14 evaluation images each."""
    thetas = [Theta(1.7, 0.3, 1, 5), Theta(2.0, 0.5, 3, 3), Theta(2.3, 0.7, 5, 1)]
    plan = listed_plan(
        thetas, 40, seed=2, training_per_configuration=26, frame=Frame(SIDE, SIDE, 4.0)
    )
    return generate(plan, tmp_path_factory.mktemp("paper") / "set")


@pytest.fixture(scope="module")
def started(images: DataSet, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the folder of a common start, plain or inverted, of some seconds."""
    place = tmp_path_factory.mktemp("starts")

    def start(name: str) -> Path:
        folder = place / name
        if not folder.exists():
            options = ["--data", str(images.folder), "--out", str(folder), "--device", "cpu"]
            more = ["--inverted"] if name == "inverted" else []
            given = ["--minutes", "0.03", "--batch", "4", *more]
            assert start_command.main([*options, *given]) == 0
        return folder

    return start


def built(images: DataSet, out: Path, *options: str) -> int:
    given = ["--data", str(images.folder), "--out", str(out), "--work", str(out.parent / "work")]
    return from_start.main([*given, "--device", "cpu", "--updates", "8", *options])


def test_a_model_from_a_common_start_says_what_was_measured(
    images: DataSet, started: Callable[[str], Path], tmp_path: Path
) -> None:
    out = tmp_path / "paper"
    assert built(images, out, "--start", str(started("plain"))) == 0
    check_tensors(out)
    model = load_paper(out)
    document = model.card.document
    assert set(model.networks) == set(PURPOSES)
    assert "undertrained" in document["title"]
    assert document["networks"]["Df"]["training"]["epochs"] < 5
    assert any("One subnetwork f" in limit for limit in document["limits"])
    assert any(limit.startswith("CNN^1 reads") for limit in document["limits"])
    assert 1 < document["training"]["seconds"] < 60
    assert len({id(network.features) for network in model.networks.values()}) == 1
    names = weights_files(document, "paper")
    assert len(names) == len(set(names))
    store = StreamedImages(images, CPU)
    rows = np.asarray(images.evaluation, dtype=np.int64)[:, None]
    said = outputs_on(model.networks["Df"], store, rows, CPU)
    truth = images.descriptors["fractal_dimension"][images.evaluation]
    measured = document["figures"]["fractal_dimension_mae"]["value"]
    assert np.abs(said - truth).mean() == pytest.approx(measured, rel=1e-3)


def test_inverted_images_have_features_of_their_own(
    images: DataSet, started: Callable[[str], Path], tmp_path: Path
) -> None:
    out = tmp_path / "paper"
    starts = ["--start", str(started("plain")), "--inverted-start", str(started("inverted"))]
    assert built(images, out, *starts, "--evaluated", "14") == 0
    model = load_paper(out)
    networks = model.networks
    assert networks["theta1"].features is not networks["theta0"].features
    assert networks["theta0"].features is networks["Df"].features
    entries = model.card.document["networks"]
    assert [key for key in entries if entries[key]["inverted"]] == ["theta1"]
    assert not any("inverted" in limit for limit in model.card.document["limits"])
    metrics = json.loads((out / "metrics.json").read_text())
    assert metrics["figures"]["images"] == 14
    levels = torch.from_numpy(images.levels(range(12)))
    full_scale = torch.from_numpy(images.full_scale[:12])
    together = model.read(levels, full_scale)
    for key, network in networks.items():
        alone = type(model)(model.card, {key: network}, 0.2, SIDE, 4.0).read(levels, full_scale)
        torch.testing.assert_close(together[key], alone[key])


def test_a_folder_without_a_start_is_refused(
    images: DataSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert built(images, tmp_path / "paper", "--start", str(tmp_path)) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_the_common_start_learns_what_it_is_shown_again_and_again(
    images: DataSet, tmp_path: Path
) -> None:
    examples = stored_examples("Df", PLAN, images, image_store(images, np.arange(120), CPU))
    torch.manual_seed(0)
    task = CommonTask(
        CommonNetwork(SIDE), images, examples, PLAN.augmentation, inverted=False, bfloat16=False
    )
    run = TrainingRun(task, Recipe(constant_rate(1e-3)), tmp_path, CPU)
    batch = next(iter(task.chunks(0, ALONE)))
    losses = [run.update(batch) for _ in range(25)]
    for name in ("density", "count", "quantities"):
        assert float(losses[-1][name]) < float(losses[0][name]), name


def test_facts_are_standardised_over_the_training_images(images: DataSet) -> None:
    facts = facts_of(images)
    learnt = facts.quantities[torch.from_numpy(images.training)]
    torch.testing.assert_close(learnt.mean(dim=0), torch.zeros(8), atol=1e-5, rtol=0)
    assert facts.clusters.tolist()[0] == [0, 4]
    assert facts.clusters.tolist()[-1] == [4, 0]
    assert float(facts.homogeneous.mean()) < 0.5


@pytest.mark.parametrize("key", ["rho-class", "theta0"])
def test_a_read_out_learns_from_vectors(images: DataSet, key: str, tmp_path: Path) -> None:
    purpose = PURPOSES[key]
    examples = stored_examples(key, PLAN, images, StreamedImages(images, CPU))
    vectors = torch.rand(len(images), 112, generator=torch.Generator().manual_seed(1))
    vectors[:, 0] = torch.from_numpy(images.theta[:, 2]).float()
    mixing = images.descriptors["mixing_ratio"]
    vectors[:, 1] = torch.from_numpy(np.isin(mixing, (0.0, 1.0))).float()
    task = ReadOutTask(purpose, fresh_read_out(purpose, 1), examples, vectors)
    run = TrainingRun(task, Recipe(constant_rate(3e-3)), tmp_path, CPU)
    first = next(iter(task.chunks(0, ALONE)))[0]
    before = float(task.losses(first)["total"].detach())
    for number, chunk in enumerate(task.chunks(0, ALONE)):
        run.update(chunk)
        if number == 100:
            break
    assert float(task.losses(first)["total"].detach()) < 0.5 * before
    assert task.validate()["validation_loss"] > 0


def test_a_read_out_begins_as_the_whole_network_does(images: DataSet) -> None:
    assert fresh_read_out(PURPOSES["theta1"], 4).output.bias.tolist() == [3.5]
    assert fresh_read_out(PURPOSES["Df"], 4).output.bias.tolist() == [0.0]
