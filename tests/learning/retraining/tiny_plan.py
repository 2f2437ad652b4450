"""A plan that is carried out in seconds, and what its tests need again and again."""

import json
from pathlib import Path
from typing import Any

from heteroagg_gui.core.resources import models_folder
from heteroagg_gui.learning.retraining.effort import Effort
from heteroagg_gui.learning.retraining.engine import Ending, RunOptions, retrain
from heteroagg_gui.learning.retraining.plan import RetrainingPlan

EFFORT = Effort(
    updates=3,
    batch=1,
    batches=2,
    training_sets=16,
    images_per_set=1,
    calibration_sets=16,
    test_sets=16,
    test_images=1,
    head_updates=3,
    heads=2,
)
PLAN = RetrainingPlan(name="tiny", title="A tiny one", effort=EFFORT, device="cpu", workers=0)
START = models_folder() / "compact"


def carried_out(folder: Path, plan: RetrainingPlan = PLAN, **options: Any) -> Ending:
    """Carry a plan out beginning with the bundled network."""
    return retrain(plan, folder, RunOptions(**{"start": START, **options}))


def status(folder: Path) -> dict[str, Any]:
    """Return what the training last said of itself."""
    return dict(json.loads((folder / "status.json").read_text(encoding="utf-8")))


def events(folder: Path) -> list[dict[str, Any]]:
    """Return the events of a training; torn lines are passed over."""
    found = []
    for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found
