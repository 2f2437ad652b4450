"""One command from nothing to a bundled compact network: data, training, evaluation, card.

``python -m heteroagg_gui.learning.build --out models/compact --work runs/compact`` may be
interrupted and started again; it goes on from its checkpoint.
"""

import argparse
import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from heteroagg_gui.learning.compact import device_named
from heteroagg_gui.learning.evaluation.compact_figures import PAPER_IMAGES, paper_thetas
from heteroagg_gui.learning.makers import Makers
from heteroagg_gui.learning.oracle import oracle_figures, simulate_features, theta_table
from heteroagg_gui.learning.retraining.evaluation_stage import (
    PAPER,
    figures_on,
    tables_for_tests,
)
from heteroagg_gui.learning.retraining.network_card import (
    compact_card,
    trained_on,
    write_network,
)
from heteroagg_gui.learning.retraining.read_out_stage import (
    TEST_SEED,
    ReadOutPlan,
    SetWork,
    composed,
    kept_heads,
    tables_of,
)
from heteroagg_gui.learning.retraining.trunk_stage import Place, begun, describer_of, train_from
from heteroagg_gui.learning.train_head import HeadPlan
from heteroagg_gui.learning.train_trunk import TrunkPlan

TITLE = "Compact set network for TiO2-WO3, any number of images"
ORACLE_SEED = 14


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
    short_sets, per_short_set
        Further training sets, and images of each.
    """

    trunk: TrunkPlan
    head: HeadPlan = field(default_factory=HeadPlan)
    training_sets: int = 5000
    calibration_sets: int = 400
    test_sets: int = 1000
    per_set: int = 32
    short_sets: int = 0
    per_short_set: int = 32


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
        The network's folder; its card is replaced last.
    workers
        Processes that simulate images.
    device
        A torch device.
    """
    makers = Makers(workers)
    training = begun(plan.trunk, work, Place(device, makers))
    train_from(training, report=_print_row)
    started = time.monotonic()
    ranges = plan.trunk.ranges
    describer = describer_of(training)
    tables = work / f"step-{training.step}"
    sets = SetWork((describer,), tables, makers, device, _Printed())
    read_out = ReadOutPlan(
        ranges,
        plan.training_sets,
        plan.per_set,
        plan.calibration_sets,
        plan.head,
        short_sets=plan.short_sets,
        per_short_set=plan.per_short_set,
    )
    described = tables_of(read_out, sets)
    head = plan.head
    learnt = "-".join(f"{len(t.theta)}x{t.descriptions.shape[1]}" for t in described.learnt)
    kept = f"heads-{learnt}-{head.steps}x{head.sets}-{head.seed}"
    heads = kept_heads(described.learnt, head, tables / kept, _Printed())
    network = composed(describer, plan.trunk.size, heads, described, read_out)
    (test,) = tables_for_tests(PAPER, ranges, plan.test_sets, PAPER_IMAGES, sets)
    figures = figures_on(network, test, PAPER) | {"oracle_3d": measure_oracle(plan)}
    images = training.step * plan.trunk.batch * plan.trunk.batches
    seen = trained_on(images, read_out)
    made = {
        "trunk_steps": training.step,
        "trunk_seconds": round(training.seconds),
        "heads_and_evaluation_seconds": round(time.monotonic() - started),
        "device": str(training.device),
        "plan": asdict(plan),
    }
    return write_network(network, compact_card(TITLE, seen, made, figures), out)


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
    parser.add_argument("--short-sets", type=int, default=0, help="further training sets")
    parser.add_argument("--per-short-set", type=int, default=32, help="images of one of these")
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
        short_sets=options.short_sets,
        per_short_set=options.per_short_set,
    )
    device = device_named(options.device)
    card = build(plan, options.work, options.out, workers=options.workers, device=device)
    print(json.dumps(card["figures"], indent=1))


if __name__ == "__main__":
    main()
