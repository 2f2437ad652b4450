"""How fast each stage is on this computer, and against what."""

import os
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from heteroagg_gui.core.errors import ModelError, ResourceError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.progress import Progress, no_progress, part_of
from heteroagg_gui.core.theta import (
    PAPER_CLUSTER_SIZES,
    PAPER_FRACTAL_DIMENSIONS,
    PAPER_MIXING_RATIOS,
    Theta,
)
from heteroagg_gui.workflow.start_up import start_up_times

_MIDDLE = Theta(1.8, 0.5, 3, 2)
_REPEATS = 3
_IMAGES = 100


@dataclass(frozen=True)
class Stage:
    """One thing that is measured.

    Parameters
    ----------
    measure
        Returns the figure, after a run that warms up.
    unit
        Unit of the figure.
    reference
        What the figure is compared with, in the same unit.
    reference_is
        What the reference stands for.
    faster_is_more
        Whether the figure is a rate; otherwise it is a duration.
    """

    measure: Callable[[], float]
    unit: str
    reference: float
    reference_is: str
    faster_is_more: bool

    def ratio(self, value: float) -> float:
        """Return how many times faster than the reference ``value`` is."""
        return value / self.reference if self.faster_is_more else self.reference / value


def _seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the shortest duration of a few calls after one that warms up."""
    work()
    durations = []
    for _ in range(_REPEATS):
        start = clock()
        work()
        durations.append(clock() - start)
    return min(durations)


def paper_grid(count: int) -> list[Theta]:
    """Return ``count`` parameter vectors spread evenly over the paper's grid, Table 2."""
    grid = [
        Theta(dimension, ratio, first, second)
        for dimension in PAPER_FRACTAL_DIMENSIONS
        for ratio in PAPER_MIXING_RATIOS
        for first in PAPER_CLUSTER_SIZES
        for second in PAPER_CLUSTER_SIZES
    ]
    order = np.random.default_rng(0).permutation(len(grid))
    return [grid[order[k % len(grid)]] for k in range(count)]


def _aggregates() -> float:
    from heteroagg_gui.aggregation.parameters import AggregationParameters
    from heteroagg_gui.aggregation.sampler import sample_aggregates

    thetas = paper_grid(1000)
    seconds = _seconds(lambda: sample_aggregates(thetas, 0, AggregationParameters()))
    return len(thetas) / seconds


def _image_task() -> Callable[[int], object]:
    """Return what forms the image of one of :data:`_IMAGES` aggregates."""
    from heteroagg_gui.stem.curves import load_curves
    from heteroagg_gui.stem.image import render_image
    from heteroagg_gui.stem.microscope import Frame, Microscope

    microscope, frame = Microscope(), Frame()
    curves = load_curves("tio2-wo3", microscope)
    aggregates = _draw(paper_grid(_IMAGES))

    def form(index: int) -> object:
        rng = np.random.default_rng(index)
        return render_image(aggregates[index], curves, microscope, frame, rng)

    return form


def _images() -> float:
    form = _image_task()
    return _IMAGES / _seconds(lambda: [form(index) for index in range(_IMAGES)])


def _images_two_cores() -> float:
    from joblib import Parallel, delayed

    form = _image_task()
    shares = [range(0, _IMAGES, 2), range(1, _IMAGES, 2)]

    def form_all(share: range) -> None:
        for index in share:
            form(index)

    threads = Parallel(n_jobs=2, backend="threading")
    with threads:
        return _IMAGES / _seconds(lambda: threads(delayed(form_all)(share) for share in shares))


def _image_cpu_time() -> float:
    form = _image_task()
    milliseconds = 1000 * _seconds(
        lambda: [form(index) for index in range(_IMAGES)], time.thread_time
    )
    return milliseconds / _IMAGES


def _draw(thetas: list[Theta]) -> list[Any]:
    from heteroagg_gui.aggregation.parameters import AggregationParameters
    from heteroagg_gui.aggregation.sampler import sample_aggregates

    return sample_aggregates(thetas, 0, AggregationParameters())


def _shadows() -> float:
    from heteroagg_gui.shadow.draw import draw_shadows

    return _seconds(lambda: draw_shadows(_MIDDLE, 800, 0))


def _prediction() -> float:
    from heteroagg_gui.workflow.predictors import load_predictor_named

    micrographs = _micrographs(12)
    predictor = load_predictor_named("", "auto")
    return _seconds(lambda: predictor.predict(micrographs, no_progress))


def _start_up(moment: str, program: Path | None) -> float:
    return start_up_times(program)[moment]


def _start_up_stages(program: Path | None = None) -> dict[str, Stage]:
    """Return the stages that start a window: this program's, or a bundle's executable."""
    painted = partial(_start_up, "painted", program)
    ready = partial(_start_up, "ready", program)
    return {
        "first_window": Stage(painted, "s", 1.0, LONGEST_WAIT, False),
        "ready_to_predict": Stage(ready, "s", 6.0, LONGEST_WAIT, False),
    }


def _micrographs(count: int) -> list[Micrograph]:
    from heteroagg_gui.workflow.actions import ACTIONS
    from heteroagg_gui.workflow.simulation import simulate_batch
    from heteroagg_gui.workflow.state import SessionState

    values = ACTIONS["simulate"].fill(SessionState(), {"theta": _MIDDLE, "count": count})
    return list(simulate_batch(values, no_progress).micrographs)


PROMISE = "least speed the README promises on one core of an office PC"

TWO_CORES = "least speed the README promises on two cores"
LONGEST_WAIT = "longest wait the README promises, program warm"
LEAST_CPU_TIME = "most processor time of an image at that speed, whatever else runs"

STAGES: Mapping[str, Stage] = {
    "aggregates": Stage(_aggregates, "aggregates/s", 1500.0, PROMISE, True),
    "images": Stage(_images, "images/s", 250.0, PROMISE, True),
    "images_two_cores": Stage(_images_two_cores, "images/s", 600.0, TWO_CORES, True),
    "image_cpu_time": Stage(_image_cpu_time, "ms", 3.3, LEAST_CPU_TIME, False),
    "shadows": Stage(_shadows, "s", 2.0, PROMISE, False),
    "prediction": Stage(_prediction, "s", 3.0, PROMISE, False),
    **_start_up_stages(),
}
GROUPS: Mapping[str, tuple[str, ...]] = {"start-up": tuple(_start_up_stages())}


def measure(
    names: tuple[str, ...], progress: Progress = no_progress, program: Path | None = None
) -> dict[str, Any]:
    """Measure stages.

    Parameters
    ----------
    names
        Keys of :data:`STAGES`, or of :data:`GROUPS` for several at once.
    progress
        Receives the fraction done; may raise to end early.
    program
        The window's executable of a bundle whose start is measured in place of this
        program's.

    Returns
    -------
    dict
        The machine, and for each stage the figure, its unit, the reference, and the ratio
        (above 1 where this machine is faster). The figure is null, with a reason, where a
        stage can't run here.
    """
    results = {}
    stages = STAGES if program is None else {**STAGES, **_start_up_stages(program)}
    chosen = [single for name in names for single in GROUPS.get(name, (name,))]
    for done, name in enumerate(chosen):
        part_of(progress, done / len(chosen), 1.0)(0.0, f"Measuring {name}")
        results[name] = _result(stages[name])
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "python": platform.python_version(),
        "stages": results,
    }


def _result(stage: Stage) -> dict[str, Any]:
    result: dict[str, Any] = {
        "value": None,
        "unit": stage.unit,
        "reference": stage.reference,
        "reference_is": stage.reference_is,
        "ratio": None,
        "reason": None,
    }
    try:
        value = stage.measure()
    except (ModelError, ResourceError) as error:
        return {**result, "reason": str(error)}
    return {**result, "value": value, "ratio": stage.ratio(value)}
