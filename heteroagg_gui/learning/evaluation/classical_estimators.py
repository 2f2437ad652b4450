"""The classical methods as estimators; all three read the same measurements."""

from collections.abc import Mapping

import numpy as np

from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.baselines.calibration import Calibration
from heteroagg_gui.learning.baselines.estimates import (
    box_counting,
    scaling_law,
    scaling_slope,
    thresholding,
)
from heteroagg_gui.learning.baselines.silhouettes import Silhouettes, measure_data
from heteroagg_gui.learning.dataset.reading import DataSet
from heteroagg_gui.learning.evaluation.estimator import (
    IMAGE_QUANTITIES,
    SET_QUANTITIES,
    Cost,
    Estimator,
    ImageMemory,
    Indices,
    Reals,
    Values,
)


class SilhouetteMemory:
    """Measurements on the images of a data set, made once for all classical methods."""

    def __init__(self) -> None:
        self._memory = ImageMemory(_measured)

    @property
    def cost(self) -> Cost:
        """Computing time spent on images so far."""
        return self._memory.cost

    def of(self, data: DataSet, indices: Indices, progress: Progress = no_progress) -> Silhouettes:
        """Return the measurements on images, ``indices`` of shape (k,)."""
        rows = self._memory.rows(data, indices, progress)
        half = (rows.shape[1] - 3) // 2
        return Silhouettes(
            rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3 : 3 + half], rows[:, 3 + half :]
        )


def _measured(data: DataSet, indices: Indices, progress: Progress) -> Reals:
    found = measure_data(data, indices.astype(np.int64), progress)
    return np.column_stack(
        [found.area_nm2, found.gyration_nm, found.box_dimension, found.relative, found.absolute]
    )


def _missing(has: tuple[str, ...], reason: str) -> dict[str, str]:
    return {key: reason for key in (*IMAGE_QUANTITIES, *SET_QUANTITIES) if key not in has}


class _Classical:
    """A method with calibrated constants that reads measurements made for all of them."""

    def __init__(self, calibration: Calibration, memory: SilhouetteMemory) -> None:
        self._calibration = calibration
        self._memory = memory
        self.cost = memory.cost


class BoxCounting(_Classical):
    """Box counting in two dimensions with a power-law correction, Eqs. (21) and (22)."""

    name = "box counting"
    title = "box counting, corrected by a power law (Eqs. 21-22)"
    reasons: Mapping[str, str] = _missing(
        ("fractal_dimension", "theta_fractal_dimension"),
        "Box counting gives the fractal dimension alone.",
    )

    def images(self, data: DataSet, indices: Indices, progress: Progress = no_progress) -> Values:
        """Return corrected box-counting dimensions, Eq. (21)."""
        found = self._memory.of(data, indices, progress)
        return {"fractal_dimension": box_counting(found, self._calibration)}

    def sets(self, data: DataSet, groups: Indices, progress: Progress = no_progress) -> Values:
        """Return their means, Eq. (22)."""
        values = self.images(data, groups.ravel(), progress)["fractal_dimension"]
        return {"theta_fractal_dimension": values.reshape(groups.shape).mean(axis=1)}


class Thresholding(_Classical):
    """Mixing ratio by two brightness thresholds, section 4."""

    name = "thresholds"
    title = "two brightness thresholds (section 4)"
    reasons: Mapping[str, str] = _missing(
        ("mixing_ratio", "theta_mixing_ratio"), "Thresholds give the mixing ratio alone."
    )

    def images(self, data: DataSet, indices: Indices, progress: Progress = no_progress) -> Values:
        """Return shares of the area that are bright."""
        found = self._memory.of(data, indices, progress)
        return {"mixing_ratio": thresholding(found, self._calibration)}

    def sets(self, data: DataSet, groups: Indices, progress: Progress = no_progress) -> Values:
        """Return their means."""
        values = self.images(data, groups.ravel(), progress)["mixing_ratio"]
        return {"theta_mixing_ratio": values.reshape(groups.shape).mean(axis=1)}


class ScalingLawEstimator(_Classical):
    """N against projected radius of gyration over many aggregates, calibrated."""

    name = "scaling law"
    title = "number against radius over many aggregates, calibrated (Eq. 5 in projection)"
    reasons: Mapping[str, str] = _missing(
        ("fractal_dimension", "n_particles", "theta_fractal_dimension"),
        "Outlines tell size and fractal dimension alone.",
    )

    def images(self, data: DataSet, indices: Indices, progress: Progress = no_progress) -> Values:
        """Return fractal dimensions and numbers of particles."""
        found = self._memory.of(data, indices, progress)
        dimensions, particles = scaling_law(found, self._calibration)
        return {"fractal_dimension": dimensions, "n_particles": particles}

    def sets(self, data: DataSet, groups: Indices, progress: Progress = no_progress) -> Values:
        """Return the exponent of the power law over each set."""
        found = self._memory.of(data, groups.ravel(), progress)
        places = np.arange(groups.size).reshape(groups.shape)
        slopes = [scaling_slope(found.chosen(place), self._calibration) for place in places]
        return {"theta_fractal_dimension": np.array(slopes)}


def classical_estimators(calibration: Calibration) -> list[Estimator]:
    """Return the classical methods, sharing their measurements."""
    memory = SilhouetteMemory()
    return [
        BoxCounting(calibration, memory),
        Thresholding(calibration, memory),
        ScalingLawEstimator(calibration, memory),
    ]
