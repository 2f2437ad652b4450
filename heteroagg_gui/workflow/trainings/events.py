"""What happened in a training: its file of events, read as it grows."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.workflow.trainings.reading import number, text

EVENTS_FILE = "events.jsonl"
MOST_POINTS = 500
_CHUNK = 8_000_000

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """Running means of a stretch of training: loss, and errors in each quantity's unit."""

    update: int
    images: float
    loss: float
    errors: dict[str, float]


@dataclass(frozen=True)
class Sample:
    """An image the network was asked about, the truth and its answer.

    Parameters
    ----------
    update
        Updates of the weights before it was asked.
    image
        Path of the picture within the training's folder.
    truth, predicted
        Quantities by name.
    """

    update: int
    image: str
    truth: dict[str, float]
    predicted: dict[str, float]


@dataclass(frozen=True, eq=False)
class Curves:
    """Loss and errors over the training.

    Parameters
    ----------
    images, loss
        Images seen and loss, shape (n,).
    errors
        Mean absolute errors by quantity, shape (n,); NaN where one was not reported.
    """

    images: Reals = field(default_factory=lambda: np.empty(0))
    loss: Reals = field(default_factory=lambda: np.empty(0))
    errors: dict[str, Reals] = field(default_factory=dict)


class EventLog:
    """The events of a training; call :meth:`read` now and then.

    A line that is torn, because the program that wrote it was killed, is passed over; the last
    one is left until it is complete. After a resumption from a checkpoint, rows that
    the training repeats take the place of the old ones.

    Parameters
    ----------
    path
        The file of events.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self.rows: list[Row] = []
        self.samples: dict[str, Sample] = {}

    def read(self) -> bool:
        """Read what was added; return whether anything was."""
        try:
            size = self._path.stat().st_size
        except OSError:
            return False
        if size < self._offset:
            self._begin_again()
        if size == self._offset:
            return False
        with self._path.open("rb") as file:
            file.seek(self._offset)
            block = file.read(_CHUNK)
        end = block.rfind(b"\n") + 1
        self._offset += end
        for line in block[:end].split(b"\n"):
            self._take(line)
        return end > 0

    def curves(self, most: int = MOST_POINTS) -> Curves:
        """Return the rows as arrays: every so manyth up to the newest, if there are too many."""
        step = -(-len(self.rows) // most) or 1
        rows = self.rows[::-step][::-1]
        names = list(dict.fromkeys(name for row in rows for name in row.errors))
        return Curves(
            np.array([row.images for row in rows]),
            np.array([row.loss for row in rows]),
            {name: np.array([row.errors.get(name, np.nan) for row in rows]) for name in names},
        )

    def latest_samples(self) -> tuple[Sample, ...]:
        """Return the newest answer for each validation image."""
        return tuple(self.samples[name] for name in sorted(self.samples))

    def _begin_again(self) -> None:
        self._offset = 0
        self.rows.clear()
        self.samples.clear()

    def _take(self, line: bytes) -> None:
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            return
        if not isinstance(event, dict):
            return
        kind = event.get("kind")
        if kind == "row":
            self._take_row(event)
        elif kind == "sample":
            self._take_sample(event)

    def _take_row(self, event: dict[str, Any]) -> None:
        update = int(number(event, "update"))
        while self.rows and self.rows[-1].update >= update:
            self.rows.pop()
        row = Row(
            update,
            number(event, "images"),
            number(event, "loss", np.nan),
            _figures(event.get("errors")),
        )
        self.rows.append(row)

    def _take_sample(self, event: dict[str, Any]) -> None:
        sample = Sample(
            int(number(event, "update")),
            text(event, "image"),
            _figures(event.get("truth")),
            _figures(event.get("predicted")),
        )
        stem = Path(sample.image).stem
        self.samples[stem.rpartition("-")[2] or stem] = sample


def _figures(value: Any) -> dict[str, float]:
    if not isinstance(value, dict):
        return {}
    return {
        str(name): float(figure)
        for name, figure in value.items()
        if isinstance(figure, int | float) and not isinstance(figure, bool)
    }
