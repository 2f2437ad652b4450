"""What an estimate of structure has to offer to be evaluated."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.dataset.reading import DataSet

Reals = NDArray[np.float64]
Indices = NDArray[np.integer[Any]]
Values = Mapping[str, Reals]

IMAGE_QUANTITIES = (
    "fractal_dimension",
    "mixing_ratio",
    "n_particles",
    "homogeneous",
    "s_tio2",
    "s_wo3",
    "z_hetero",
    "z_total",
)
"""Per image, named as the descriptors; ``homogeneous`` counts as yes above 0.5."""

SET_QUANTITIES = (
    "theta_fractal_dimension",
    "theta_mixing_ratio",
    "theta_mixing_ratio_on_grid",
    "theta_0",
    "theta_1",
    "theta_0_unrounded",
    "theta_1_unrounded",
    "theta_fractal_dimension_low",
    "theta_fractal_dimension_high",
    "theta_mixing_ratio_low",
    "theta_mixing_ratio_high",
)
"""Per set of images; ``_low`` and ``_high`` bound 90 % intervals, ``_on_grid`` knows that the
value is one of 0.1, ..., 0.9."""


@dataclass
class Cost:
    """Computing time spent on images, in seconds of the processor."""

    images: int = 0
    seconds: float = 0.0

    @property
    def ms_per_image(self) -> float | None:
        """Milliseconds per image; None before the first."""
        return 1000.0 * self.seconds / self.images if self.images else None


class Estimator(Protocol):
    """A way to estimate structure from images.

    Attributes
    ----------
    name
        Short and unique: column of tables, key in metrics.json.
    title
        One line for people.
    reasons
        For each quantity of ``IMAGE_QUANTITIES`` and ``SET_QUANTITIES`` that is missing, why.
    cost
        Computing time spent on images so far.
    """

    name: str
    title: str
    reasons: Mapping[str, str]
    cost: Cost

    def images(self, data: DataSet, indices: Indices, progress: Progress = no_progress) -> Values:
        """Estimate quantities of single images, arrays of shape (k,)."""

    def sets(self, data: DataSet, groups: Indices, progress: Progress = no_progress) -> Values:
        """Estimate quantities of S sets of images, ``groups`` of shape (S, n); arrays (S,)."""


class ImageMemory:
    """Numbers that were computed from an image once, for every later question.

    Parameters
    ----------
    compute
        Returns F numbers for each of k images, shape (k, F).
    """

    def __init__(self, compute: Callable[[DataSet, Indices, Progress], Reals]) -> None:
        self._compute = compute
        self._data: DataSet | None = None
        self._known: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        self._rows: NDArray[np.float32] = np.zeros((0, 0), dtype=np.float32)
        self.cost = Cost()

    def rows(self, data: DataSet, indices: Indices, progress: Progress = no_progress) -> Reals:
        """Return the numbers of images in any arrangement, (..., F) for indices (...)."""
        if data is not self._data:
            self._data = data
            self._known = np.zeros(len(data), dtype=np.bool_)
        wanted = np.unique(indices)
        missing = wanted[~self._known[wanted]]
        if missing.size:
            started = time.process_time()
            found = self._compute(data, missing, progress)
            self.cost.seconds += time.process_time() - started
            self.cost.images += len(missing)
            if len(self._rows) != len(data) or self._rows.shape[1] != found.shape[1]:
                self._rows = np.full((len(data), found.shape[1]), np.nan, dtype=np.float32)
            self._rows[missing] = found
            self._known[missing] = True
        return self._rows[indices].astype(np.float64)
