"""Stand-ins for a trained network and for files from a microscope."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.prediction import ImagePrediction, Prediction
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.export.tiff import write_tiff
from heteroagg_gui.workflow.state import BatchItem, ItemStatus, SessionState, new_key

THETA = Theta(1.8, 0.4, 3, 2)
DRAWS = (Theta(1.7, 0.3, 3, 1), THETA, Theta(1.9, 0.5, 4, 2))


def make_micrograph(name: str = "image.tif", pixel_size_nm: float | None = 1.25) -> Micrograph:
    pixels = np.random.default_rng(len(name)).random((40, 48), dtype=np.float32)
    return Micrograph(pixels, pixel_size_nm, name)


def make_item(name: str = "image.tif", **changes: object) -> BatchItem:
    item = BatchItem(
        new_key(), Path("/data", name), name, ItemStatus.READY, micrograph=make_micrograph(name)
    )
    return replace(item, **changes)


def make_state(*names: str) -> SessionState:
    return SessionState(tuple(make_item(name) for name in names))


def write_image(path: Path, pixel_size_nm: float | None = 1.25, seed: int = 0) -> Path:
    pixels = np.random.default_rng(seed).random((40, 48), dtype=np.float32)
    write_tiff(path, pixels, pixel_size_nm)
    return path


class FakePredictor:
    """Answers at once; refuses images of the sizes it is told to."""

    def __init__(
        self,
        draws: tuple[Theta, ...] = DRAWS,
        unfit: Sequence[str] = (),
        meanwhile: Callable[[], object] = lambda: None,
    ) -> None:
        self.draws = draws
        self.unfit = unfit
        self.meanwhile = meanwhile
        self.seen: list[list[str]] = []

    def predict(
        self, micrographs: Sequence[Micrograph], progress: Progress = no_progress
    ) -> Prediction:
        self.seen.append([micrograph.name for micrograph in micrographs])
        for micrograph in micrographs:
            if micrograph.name in self.unfit:
                raise MicrographError(f"{micrograph.name}: no particle stands out.")
        self.meanwhile()
        for done in range(len(micrographs)):
            progress((done + 1) / len(micrographs), "Predicting")
        certain = not self.draws
        return Prediction(
            model="fake",
            theta=THETA,
            interval_90=None if certain else {"fractal_dimension": (1.7, 1.9)},
            probabilities=None if certain else {"theta_0": (0.0, 0.1, 0.8, 0.1, 0.0, 0.0)},
            images=tuple(
                ImagePrediction(1.8, 0.4, n_particles=40.0 + k) for k in range(len(micrographs))
            ),
            draws=self.draws,
            warnings=() if certain else ("Two images are alike.",),
        )
