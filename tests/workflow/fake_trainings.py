"""Plans, a command that computes nothing, and patience, for tests of trainings."""

import contextlib
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from heteroagg_gui.learning.retraining.plan import RetrainingPlan
from heteroagg_gui.workflow.trainings.queue import TrainingQueue
from heteroagg_gui.workflow.trainings.training import Training

ENGINE = Path(__file__).with_name("fake_engine.py")
PROJECT = Path(__file__).parents[2]
PATIENCE_S = 0.6


def plan(name: str = "own", **changes) -> RetrainingPlan:
    return replace(RetrainingPlan(name=name, title=f"Network {name}"), **changes)


def engine(mode: str) -> Callable[[Path, bool], list[str]]:
    """Return what starts the stand-in, which ends as ``mode`` says."""

    def command(folder: Path, finish: bool) -> list[str]:
        last = ["--finish"] if finish else []
        return [sys.executable, str(ENGINE), mode, str(folder), *last]

    return command


def step_until(
    queue: TrainingQueue, key: str, wanted: Callable[[Training], object], seconds: float = 20.0
) -> Training:
    """Step a queue until a training is as wanted."""
    end = time.monotonic() + seconds
    while True:
        training = queue.step().find(key)
        if training is not None and wanted(training):
            return training
        assert time.monotonic() < end, training
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        with contextlib.suppress(OSError):
            os.kill(pid, 0)
            return not Path("/proc").is_dir()
        return False
    return state != "Z"
