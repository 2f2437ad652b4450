"""The real window for tests: settings of its own, a network that answers at once."""

import gc
import importlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PySide6.QtCore import QSettings
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.prediction import ImagePrediction, Prediction
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.gui.app import make_application
from heteroagg_gui.gui.program import Program
from heteroagg_gui.learning.model_card import ModelCard
from heteroagg_gui.workflow import predictors
from heteroagg_gui.workflow.actions import predict as predict_action
from heteroagg_gui.workflow.preferences import Preferences

WAIT_MS = 30_000
NAMED_ELSEWHERE = ("doctor", "model_store.default", "retraining.checks")
"""Modules that import functions of ``predictors`` by name, and would keep one put in its place."""
for module in NAMED_ELSEWHERE:
    importlib.import_module(f"heteroagg_gui.workflow.{module}")


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return make_application()


@dataclass
class FakePredictor:
    """Answers like a network; can be told to doubt, to give a point, to fail, to wait."""

    outside: bool = False
    point: bool = False
    error: Exception | None = None
    hold: threading.Event = field(default_factory=threading.Event)
    calls: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hold.set()

    def predict(self, micrographs: Sequence[Micrograph], progress: Progress) -> Prediction:
        self.calls.append(len(micrographs))
        while not self.hold.wait(0.01):
            progress(0.3, "Waiting")
        if self.error is not None:
            raise self.error
        images = tuple(self._image(k, m, progress) for k, m in enumerate(micrographs))
        theta = Theta(1.81, 0.44, 3, 2)
        warnings = ("Some images are unlike the training data.",) if self.outside else ()
        if self.point:
            unchecked = tuple(replace(image, inside_training_range=None) for image in images)
            return Prediction("fake", theta, None, None, unchecked, (), None, warnings)
        return Prediction(
            "fake",
            theta,
            {"fractal_dimension": (1.75, 1.88), "mixing_ratio": (0.38, 0.5)},
            {"theta_0": (0.0, 0.1, 0.8, 0.1, 0.0, 0.0), "theta_1": (0.2, 0.6, 0.2, 0.0, 0.0, 0.0)},
            images,
            (theta, Theta(1.7, 0.5, 2, 2)),
            not self.outside,
            warnings,
        )

    def _image(self, k: int, micrograph: Micrograph, progress: Progress) -> ImagePrediction:
        progress(k / 10, f"Reading {micrograph.name}")
        doubtful = self.outside and k == 0
        return ImagePrediction(
            1.8 + 0.01 * k, 0.4, 40.0 + k, not doubtful, "too dark" if doubtful else None
        )


@pytest.fixture
def predictor(monkeypatch: pytest.MonkeyPatch) -> FakePredictor:
    fake = FakePredictor()
    card = ModelCard("fake", "A network for tests", "compact-set", Path("fake"), {})
    monkeypatch.setattr(predict_action, "load_predictor_named", lambda *_: fake)
    monkeypatch.setattr(predictors, "list_model_cards", lambda: [card])
    monkeypatch.setattr(predictors, "find_model", lambda name="": Path("fake"))
    return fake


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predictors, "list_model_cards", list)


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HETEROAGG_HOME", str(tmp_path / "heteroagg-home"))
    before = QSettings.defaultFormat()
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(
        QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings")
    )
    yield
    QSettings.setDefaultFormat(before)


@pytest.fixture
def make_program(qapp, qtbot) -> Iterator[Callable[..., Program]]:
    """Return a function that opens the program; it is closed after the test, unasked."""
    opened: list[Program] = []

    def make(**preferences) -> Program:
        program = Program(qapp, Preferences(**{"theme": "light", **preferences}))
        program.to.sessions.may_ask = False
        program.window.resize(1366, 768)
        opened.append(program)
        program.start()
        qtbot.waitUntil(
            lambda: program.views is not None and bool(program.to.models.devices),
            timeout=WAIT_MS,
        )
        return program

    yield make
    for program in opened:
        program.board.cancel_all()
        qtbot.waitUntil(lambda p=program: not p.board.running, timeout=WAIT_MS)
        program.window.close()
        program.window.deleteLater()
        program.deleteLater()
    opened.clear()
    qapp.processEvents()
    gc.collect()


@pytest.fixture
def program(make_program, predictor) -> Program:
    return make_program()


@pytest.fixture
def until(qtbot) -> Callable[[Callable[[], object]], None]:
    """Return a function that runs the window until a condition holds."""

    def wait(condition: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT_MS)

    return wait


def blobs(seed: int, side: int = 96) -> np.ndarray:
    """Return an image with a few bright discs on a dark ground."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:side, :side]
    image = rng.normal(10.0, 1.0, (side, side))
    for row, column in rng.uniform(0.3 * side, 0.7 * side, (12, 2)):
        image += 60.0 * ((rows - row) ** 2 + (columns - column) ** 2 < 36)
    return image.astype(np.float32)


@pytest.fixture
def micrographs(tmp_path: Path) -> Path:
    """Return a folder with four calibrated micrographs."""
    folder = tmp_path / "sample A"
    folder.mkdir()
    for k in range(4):
        tifffile.imwrite(
            folder / f"image_{k}.tif",
            blobs(k),
            imagej=True,
            resolution=(1 / 1.25, 1 / 1.25),
            metadata={"unit": "nm"},
        )
    return folder


@pytest.fixture
def uncalibrated(tmp_path: Path) -> list[Path]:
    """Return two micrographs that do not state their pixel size."""
    paths = [tmp_path / f"plain_{k}.tif" for k in range(2)]
    for k, path in enumerate(paths):
        tifffile.imwrite(path, blobs(k))
    return paths


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a file that is no image."""
    path = tmp_path / "broken.tif"
    path.write_bytes(b"II*\0 and then nothing of use")
    return path


@pytest.fixture
def press(qtbot) -> Callable[..., None]:
    """Return a function that presses keys in a window the way a person does."""

    def keys(program: Program, sequence: str, widget: QWidget | None = None) -> None:
        program.window.activateWindow()
        qtbot.waitUntil(program.window.isActiveWindow, timeout=WAIT_MS)
        target = widget or program.window
        target.setFocus()
        combination = QKeySequence(sequence)[0]
        qtbot.keyClick(target, combination.key(), combination.keyboardModifiers())

    return keys
