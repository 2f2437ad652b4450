"""An estimator whose errors are planted."""

from collections.abc import Mapping

import numpy as np

from heteroagg_gui.core.progress import no_progress
from heteroagg_gui.learning.evaluation.estimator import Cost


class KnownAnswers:
    """Tells the truth plus planted errors; knows no WO3 cluster sizes and no intervals."""

    def __init__(
        self, name: str = "known", *, dimension: float = 0.0, ratio: float = 0.0, size: int = 0
    ) -> None:
        self.name = name
        self.title = "the truth with planted errors"
        self.reasons: Mapping[str, str] = {
            "homogeneous": "It does not classify.",
            "theta_fractal_dimension_low": "It gives point estimates.",
            "theta_mixing_ratio_low": "It gives point estimates.",
            "theta_mixing_ratio_on_grid": "It knows no grid.",
        }
        self.cost = Cost(10, 0.5)
        self._dimension = dimension
        self._ratio = ratio
        self._size = size

    def images(self, data, indices, progress=no_progress):
        truth = {key: values[indices] for key, values in data.descriptors.items()}
        return {
            "fractal_dimension": truth["fractal_dimension"] + self._dimension,
            "mixing_ratio": truth["mixing_ratio"],
            "n_particles": truth["n_particles"] + 2,
            "z_hetero": truth["z_hetero"],
        }

    def sets(self, data, groups, progress=no_progress):
        theta = data.theta[groups[:, 0]]
        return {
            "theta_fractal_dimension": theta[:, 0] + self._dimension,
            "theta_mixing_ratio": theta[:, 1] + self._ratio / np.sqrt(groups.shape[1]),
            "theta_0": theta[:, 2] + self._size,
            "theta_1": theta[:, 3],
        }
