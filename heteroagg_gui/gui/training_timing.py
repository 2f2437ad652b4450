"""How long the window does not answer while a training runs in it.

    python -m heteroagg_gui.gui.training_timing [--updates 40 | --quick] [--size 1440x900]

Opens the program, trains a very small network, or the usual plan with the effort "quick", with the
page of the trainings in view, looks at its result, cancels another training, and notes the longest
time between two turns of the window's event loop, and the most processor time that the window's
thread used in between, which other programs do not change. Preferences, trainings and networks of
the user are left alone.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from heteroagg_gui.gui.portrait import pause, size_of, wait_for
from heteroagg_gui.gui.scratch_home import scratch_home

if TYPE_CHECKING:
    from heteroagg_gui.gui.program import Program
    from heteroagg_gui.learning.retraining.plan import RetrainingPlan

_TICK_MS = 5
_SLOW_MS = 50.0
_PATIENCE_S = 1800.0


class Gaps(QObject):
    """Notes the time between the turns of the event loop."""

    def __init__(self) -> None:
        super().__init__()
        self._last = perf_counter()
        self._last_busy = thread_time()
        self.gaps_ms: list[float] = []
        self.busy_ms: list[float] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now, busy = perf_counter(), thread_time()
        self.gaps_ms.append(1000.0 * (now - self._last))
        self.busy_ms.append(1000.0 * (busy - self._last_busy))
        self._last, self._last_busy = now, busy

    def take(self) -> dict[str, Any]:
        """Return the figures since the last call."""
        gaps, self.gaps_ms = self.gaps_ms, []
        busy, self.busy_ms = self.busy_ms, []
        return {
            "turns": len(gaps),
            "largest_gap_ms": round(max(gaps, default=0.0), 1),
            "largest_processor_time_ms": round(max(busy, default=0.0), 1),
            f"gaps_over_{_SLOW_MS:.0f}_ms": sum(gap > _SLOW_MS for gap in gaps),
            "seconds": round(sum(gaps) / 1000.0, 1),
        }


def small_plan(updates: int) -> "RetrainingPlan":
    """Return a plan that goes through every stage quickly."""
    from heteroagg_gui.learning.retraining.effort import Effort
    from heteroagg_gui.learning.retraining.plan import RetrainingPlan

    effort = Effort(
        updates=updates,
        batch=2,
        batches=1,
        training_sets=16,
        images_per_set=2,
        calibration_sets=16,
        test_sets=16,
        test_images=2,
        head_updates=20,
        heads=1,
    )
    return RetrainingPlan("timing", "Timing", effort=effort, device="cpu", workers=0)


def quick_plan() -> "RetrainingPlan":
    """Return the plan that the wizard begins with, effort "quick"."""
    from heteroagg_gui.learning.retraining.effort import EFFORTS
    from heteroagg_gui.workflow.retraining.conversion import plan_of
    from heteroagg_gui.workflow.retraining.draft import Draft

    return plan_of(Draft(name="timing", title="Timing", effort=EFFORTS["quick"]))


def measure(plan: "RetrainingPlan", size: tuple[int, int]) -> dict[str, Any]:
    """Return the longest gaps while a training starts, runs, shows its result, is cancelled."""
    from heteroagg_gui.gui.app import make_application
    from heteroagg_gui.gui.program import Program
    from heteroagg_gui.workflow.preferences import Preferences

    program = Program(make_application(), Preferences(theme="light"))
    program.window.resize(*size)
    program.start()
    wait_for(lambda: program.views is not None and bool(program.to.models.devices), "start")
    program.window.show_tab("retrain")
    wait_for(lambda: program.retrain_tab is not None, "retrain tab")
    pause(2000)
    try:
        panel = program.trainings_panel
        return _run(program, panel, plan) | _cancel(program, panel)
    finally:
        program.to.trainings.close()
        program.window.running_training = str
        program.window.close()


def _run(program: "Program", panel: Any, plan: "RetrainingPlan") -> dict[str, Any]:
    from heteroagg_gui.workflow.trainings.training import TrainingState

    def state() -> TrainingState | None:
        training = panel.training
        return training.state if training is not None else None

    def has_ended() -> bool:
        return state() in {TrainingState.FINISHED, TrainingState.FAILED}

    gaps = Gaps()
    pause(1000)
    figures = {"idle": gaps.take()}
    program.to.trainings.submit(plan)
    _wait(lambda: has_ended() or state() is TrainingState.RUNNING)
    figures["starting"] = gaps.take()
    _wait(has_ended)
    figures["running"] = gaps.take()
    if state() is TrainingState.FAILED:
        raise RuntimeError(str(panel.training.problem))
    pause(1500)
    panel.pages.setCurrentIndex(0)
    pause(500)
    panel.pages.setCurrentIndex(1)
    pause(500)
    figures["result"] = gaps.take()
    return figures


def _cancel(program: "Program", panel: Any) -> dict[str, Any]:
    """Cancel a training in the middle; return gaps and the seconds until the window says so."""
    from heteroagg_gui.workflow.trainings.training import TrainingState

    def at_work() -> bool:
        training = panel.training
        known = training.plan.name == "cancelled" and training.status is not None
        return known and training.status.images > 0

    program.to.trainings.submit(replace(small_plan(100_000), name="cancelled"))
    _wait(at_work)
    gaps, begun = Gaps(), perf_counter()
    panel.heading.buttons["cancel"].click()
    while panel.training.state is not TrainingState.CANCELLED:
        pause(10)
    return {"cancelling": gaps.take() | {"answered_after_s": round(perf_counter() - begun, 2)}}


def _wait(condition: Callable[[], bool]) -> None:
    """Run the window's events until a condition holds, as long as a training may take."""
    end = perf_counter() + _PATIENCE_S
    while not condition():
        if perf_counter() > end:
            raise TimeoutError("the training took too long")
        pause(200)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description="Time the window while a training runs.")
    parser.add_argument("--updates", type=int, default=40, help="updates of the weights")
    parser.add_argument("--quick", action="store_true", help="the usual plan, effort quick")
    parser.add_argument("--size", type=size_of, default=(1440, 900), help="points, as 1440x900")
    options = parser.parse_args(arguments)
    with scratch_home():
        plan = quick_plan() if options.quick else small_plan(options.updates)
        print(json.dumps(measure(plan, options.size), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
