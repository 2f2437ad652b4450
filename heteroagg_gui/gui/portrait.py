"""Pictures of the real window for the user guide.

    python -m heteroagg_gui.gui.portrait OUT.png [--dark] [--tab TAB] [--scene SCENE]
        [--size 1600x1000] [--plan PLAN] [--page N] [--trainings FOLDER]

Opens the program as a user would, with the sample batch, lets it predict and draw 800 shadows,
and saves what is to be seen. Preferences and remembered layouts of the user are left alone.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QTimer

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.gui.scratch_home import scratch_home

if TYPE_CHECKING:
    from heteroagg_gui.gui.program import Program

TABS = ("analyse", "simulate", "retrain")
_SIMULATED = {
    "seed": 9,
    "pixels": 384,
    "size_range_low": 60,
    "dose_e_per_a2": 60.0,
    "row_jitter_nm": 0.6,
    "support_intensity": 0.006,
    "support_granularity": 0.15,
}
SCENES = ("shadows", "empty", "clusters", "bar")
PATIENCE_S = 180.0
_SETTLE_MS = 800


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Run the window's events until a condition holds.

    Raises
    ------
    HeteroaggError
        If it does not come to hold in time.
    """
    end = monotonic() + PATIENCE_S
    while not condition():
        if monotonic() > end:
            raise HeteroaggError(f"The window took too long to {what}: try again.")
        pause(20)


def pause(milliseconds: int) -> None:
    """Run the window's events for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def take(
    out: Path,
    *,
    dark: bool,
    size: tuple[int, int],
    scene: str,
    folder: Path | None = None,
    tab: str = TABS[0],
    plan: Path | None = None,
    page: int = 1,
    trainings: Path | None = None,
) -> None:
    """Open the program, bring it into a scene and save a picture of its window."""
    from heteroagg_gui.gui.app import make_application
    from heteroagg_gui.gui.portrait_trainings import borrowed_trainings
    from heteroagg_gui.gui.program import Program
    from heteroagg_gui.workflow.preferences import Preferences

    application = make_application()
    program = Program(application, Preferences(theme="dark" if dark else "light"))
    program.to.sessions.may_ask = False
    problems: list[BaseException] = []
    program.board.failed.connect(lambda _job, error: problems.append(error))
    program.window.resize(*size)
    try:
        with borrowed_trainings(trainings):
            program.start()
            wait_for(lambda: program.views is not None and bool(program.to.models.devices), "start")
            if trainings is not None:
                _trainings(program)
            elif tab == "simulate":
                _simulate(program)
            elif tab == "retrain":
                _retrain(program, plan, page)
            elif scene != "empty":
                _fill(program, folder, problems)
                _arrange(program, scene)
            pause(_SETTLE_MS)
            with replacing(out) as part:
                program.window.grab().save(str(part))
    finally:
        program.window.close()
        application.processEvents()


def _fill(program: "Program", folder: Path | None, problems: list[BaseException]) -> None:
    if folder is None and not program.has_sample:
        raise HeteroaggError("The sample batch is missing: install the program again.")
    if folder is None:
        program.to.files.open_sample()
    else:
        program.to.files.open_paths([folder], whole_job=True)
    wait_for(lambda: program.session.state.shadows is not None or bool(problems), "predict")
    if problems:
        raise problems[0]
    wait_for(lambda: not program.board.running, "finish")


def _arrange(program: "Program", scene: str) -> None:
    views = program.views
    if views is None:
        return
    if scene == "clusters":
        views.viewer.coloring.setCurrentIndex(1)
        views.micrograph.network.setChecked(True)
    elif scene == "bar":
        histogram = views.descriptors.histograms["z_hetero"]
        if histogram.bars is not None:
            fullest = int(histogram.bars.counts.argmax())
            histogram.clicked.emit(histogram.bars.bar(fullest))


def _simulate(program: "Program") -> None:
    """Show an aggregate with some of the imperfections of a real image."""
    program.window.show_tab("simulate")
    panel = program.simulate_panel
    if panel is None:
        return
    panel.set_entries({**panel.entries(), **_SIMULATED})
    wait_for(lambda: panel.preview is not None and not program.to.simulation.worker.busy, "render")
    panel.form.sections["imperfections"].heading.setChecked(True)


def _retrain(program: "Program", plan: Path | None, page: int) -> None:
    """Show a page of the wizard, filled from a plan."""
    program.window.show_tab("retrain")
    tab, control = program.retrain_tab, program.to.retraining
    if tab is None:
        return
    if plan is not None:
        control.open_plan(plan)
        wait_for(lambda: not program.board.running, "read the plan")
    for number in range(page):
        tab.wizard.go_to(number)
    wait_for(lambda: not (control.sampler.busy or program.board.running), "draw images")


def _trainings(program: "Program") -> None:
    """Show the page of the trainings."""
    program.window.show_tab("retrain")
    if program.retrain_tab is None or program.trainings_panel is None:
        return
    program.retrain_tab.show_trainings()
    panel = program.trainings_panel
    wait_for(lambda: panel.training is not None and panel.details is not None, "read trainings")


def size_of(text: str) -> tuple[int, int]:
    """Read a size in points, such as 1600x1000."""
    width, _, height = text.partition("x")
    return int(width), int(height)


def main(arguments: Sequence[str] | None = None) -> int:
    """Take one picture; return the exit status."""
    parser = argparse.ArgumentParser(description="Save a picture of the window.")
    parser.add_argument("out", type=Path, help="PNG file to write")
    parser.add_argument("--dark", action="store_true", help="dark colours")
    parser.add_argument("--scene", choices=SCENES, default=SCENES[0], help="what to show")
    parser.add_argument("--tab", choices=TABS, default=TABS[0], help="which tab to show")
    parser.add_argument("--size", type=size_of, default=(1600, 1000), help="points, as 1600x1000")
    parser.add_argument("--folder", type=Path, help="micrographs to open instead of the samples")
    parser.add_argument("--plan", type=Path, help="plan to show in the Retrain tab")
    parser.add_argument("--page", type=int, default=1, help="page of the Retrain tab, from 1")
    parser.add_argument("--trainings", type=Path, help="trainings to show in the Retrain tab")
    options = parser.parse_args(arguments)
    with scratch_home():
        try:
            take(
                options.out,
                dark=options.dark,
                size=options.size,
                scene=options.scene,
                folder=options.folder,
                tab=options.tab,
                plan=options.plan,
                page=options.page,
                trainings=options.trainings,
            )
        except HeteroaggError as error:
            print(error, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
