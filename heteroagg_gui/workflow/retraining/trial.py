"""What a short trial says about this computer: devices, and how long a training takes."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from heteroagg_gui.core.errors import HeteroaggError, ParameterError
from heteroagg_gui.core.progress import Progress, duration
from heteroagg_gui.learning.retraining.effort import Effort
from heteroagg_gui.learning.retraining.plan import DEVICES, RetrainingPlan
from heteroagg_gui.learning.retraining.plan_file import write_plan
from heteroagg_gui.workflow.retraining.child import ask_child
from heteroagg_gui.workflow.retraining.conversion import plan_of
from heteroagg_gui.workflow.retraining.draft import Draft

MEASURING: Final = "Measuring this computer"
LISTING: Final = "Looking for devices"
NOT_MEASURED: Final = "not measured yet"
CALIBRATION_IMAGES: Final = 12
"""Images of a calibration set."""
USUAL_DEVICES: Final = (
    ("auto", "The fastest one there is"),
    ("cpu", "The processor"),
)
"""Devices that are offered while it is not known what there is."""


@dataclass(frozen=True)
class Trial:
    """Seconds that each stage of a plan is expected to take on one device.

    Parameters
    ----------
    device_title
        What was measured, for people.
    effort
        Effort of the plan that was tried.
    seconds
        Seconds of each stage of that plan: curves, training, sets, heads, evaluation.
    images_per_s
        Images per second that the network is trained on.
    """

    device_title: str
    effort: Effort
    seconds: Mapping[str, float]
    images_per_s: float

    def seconds_for(self, effort: Effort) -> float:
        """Return the expected seconds of the same plan with another effort."""
        return sum(
            seconds * _work(stage, effort) / _work(stage, self.effort)
            for stage, seconds in self.seconds.items()
        )


def _work(stage: str, effort: Effort) -> float:
    """Return what a stage's time is proportional to; 1 where it is always the same."""
    if stage == "training":
        return float(effort.updates * effort.images_per_update)
    if stage == "sets":
        per_set = min(CALIBRATION_IMAGES, effort.images_per_set)
        images = effort.training_sets * effort.images_per_set
        return float(images + effort.calibration_sets * per_set)
    if stage == "heads":
        return float(effort.head_updates * effort.heads)
    if stage == "evaluation":
        return float(effort.test_sets * effort.test_images)
    return 1.0


def time_in_words(trial: Trial | None, effort: Effort) -> str:
    """Return about how long a training takes, as people say it."""
    if trial is None:
        return NOT_MEASURED
    if effort.minutes is None:
        return f"about {duration(trial.seconds_for(effort))}"
    rest = {stage: value for stage, value in trial.seconds.items() if stage != "training"}
    others = replace(trial, seconds=MappingProxyType(rest))
    return f"about {duration(60.0 * effort.minutes + others.seconds_for(effort))}"


def trial_basis(draft: Draft) -> RetrainingPlan | None:
    """Return what a trial depends on: plans of equal basis take the same time for an image.

    None where the draft makes no plan.
    """
    try:
        plan = plan_of(replace(draft, name="trial", title="Trial", seed=0))
    except ParameterError:
        return None
    return replace(plan, effort=replace(Effort(), batch=plan.effort.batch))


def run_trial(plan: RetrainingPlan, progress: Progress) -> Trial:
    """Try a plan for some seconds in a child process, as if it went by updates.

    Raises
    ------
    HeteroaggError
        If the trial fails.
    """
    plan = replace(plan, effort=replace(plan.effort, minutes=None))
    with tempfile.TemporaryDirectory(prefix="heteroagg-trial-") as folder:
        path = Path(folder) / "trial.plan.json"
        write_plan(plan, path)
        document = ask_child(("retrain", str(path), "--trial"), "Training for a moment", progress)
    return trial_from(document, plan.effort)


def trial_from(document: Mapping[str, Any], effort: Effort) -> Trial:
    """Return what a trial's document says.

    Raises
    ------
    HeteroaggError
        If it can't be used.
    """
    try:
        seconds = {str(stage): float(value) for stage, value in dict(document["stages"]).items()}
        title = str(document["device_title"])
        pace = float(document["training"])
    except (KeyError, TypeError, ValueError) as error:
        raise HeteroaggError("The trial gave no usable answer: try again.") from error
    return Trial(title, effort, MappingProxyType(seconds), pace)


def list_devices(progress: Progress) -> Sequence[tuple[str, str]]:
    """Return the devices a training can run on, each with what it is; the automatic one first.

    Raises
    ------
    HeteroaggError
        If they can't be found out.
    """
    return devices_from(ask_child(("retrain", "--devices"), "Asking for devices", progress))


def devices_from(document: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Return the devices in a document.

    Raises
    ------
    HeteroaggError
        If it can't be used.
    """
    try:
        found = [
            (str(entry["name"]), f"{entry['title']}, {entry['detail']}")
            for entry in document["devices"]
            if entry["name"] in DEVICES
        ]
    except (KeyError, TypeError) as error:
        raise HeteroaggError("The list of devices can't be used: try again.") from error
    return found if any(name == "auto" for name, _ in found) else [USUAL_DEVICES[0], *found]
