"""How fast a plan is carried out here, measured in some seconds."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.materials import DEFAULT_SYSTEM
from heteroagg_gui.core.processor import cores
from heteroagg_gui.learning.batches import EndlessChunks
from heteroagg_gui.learning.compact import load_compact
from heteroagg_gui.learning.losses import Scales, trunk_loss
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.curve_work import curve_seconds
from heteroagg_gui.learning.retraining.devices import chosen_device, device_title, share_cores
from heteroagg_gui.learning.retraining.evaluation_stage import kinds_of_tests
from heteroagg_gui.learning.retraining.own_materials import own_system
from heteroagg_gui.learning.retraining.plan import RetrainingPlan
from heteroagg_gui.learning.retraining.samples import usable_ranges
from heteroagg_gui.learning.retraining.stage_times import Rates, estimated
from heteroagg_gui.learning.set_data import SetTable, describe_images
from heteroagg_gui.learning.train_head import HeadPlan, train_head
from heteroagg_gui.learning.train_trunk import network_input, to_device
from heteroagg_gui.learning.training.task import mixed_precision
from heteroagg_gui.learning.trunk import Trunk, TrunkOutput
from heteroagg_gui.stem.microscope import Microscope

SIMULATING, TRAINING, DESCRIBING, HEADS = 0.3, 0.35, 0.15, 0.2
"""Shares of the time."""
HEAD_UPDATES = 10
HEAD_SETS = 128


@dataclass(frozen=True)
class TrialResult:
    """Speeds of this computer, and what a plan takes with them.

    Parameters
    ----------
    device, device_title
        What it was measured on.
    simulating, training, describing
        Images a second that one process simulates, that the network is trained on and that it
        describes.
    head_updates
        Updates of a set head a second.
    stages
        Estimated seconds of each part of the plan. Reference curves are not measured: theirs
        is what a crystal takes on a usual processor.
    seconds
        Their sum.
    """

    device: str
    device_title: str
    simulating: float
    training: float
    describing: float
    head_updates: float
    stages: dict[str, float]
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self)


def trial(
    plan: RetrainingPlan,
    device: str = "auto",
    seconds: float = 10.0,
    *,
    start: Path | None = None,
    systems: Path | None = None,
    jobs: int | None = None,
) -> TrialResult:
    """Do a little of each kind of work, and reckon how long the whole plan takes.

    Parameters
    ----------
    plan
        The plan.
    device
        ``auto``, ``cpu``, ``cuda``, ``cuda:1``, ... or ``mps``.
    seconds
        How long to measure; compiling and loading come on top.
    start
        Folder of the network the plan begins with; one of the usual size if None.
    systems
        Folder of the user's own material systems.
    jobs
        Processes that simulate instead of the plan's number.

    Raises
    ------
    ParameterError
        If the time is not positive.
    HeteroaggError
        If the device or the network is not there.
    """
    if not 0.0 < seconds < 3600.0:
        raise ParameterError(f"A trial of {seconds:g} s is not possible: give more than 0 s.")
    found = chosen_device(device)
    processes = plan.workers if jobs is None else jobs
    share_cores(found, processes)
    work = _Work(plan, found, start, _ranges_of_same_cost(plan, systems))
    simulating = _rate(work.simulate, SIMULATING * seconds)
    training = _rate(work.train, TRAINING * seconds)
    describing = _rate(work.describe, DESCRIBING * seconds)
    heads = _rate(work.train_head, HEADS * seconds)
    rates = replace(
        _rates(simulating, training, describing, heads, _at_once(found, processes)),
        table=curve_seconds(plan.ranges, cores()),
    )
    needed = own_system(plan, systems)
    tables = len(needed.tables) if needed else 0
    tests = len(kinds_of_tests(plan.ranges)) * (2 if plan.start else 1)
    stages = estimated(plan.effort, tables, tests, rates)
    rounded = {name: round(value, 1) for name, value in stages.items()}
    return TrialResult(
        device=found,
        device_title=device_title(found),
        simulating=round(simulating, 2),
        training=round(training, 2),
        describing=round(describing, 2),
        head_updates=round(heads, 2),
        stages=rounded,
        seconds=round(sum(rounded.values()), 1),
    )


def _at_once(device: str, processes: int) -> int:
    """Return how many processes simulate at the same time as the network learns; 0 for none."""
    free = cores() - 1 if device == "cpu" else cores()
    return min(processes, free)


def _rates(
    simulating: float, training: float, describing: float, heads: float, at_once: int
) -> Rates:
    """Return seconds for each image: simulated beforehand, or while the network is busy."""

    def each(network: float) -> float:
        if at_once == 0:
            return 1.0 / simulating + 1.0 / network
        return max(1.0 / (at_once * simulating), 1.0 / network)

    return Rates(each(training), each(describing), 1.0 / heads)


def _rate(work: Callable[[], int], seconds: float) -> float:
    """Return pieces of work a second, after a first call that compiles and loads."""
    work()
    begun = time.perf_counter()
    done, took = 0, 0.0
    while took < seconds:
        done += work()
        took = time.perf_counter() - begun
    return done / max(took, 1e-9)


def _ranges_of_same_cost(plan: RetrainingPlan, systems: Path | None) -> TrainingRanges:
    """Return the plan's ranges, with bundled curves where its own are not computed yet."""
    try:
        return usable_ranges(plan, systems)
    except ParameterError:
        usual = Microscope()
        microscope = replace(
            plan.ranges.microscope,
            voltage_kv=usual.voltage_kv,
            semi_angle_mrad=usual.semi_angle_mrad,
        )
        return replace(plan.ranges, system=DEFAULT_SYSTEM, microscope=microscope)


class _Work:
    """One piece of each kind of work."""

    def __init__(
        self, plan: RetrainingPlan, device: str, start: Path | None, ranges: TrainingRanges
    ) -> None:
        effort = plan.effort
        self._device = torch.device(device)
        network = load_compact(start) if start else None
        self._trunk = network.trunk if network else Trunk()
        self._trunk.to(self._device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        scales = network.scales if network else Scales(torch.zeros(9), torch.ones(9))
        self._scales = Scales(scales.mean.to(self._device), scales.deviation.to(self._device))
        fused = self._device.type in {"cpu", "cuda"}
        self._adam = torch.optim.Adam(self._trunk.parameters(), lr=0.0, fused=fused)
        self._items = EndlessChunks(ranges, plan.seed, 1 << 20, effort.batch, 1)
        self._chunk = self._items.make(0)
        self._number = 0
        self._per_set = effort.images_per_set
        self._table: SetTable | None = None

    def simulate(self) -> int:
        """Simulate a batch of images."""
        self._number += 1
        self._chunk = self._items.make(self._number)
        return sum(len(batch.levels) for batch in self._chunk)

    def train(self) -> int:
        """Train on the batch simulated last; the weights stay as they are."""
        images = 0
        self._trunk.train()
        self._adam.zero_grad(set_to_none=True)
        for batch in self._chunk:
            moved = to_device(batch, self._device)
            with mixed_precision(self._device):
                output = self._trunk(network_input(moved.levels))
            trunk_loss(output, moved, self._scales)["total"].backward()  # type: ignore[no-untyped-call]
            images += len(batch.levels)
        self._adam.step()
        self._wait()
        return images

    def describe(self) -> int:
        """Describe the batch simulated last."""
        self._trunk.eval()
        images = 0
        with torch.inference_mode():
            for batch in self._chunk:
                images += len(self._said_of(batch.levels))
        self._wait()
        return images

    def train_head(self) -> int:
        """Train a set head for some updates on invented descriptions."""
        if self._table is None:
            with torch.inference_mode():
                length = self._said_of(self._chunk[0].levels).shape[1]
            descriptions = torch.randn(HEAD_SETS, self._per_set, length)
            nothing = torch.zeros(HEAD_SETS, self._per_set, 9)
            theta = torch.ones(HEAD_SETS, 4) + 0.1 * torch.randn(HEAD_SETS, 4)
            theta[:, 2:] = 1.0
            self._table = SetTable(descriptions, nothing, nothing, theta)
        train_head([self._table], HeadPlan(members=1, steps=HEAD_UPDATES), 0)
        return HEAD_UPDATES

    def _said_of(self, levels: torch.Tensor) -> torch.Tensor:
        output: TrunkOutput = self._trunk(network_input(levels.to(self._device)))
        return describe_images(output).cpu()

    def _wait(self) -> None:
        if self._device.type == "cuda":
            torch.cuda.synchronize(self._device)
        elif self._device.type == "mps":
            torch.mps.synchronize()
