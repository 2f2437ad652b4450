"""Does an installation work: the whole job in the real window, without a person."""

import json
import platform
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QProcess, QTimer

from heteroagg_gui import __version__
from heteroagg_gui.core.child_program import child_command, is_bundled
from heteroagg_gui.core.files import replacing

if TYPE_CHECKING:
    from heteroagg_gui.gui.program import Program
    from heteroagg_gui.learning.retraining.plan import RetrainingPlan
    from heteroagg_gui.workflow.trainings.queue import TrainingsState

Done = Callable[[], bool]
Step = tuple[str, Done]

_POLL_MS = 50
_LONGEST_S = 840.0
_PICTURE_S = 2.0
_OBJ_FILES = 3
_TINY_DATA = (
    *("--theta", "1.8", "0.5", "2", "2", "--theta", "2.0", "0.3", "1", "3"),
    *("--per-configuration", "5", "--chunk-size", "5", "--size-range", "20", "25"),
    *("--pixels", "320", "--pixel-size", "2", "--jobs", "2"),
)


class SmokeTest(QObject):
    """Goes through its steps one by one and closes the window.

    Parameters
    ----------
    program
        The program, not started yet.
    out
        Folder of the results.

    Attributes
    ----------
    passed
        Whether every step was done.
    """

    SHADOWS = 100

    def __init__(self, program: "Program", out: Path) -> None:
        super().__init__(program)
        self._program = program
        self._out = out
        self._begun = time.monotonic()
        self._report: dict[str, Any] = {
            "version": __version__,
            "bundle": is_bundled(),
            "system": platform.platform(),
            "executable": sys.executable,
            "seconds": {},
            "failure": None,
        }
        self.passed = False
        self._child = QProcess(self)
        self._trainings: TrainingsState | None = None
        self._picture_due = 0.0
        self._steps = self._make_steps()
        self._step: Step = next(self._steps)
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        program.board.failed.connect(lambda _job, error: self._end(repr(error)))
        program.warm_up.failed.connect(lambda error: self._end(repr(error)))
        program.to.trainings.changed.connect(self._on_trainings)

    def _make_steps(self) -> Iterator[Step]:
        """Yield the name of each step, once begun, and whether it is done."""
        program, session = self._program, self._program.session
        yield "window ready", lambda: bool(program.views and program.to.models.devices)
        program.to.files.open_sample()
        yield "sample read", lambda: bool(session.state.usable_items)
        yield "theta predicted", lambda: session.state.prediction is not None
        yield "shadows drawn", lambda: len(session.state.shadows or ()) == self.SHADOWS
        yield "shadows shown", self._may_take_picture
        program.window.grab().save(str(self._out / "window.png"))
        program.to.results.export({**_exported(), "folder": self._out / "export"})
        yield "exported", self._has_exported
        self._start("generate", "--out", str(self._out / "data"), *_TINY_DATA)
        yield "training data made in child processes", self._child_has_ended
        program.to.trainings.submit(tiny_plan())
        yield "network retrained in child processes", self._has_trained
        yield "training shown", self._may_take_picture
        program.window.grab().save(str(self._out / "training.png"))

    def _may_take_picture(self) -> bool:
        """Return whether the window had time to draw since this was first asked."""
        now = time.monotonic()
        self._picture_due = self._picture_due or now + _PICTURE_S
        if now < self._picture_due:
            return False
        self._picture_due = 0.0
        return True

    def _has_exported(self) -> bool:
        folder = self._out / "export"
        csv = all((folder / name).is_file() for name in ("particles.csv", "descriptors.csv"))
        return csv and len(list(folder.glob("**/*.obj"))) == _OBJ_FILES and not self._running

    def _on_trainings(self, state: "TrainingsState") -> None:
        self._trainings = state

    def _has_trained(self) -> bool:
        known = self._trainings.trainings if self._trainings else ()
        training = next(iter(known), None)
        if training is None:
            return False
        if training.can_go_on:
            problem = training.problem
            reason = f"{problem.sentence} {problem.details}" if problem else training.state.value
            self._end(f"the training did not finish: {reason}")
            return False
        self._report["network"] = str(training.network)
        return (training.network / "card.json").is_file() and not training.state.is_alive

    @property
    def _running(self) -> bool:
        return bool(self._program.board.running)

    def _start(self, *arguments: str) -> None:
        program, *rest = child_command(*arguments)
        self._child.start(program, rest)

    def _child_has_ended(self) -> bool:
        if self._child.state() is not QProcess.ProcessState.NotRunning:
            return False
        if self._child.exitStatus() is not QProcess.ExitStatus.NormalExit or self._child.exitCode():
            errors = bytes(self._child.readAllStandardError().data()).decode(errors="replace")
            self._end(f"a child process failed: {self._child.errorString()}: {errors}")
            return False
        return True

    def _look(self) -> None:
        name, done = self._step
        if time.monotonic() - self._begun > _LONGEST_S:
            self._end(f"nothing came of it in {_LONGEST_S:g} s: {name}")
            return
        if not done():
            return
        self._report["seconds"][name] = round(time.monotonic() - self._begun, 2)
        try:
            self._step = next(self._steps)
        except StopIteration:
            self._end(None)
        except Exception as error:
            self._end(repr(error))

    def _end(self, failure: str | None) -> None:
        """Write the report and close the window, once."""
        if not self._timer.isActive():
            return
        self._timer.stop()
        self.passed = failure is None
        self._report["failure"] = failure
        prediction = self._program.session.state.prediction
        self._report["theta"] = prediction.theta.as_dict() if prediction is not None else None
        with replacing(self._out / "smoke-test.json") as part:
            part.write_text(json.dumps(self._report, indent=1), encoding="utf-8")
        self._child.kill()
        self._program.board.cancel_all()
        self._program.window.running_jobs = tuple
        self._program.to.sessions.may_ask = False
        self._program.errors.close()
        self._program.window.close()


def _exported() -> dict[str, Any]:
    """Return what the export dialog gives for CSV and OBJ."""
    return {"prediction": True, "obj": _OBJ_FILES, "xyz": 0, "vtk": 0}


def tiny_plan() -> "RetrainingPlan":
    """Return a plan for a network of no use, which goes through every part of a training."""
    from heteroagg_gui.aggregation.parameters import AggregationParameters
    from heteroagg_gui.learning.ranges import TrainingRanges
    from heteroagg_gui.learning.retraining.effort import Effort
    from heteroagg_gui.learning.retraining.plan import RetrainingPlan

    least: dict[str, int] = dict.fromkeys(("training_sets", "calibration_sets", "test_sets"), 16)
    return RetrainingPlan(
        name="smoke-test",
        title="Smoke test",
        ranges=TrainingRanges(aggregation=AggregationParameters(size_range=(20, 25))),
        effort=Effort(
            updates=2, batch=2, batches=1, images_per_set=1, test_images=1, head_updates=5,
            heads=1, **least,
        ),
        device="cpu",
        workers=1,
    )  # fmt: skip
