"""What the tests of whole trainings in the window share."""

from pathlib import Path

from PySide6.QtWidgets import QDialogButtonBox

from heteroagg_gui.__main__ import main
from heteroagg_gui.gui.trainings.adopt_dialog import AdoptDialog
from heteroagg_gui.learning.retraining.effort import Effort
from heteroagg_gui.workflow.model_store import install_model
from heteroagg_gui.workflow.trainings.training import TrainingState
from tests.small_networks import small_network

PROJECT = Path(__file__).parents[2]
LEAST = Effort(
    updates=2,
    batch=1,
    batches=1,
    training_sets=16,
    images_per_set=1,
    calibration_sets=16,
    test_sets=16,
    test_images=1,
    head_updates=2,
    heads=1,
)
DEVICES = {"devices": [{"name": "cpu", "title": "CPU, 1 thread", "detail": "1 core"}]}
START = "small"


def install_start(tmp_path: Path, system: str) -> None:
    """Install a small network to begin with, of the size that the trainings take over."""
    small_network(tmp_path / START, trained_on={"material_system": system})
    install_model(tmp_path / START, name=START)


def patience(qtbot, longest_ms: int):
    """Return a function that runs the window until child processes have brought it about."""

    def wait(condition) -> None:
        qtbot.waitUntil(lambda: bool(condition()), timeout=longest_ms)

    return wait


def simulated(folder: Path, *options: str) -> list[str]:
    """Write two micrographs; return their paths."""
    theta = ("--theta", "1.8", "0.5", "1", "1", "--size-range", "20", "30")
    command = ["simulate", *theta, "--count", "2", "--seed", "4", *options, "--out", str(folder)]
    assert main(command) == 0
    return sorted(str(path) for path in folder.glob("*.tif"))


def finished(panel, patient) -> None:
    """Wait until the training in view is finished and its result is shown."""
    patient(
        lambda: (
            panel.training is not None
            and not panel.training.state.is_alive
            and panel.training.state is not TrainingState.WAITING
        )
    )
    assert panel.training.problem is None
    assert panel.training.state is TrainingState.FINISHED
    patient(lambda: panel.pages.currentIndex() == 1 and panel.result.table.cells)


def adopt(program, patient, name: str) -> str:
    """Use the network of the training in view; return which one the window works with then."""
    panel = program.trainings_panel
    panel.result.use.click()
    dialog = program.window.findChild(AdoptDialog)
    assert dialog.name.text() == name
    dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
    patient(lambda: panel.training.request.adopted == name)
    return program.session.state.settings.model
