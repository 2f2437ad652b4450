"""Windows that work by themselves and close: for tests of an installation and for timing."""

import json
import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject

from heteroagg_gui.core.files import replacing
from heteroagg_gui.gui.app import run_program
from heteroagg_gui.gui.program import Program
from heteroagg_gui.gui.scratch_home import use_folders_in
from heteroagg_gui.gui.smoke_test import SmokeTest
from heteroagg_gui.workflow.preferences import Preferences


def smoke_test(out: Path) -> int:
    """Do the whole job with the sample batch, write what came of it, close.

    Parameters
    ----------
    out
        Folder of the results, with ``smoke-test.json`` and a picture of the window.

    Returns
    -------
    int
        0 if everything worked.
    """
    out.mkdir(parents=True, exist_ok=True)
    use_folders_in(out / "home")
    tests: list[SmokeTest] = []

    def begin(program: Program) -> None:
        tests.append(SmokeTest(program, out))
        program.start()

    status = run_program(begin, replace(Preferences(), n_shadows=SmokeTest.SHADOWS))
    return status or int(not tests[0].passed)


class StartUpTimes(QObject):
    """Notes when the window was painted and when it was ready to predict, and closes it.

    Times are seconds since 1970, so that who started the process can subtract when.
    """

    def __init__(self, program: Program, path: Path) -> None:
        super().__init__(program)
        self._program = program
        self._path = path
        self._times: dict[str, float] = {}
        program.window.painted.connect(self._on_painted)
        program.to.models.device_known.connect(self._on_ready)

    def _on_painted(self) -> None:
        self._times["painted"] = time.time()

    def _on_ready(self) -> None:
        self._times["ready"] = time.time()
        with replacing(self._path) as part:
            part.write_text(json.dumps(self._times), encoding="utf-8")
        self._program.window.close()


def measure_start_up(path: Path) -> int:
    """Open the window, write to ``path`` when it was painted and ready, close it."""
    use_folders_in(path.parent / "home")

    def begin(program: Program) -> None:
        StartUpTimes(program, path)
        program.start()

    return run_program(begin, Preferences())
