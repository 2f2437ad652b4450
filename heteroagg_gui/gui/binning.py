"""Bars for a histogram of a descriptor."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.gui.highlight import Bar

MOST_BARS = 40
FEWEST_BARS = 5


@dataclass(frozen=True, eq=False)
class Bars:
    """Edges of bars and which bar each shadow is in (-1 where the descriptor is missing)."""

    descriptor: str
    edges: NDArray[np.float64]
    places: NDArray[np.intp]

    @property
    def counts(self) -> NDArray[np.intp]:
        """Number of shadows in each bar."""
        return self.counts_of(np.arange(len(self.places)))

    def counts_of(self, members: NDArray[np.intp]) -> NDArray[np.intp]:
        """Count some shadows by bar."""
        places = self.places[members]
        counts: NDArray[np.intp] = np.bincount(places[places >= 0], minlength=len(self.edges) - 1)
        return counts

    def bar(self, index: int) -> Bar:
        """Return one bar with the shadows in it."""
        return Bar(
            self.descriptor,
            float(self.edges[index]),
            float(self.edges[index + 1]),
            np.flatnonzero(self.places == index),
        )

    def index_at(self, x: float) -> int | None:
        """Return the bar at a value, if it holds a shadow."""
        index = int(np.searchsorted(self.edges, x, side="right")) - 1
        if not 0 <= index < len(self.edges) - 1 or not np.any(self.places == index):
            return None
        return index


def make_bars(descriptor: str, values: NDArray[np.float64]) -> Bars | None:
    """Sort values into bars of equal width; None where no value exists.

    Whole numbers get bars centred on whole numbers, so that no bar holds more of them than
    its neighbours by accident.
    """
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return None
    whole = bool(np.all(finite == np.round(finite)))
    edges = _whole_edges(finite) if whole else _edges(finite)
    places = np.full(len(values), -1, dtype=np.intp)
    inside = np.isfinite(values)
    found = np.searchsorted(edges, values[inside], side="right") - 1
    places[inside] = np.clip(found, 0, len(edges) - 2)
    return Bars(descriptor, edges, places)


def _whole_edges(values: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = int(values.min()), int(values.max())
    step = max(1, -(-(high - low + 1) // MOST_BARS))
    count = -(-(high - low + 1) // step)
    edges: NDArray[np.float64] = low - 0.5 + step * np.arange(count + 1, dtype=np.float64)
    return edges


def _edges(values: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = float(values.min()), float(values.max())
    if high <= low:
        return np.array([low - 0.5, low + 0.5])
    quarter, three_quarters = np.percentile(values, (25, 75))
    width = 2.0 * float(three_quarters - quarter) / values.size ** (1 / 3)
    count = int(np.ceil((high - low) / width)) if width > 0 else FEWEST_BARS
    return np.linspace(low, high, min(max(count, FEWEST_BARS), MOST_BARS) + 1)
