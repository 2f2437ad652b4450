"""Training of the per-image network, as far as a plan, a clock or the user lets it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.batches import pad_levels
from heteroagg_gui.learning.blocks import freeze_kernels
from heteroagg_gui.learning.examples import QUANTITIES, Example, image_stream, make_example
from heteroagg_gui.learning.makers import IN_THIS_PROCESS, Makers
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.set_data import Describer
from heteroagg_gui.learning.train_trunk import Start, TrunkPlan, TrunkTraining, network_input
from heteroagg_gui.learning.training.loop import PLAIN, SAVED_EVERY_S, Pace, train
from heteroagg_gui.learning.training.team import ALONE, Team
from heteroagg_gui.learning.trunk import Trunk

SAMPLE_STREAM = 10**8
SAMPLES = 4
REPORTED = (
    "fractal_dimension",
    "mixing_ratio",
    "n_particles",
    "z_hetero",
    "z_total",
    "theta_fractal_dimension",
    "theta_mixing_ratio",
)


@dataclass(frozen=True)
class Place:
    """What a training computes on.

    Parameters
    ----------
    device
        A torch device.
    makers
        Who simulates its images.
    team
        The processes that train together.
    """

    device: str = "cpu"
    makers: Makers = IN_THIS_PROCESS
    team: Team = ALONE

    @property
    def torch_device(self) -> torch.device:
        """The device as torch has it."""
        return torch.device(self.device)


def train_from(
    training: TrunkTraining,
    *,
    save_every_s: float = SAVED_EVERY_S,
    report: Callable[[dict[str, Any]], None] | None = None,
    progress: Progress = no_progress,
    pace: Pace = PLAIN,
) -> None:
    """Train until the plan's end; parameters as for :func:`~.training.loop.train`.

    What a training by several processes raises must be raised by all of them alike.
    """
    train(
        training,
        training.plan.limits,
        save_every_s=save_every_s,
        report=report,
        progress=progress,
        title="Training on images",
        pace=pace,
    )


def begun(
    plan: TrunkPlan,
    folder: Path,
    place: Place = Place(),
    start: Start | None = None,
) -> TrunkTraining:
    """Return a training as its checkpoint has it, or from its beginning."""
    training = TrunkTraining(plan, folder, place.device, place.makers, start, place.team)
    training.resume()
    return training


def trained_trunk(training: TrunkTraining) -> Trunk:
    """Return the averaged trunk, rounded to the half precision it will be stored in.

    Raises
    ------
    ParameterError
        If it was not trained at all.
    """
    if training.step == 0:
        raise ParameterError(
            "There is nothing to finish: the training was ended before its first update, so go "
            "on with it."
        )
    trunk = Trunk(training.plan.size)
    trunk.load_state_dict({k: v.half().float() for k, v in training.average.items()})
    trunk.to(training.device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
    freeze_kernels(trunk)
    return trunk


def describer_of(training: TrunkTraining) -> Describer:
    """Return what describes images by the averaged trunk."""
    return Describer(trained_trunk(training), training.scales)


def errors_in(row: dict[str, Any]) -> dict[str, float]:
    """Return the mean absolute errors of a row of the curves, each in its quantity's unit."""
    return {name: row[f"mae_{name}"] for name in REPORTED if f"mae_{name}" in row}


class SampleImages:
    """A few images that no training sees, and what the trunk says of them.

    Parameters
    ----------
    ranges
        What they are drawn from.
    seed
        Seed of the training.
    folder
        Where their grey levels lie, as ``.npy`` files.
    """

    def __init__(self, ranges: TrainingRanges, seed: int, folder: Path) -> None:
        curves = ranges.curves()
        self._examples: list[Example] = []
        self.paths = [folder / f"{k}.npy" for k in range(SAMPLES)]
        folder.mkdir(parents=True, exist_ok=True)
        for k, path in enumerate(self.paths):
            rng = image_stream(seed, SAMPLE_STREAM, k)
            example = make_example(ranges.draw_theta(rng), ranges, curves, rng, with_maps=False)
            np.save(path, example.levels, allow_pickle=False)
            self._examples.append(example)

    def predicted(self, training: TrunkTraining) -> list[tuple[dict[str, float], dict[str, float]]]:
        """Return truth and prediction of each image by the averaged trunk."""
        found = []
        with training.evaluated_weights(), torch.inference_mode():
            training.task.network.eval()
            for example in self._examples:
                levels = pad_levels([example.levels]).to(training.device)
                output = training.task.network(network_input(levels))
                values = training.scales.restore(output.quantities.float())[0].cpu().numpy()
                found.append((_named(example.quantities), _named(values)))
        return found


def _named(values: Any) -> dict[str, float]:
    named = {name: float(value) for name, value in zip(QUANTITIES, values, strict=True)}
    named["n_particles"] = float(np.exp(min(12.0, named["log_n_particles"])))
    return {name: round(named[name], 5) for name in REPORTED}
