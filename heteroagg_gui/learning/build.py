"""One command from nothing to a bundled compact network: data, training, evaluation, card.

``python -m heteroagg_gui.learning.build --out models/compact --work runs/compact`` may be
interrupted and started again; it goes on from its checkpoint.
"""

import argparse
import json
import platform
import time
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

import heteroagg_gui
from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.appearance import training_appearance, usual_range
from heteroagg_gui.learning.blocks import freeze_kernels
from heteroagg_gui.learning.compact import CompactNetwork, device_named, save_compact
from heteroagg_gui.learning.evaluation.compact_figures import evaluate, paper_thetas
from heteroagg_gui.learning.image_read_out import train_image_read_out
from heteroagg_gui.learning.model_card import CARD_FILE, CARD_FORMAT, WEIGHTS_FILE, checksum
from heteroagg_gui.learning.novelty import fit_novelty
from heteroagg_gui.learning.oracle import oracle_figures, simulate_features, theta_table
from heteroagg_gui.learning.paper.published import PUBLISHED
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.set_data import (
    ImageSets,
    SetTable,
    describe_sets,
    load_table,
    random_thetas,
    save_table,
)
from heteroagg_gui.learning.set_head import SetHead
from heteroagg_gui.learning.train_head import HeadPlan, calibrate, train_head
from heteroagg_gui.learning.train_trunk import TrunkPlan, TrunkTraining, train_trunk
from heteroagg_gui.learning.trunk import Trunk

TRAINING_SEED = 11
CALIBRATION_SEED = 12
TEST_SEED = 13
ORACLE_SEED = 14
APPEARANCES = 1500


@dataclass(frozen=True)
class BuildPlan:
    """Everything that decides what network comes out.

    Parameters
    ----------
    trunk
        Training of the per-image network.
    head
        Training of the set heads.
    training_sets, calibration_sets, test_sets
        Sets of images that the heads learn from, are calibrated and are evaluated on.
    per_set
        Images of a training set.
    """

    trunk: TrunkPlan
    head: HeadPlan = field(default_factory=HeadPlan)
    training_sets: int = 5000
    calibration_sets: int = 400
    test_sets: int = 1000
    per_set: int = 32


def trained_trunk(training: TrunkTraining) -> Trunk:
    """Return the averaged trunk, rounded to the half precision it will be stored in."""
    trunk = Trunk(training.plan.size)
    trunk.load_state_dict({k: v.half().float() for k, v in training.average.items()})
    return trunk.to(training.device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload, no-any-return]


def paper_conditions(ranges: TrainingRanges) -> TrainingRanges:
    """Return ranges with the paper's fixed imaging conditions."""
    return replace(ranges, varied=0.0)


def heads_on(table: SetTable, plan: HeadPlan, progress: Progress = no_progress) -> list[SetHead]:
    """Train the whole ensemble."""
    return [train_head(table, plan, member, progress) for member in range(plan.members)]


def measure_oracle(plan: BuildPlan, images: int = 12, training: int = 6000) -> dict[str, float]:
    """Evaluate the 3D oracle on sets drawn like the test sets."""
    parameters = plan.trunk.ranges.aggregation
    learnt = paper_thetas(training, ORACLE_SEED)
    asked = paper_thetas(plan.test_sets, TEST_SEED)
    figures = oracle_figures(
        (simulate_features(learnt, images, ORACLE_SEED, parameters), theta_table(learnt)),
        (simulate_features(asked, images, TEST_SEED, parameters), theta_table(asked)),
    )
    return asdict(figures)


def build(plan: BuildPlan, work: Path, out: Path, *, workers: int, device: str) -> dict[str, Any]:
    """Train, calibrate, evaluate and store a compact network.

    Parameters
    ----------
    plan
        What to do.
    work
        Folder of checkpoints and intermediate tables.
    out
        The network's folder; replaced only by a complete network.
    workers
        Processes that simulate images.
    device
        A torch device.
    """
    training = train_trunk(plan.trunk, work, device=device, workers=workers, report=_print_row)
    trunk = trained_trunk(training)
    freeze_kernels(trunk)
    ranges = plan.trunk.ranges
    started = time.monotonic()

    def sets(thetas: list[Theta], per_set: int, chosen: TrainingRanges, seed: int) -> SetTable:
        kept = work / f"sets-{training.step}-{seed}-{len(thetas)}x{per_set}.safetensors"
        if not kept.exists():
            data = ImageSets(thetas, per_set, chosen, seed)
            table = describe_sets(
                trunk, training.scales, data, workers=workers, device=device, progress=_Printed()
            )
            save_table(table, kept)
        return load_table(kept)

    thetas = random_thetas(ranges, plan.training_sets, TRAINING_SEED)
    table = sets(thetas, plan.per_set, ranges, TRAINING_SEED)
    held_out = random_thetas(ranges, plan.calibration_sets, CALIBRATION_SEED)
    calibration = sets(held_out, 12, ranges, CALIBRATION_SEED)
    heads = heads_on(table, plan.head, _Printed())
    calibrate(heads, calibration)
    novelty = fit_novelty(table.descriptions.flatten(0, 1), calibration.descriptions.flatten(0, 1))
    test = sets(paper_thetas(plan.test_sets, TEST_SEED), 12, paper_conditions(ranges), TEST_SEED)
    read_out = train_image_read_out(table, plan.head.steps // 2, plan.head.seed, _Printed())
    with torch.no_grad():
        test.predicted = read_out(test.descriptions, test.predicted)
    figures = evaluate(heads, test)
    figures["oracle_3d"] = measure_oracle(plan)
    distances = novelty.distance(test.descriptions.flatten(0, 1))
    figures["flagged_test_images"] = float((distances > novelty.threshold).float().mean())
    usual = usual_range(training_appearance(ranges, APPEARANCES, CALIBRATION_SEED))
    network = CompactNetwork(trunk, training.scales, heads, novelty, usual, read_out)
    save_compact(network, plan.trunk.size, out)
    card = make_card(plan, training, figures, time.monotonic() - started, out)
    with replacing(out / CARD_FILE) as path:
        path.write_text(json.dumps(card, indent=1), encoding="utf-8")
    return card


def make_card(
    plan: BuildPlan, training: TrunkTraining, figures: dict[str, Any], seconds: float, out: Path
) -> dict[str, Any]:
    """Write down what the network was trained on, how long, and how well it does."""
    images = training.step * plan.trunk.batch * plan.trunk.batches
    return {
        "format": CARD_FORMAT,
        "kind": "compact-set",
        "title": "Compact set network for TiO2-WO3, any number of images",
        "created": datetime.now(UTC).date().isoformat(),
        "program_version": heteroagg_gui.__version__,
        "sha256": checksum(out / WEIGHTS_FILE),
        "trained_on": {
            "material_system": "tio2-wo3",
            "ranges": plan.trunk.ranges.as_dict(),
            "single_images": images,
            "sets": plan.training_sets,
            "images_per_set": plan.per_set,
        },
        "training": {
            "trunk_steps": training.step,
            "trunk_seconds": round(training.seconds),
            "heads_and_evaluation_seconds": round(seconds),
            "device": str(training.device),
            "processor": platform.processor() or platform.machine(),
            "torch": str(torch.__version__),
            "plan": asdict(plan),
        },
        "figures": figures,
        "paper": PAPER_FIGURES,
        "limits": [
            (
                "Trained on simulated images only; spheres of one log-normal size distribution "
                "(mean 12 nm, standard deviation 3 nm), 20 to 80 particles, TiO2 and WO3."
            ),
            f"Sets of more than {plan.per_set} images lie beyond what the read-out was trained on.",
        ],
    }


PAPER_FIGURES = {
    key: PUBLISHED[key]
    for key in (
        "theta_fractal_dimension_mae",
        "theta_mixing_ratio_mae",
        "theta_0_exact",
        "theta_0_within_one",
        "theta_1_exact",
        "theta_1_within_one",
        "fractal_dimension_mae",
        "mixing_ratio_mae",
    )
}


def _print_row(row: dict[str, float]) -> None:
    print(json.dumps({k: round(v, 4) for k, v in row.items()}), flush=True)


class _Printed:
    """Progress as a line every tenth."""

    def __init__(self) -> None:
        self._last = -1

    def __call__(self, fraction: float, message: str) -> None:
        tenth = int(fraction * 10)
        if tenth != self._last:
            self._last = tenth
            print(f"{message}: {fraction:.0%}", flush=True)


def main(arguments: list[str] | None = None) -> None:
    """Build a network from the command line."""
    parser = argparse.ArgumentParser(description="Build the compact set network.")
    parser.add_argument("--out", type=Path, required=True, help="folder of the finished network")
    parser.add_argument("--work", type=Path, required=True, help="folder of the checkpoints")
    parser.add_argument("--steps", type=int, default=6000, help="updates of the trunk")
    parser.add_argument("--sets", type=int, default=5000, help="training sets of the set heads")
    parser.add_argument("--per-set", type=int, default=32, help="images of a training set")
    parser.add_argument("--test-sets", type=int, default=1000, help="sets of the evaluation")
    parser.add_argument("--batch", type=int, default=8, help="images of a padded batch")
    parser.add_argument("--batches", type=int, default=2, help="such batches per update")
    parser.add_argument("--learning-rate", type=float, default=1.5e-3, help="peak of its schedule")
    parser.add_argument("--head-steps", type=int, default=4000, help="updates of a set head")
    parser.add_argument("--workers", type=int, default=1, help="processes that simulate images")
    parser.add_argument("--threads", type=int, default=0, help="threads of torch (0: its choice)")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--seed", type=int, default=1, help="seed of weights and images")
    options = parser.parse_args(arguments)
    if options.threads:
        torch.set_num_threads(options.threads)
    plan = BuildPlan(
        trunk=TrunkPlan(
            steps=options.steps,
            batch=options.batch,
            batches=options.batches,
            learning_rate=options.learning_rate,
            seed=options.seed,
        ),
        head=HeadPlan(steps=options.head_steps),
        training_sets=options.sets,
        test_sets=options.test_sets,
        per_set=options.per_set,
    )
    device = device_named(options.device)
    card = build(plan, options.work, options.out, workers=options.workers, device=device)
    print(json.dumps(card["figures"], indent=1))


if __name__ == "__main__":
    main()
