"""What is shown of the training that the user looks at: curves, samples, card."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.workflow.predictors import find_model
from heteroagg_gui.workflow.trainings.events import EVENTS_FILE, Curves, EventLog, Sample
from heteroagg_gui.workflow.trainings.reading import Remembered, read_object
from heteroagg_gui.workflow.trainings.training import REPORT, Training

BUNDLED = "compact"
CARD_FILE = "card.json"
LARGEST_SIDE = 512
MOST_SAMPLES = 6

Card = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class ShownSample:
    """A validation image with the truth and the newest answer.

    Parameters
    ----------
    sample
        What was asked and answered.
    pixels
        Grey levels, uint8, shape (rows, columns); None where the picture is missing.
    """

    sample: Sample
    pixels: NDArray[np.uint8] | None


@dataclass(frozen=True, eq=False)
class TrainingDetails:
    """What is shown of one training beside how far it is.

    Parameters
    ----------
    key
        The training.
    curves
        Loss and errors.
    samples
        Validation images with the newest answers.
    bundled, start, card
        Cards of the bundled network, of the one it began with, and of the one it made.
    has_report
        Whether there is a report to open.
    size_mb
        What its folder takes on the disk in MB.
    """

    key: str
    curves: Curves = field(default_factory=Curves)
    samples: tuple[ShownSample, ...] = ()
    bundled: Card | None = None
    start: Card | None = None
    card: Card | None = None
    has_report: bool = False
    size_mb: float = 0.0


class DetailsReader:
    """Reads the details of a training again and again; what did not change is not read twice."""

    def __init__(self, training: Training) -> None:
        self._folder = training.folder
        self._log = EventLog(training.folder / EVENTS_FILE)
        self._card = Remembered(training.network / CARD_FILE, read_object)
        self._pixels: dict[tuple[str, int], NDArray[np.uint8] | None] = {}
        self._bundled = card_named(BUNDLED)
        start = training.plan.start if training.plan is not None else ""
        self._start = card_named(start) if start and start != BUNDLED else None
        self._stamp: object = None
        self._curves = Curves()

    def read(self, training: Training) -> TrainingDetails | None:
        """Return the details if anything in them changed, else None."""
        grown = False
        while self._log.read():
            grown = True
        if grown:
            self._curves = self._log.curves()
        card = self._card.get()
        stamp = (training.state, id(card), training.request.adopted)
        if not grown and stamp == self._stamp:
            return None
        self._stamp = stamp
        return TrainingDetails(
            key=training.key,
            curves=self._curves,
            samples=self._samples(),
            bundled=self._bundled,
            start=self._start,
            card=card,
            has_report=(self._folder / REPORT).is_file(),
            size_mb=size_mb(self._folder),
        )

    def _samples(self) -> tuple[ShownSample, ...]:
        shown = []
        for sample in self._log.latest_samples()[:MOST_SAMPLES]:
            name = (sample.image, sample.update)
            if name not in self._pixels:
                self._pixels[name] = read_picture(self._folder, sample.image)
            shown.append(ShownSample(sample, self._pixels[name]))
        wanted = {(s.sample.image, s.sample.update) for s in shown}
        self._pixels = {name: kept for name, kept in self._pixels.items() if name in wanted}
        return tuple(shown)


def card_named(name: str) -> Card | None:
    """Return the card of an installed network; None where it is not there."""
    try:
        return read_object(find_model(name) / CARD_FILE)
    except HeteroaggError:
        return None


def read_picture(folder: Path, name: str) -> NDArray[np.uint8] | None:
    """Return the grey levels of a small picture inside a training's folder, PNG or npy."""
    path = (folder / name).resolve()
    if not name or not path.is_relative_to(folder.resolve()):
        return None
    try:
        if path.suffix == ".npy":
            pixels = np.load(path, allow_pickle=False)
        else:
            from PIL import Image

            with Image.open(path) as image:
                pixels = np.asarray(image.convert("L"))
    except (OSError, ValueError, SyntaxError):
        return None
    if pixels.ndim != 2 or pixels.size == 0:
        return None
    step = -(-max(pixels.shape) // LARGEST_SIDE)
    pixels = pixels[::step, ::step]
    if pixels.dtype != np.uint8:
        low, high = float(pixels.min()), float(pixels.max())
        pixels = (255.0 * (pixels - low) / ((high - low) or 1.0)).astype(np.uint8)
    return np.ascontiguousarray(pixels)


def size_mb(folder: Path) -> float:
    """Return what a folder takes on the disk in MB."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except OSError:
            continue
    return total / 1e6
