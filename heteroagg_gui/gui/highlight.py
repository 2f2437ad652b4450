"""Which shadows are highlighted: those in the histogram bar that is pointed at or clicked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Bar:
    """One bar of one histogram.

    Parameters
    ----------
    descriptor
        Key of the descriptor.
    low, high
        Edges of the bar.
    members
        Indices of the shadows in it, ascending.
    """

    descriptor: str
    low: float
    high: float
    members: Indices


class Highlight(QObject):
    """The bar under the mouse, or else the one that was clicked."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hovered: Bar | None = None
        self._pinned: Bar | None = None

    @property
    def bar(self) -> Bar | None:
        """The bar to highlight."""
        return self._hovered if self._hovered is not None else self._pinned

    @property
    def pinned(self) -> Bar | None:
        """The bar that was clicked: previous and next shadow stay in it."""
        return self._pinned

    def hover(self, bar: Bar | None) -> None:
        """Point at a bar, or at none."""
        if bar is not self._hovered:
            self._hovered = bar
            self.changed.emit()

    def pin(self, bar: Bar | None) -> None:
        """Keep a bar highlighted, or none."""
        if bar is not self._pinned:
            self._pinned = bar
            self.changed.emit()

    def clear(self) -> None:
        """Highlight nothing: the population changed."""
        self._hovered = self._pinned = None
        self.changed.emit()
