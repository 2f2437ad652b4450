"""What could be known of theta from the true three-dimensional structure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from heteroagg_gui.aggregation.sampler import sample_aggregate
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.core.theta import PAPER_MIXING_RATIOS
from heteroagg_gui.learning.dataset.reading import DataSet
from heteroagg_gui.learning.evaluation.compact_figures import paper_thetas
from heteroagg_gui.learning.evaluation.estimator import (
    IMAGE_QUANTITIES,
    SET_QUANTITIES,
    Cost,
    ImageMemory,
    Indices,
    Reals,
    Values,
)
from heteroagg_gui.learning.examples import image_stream
from heteroagg_gui.learning.oracle import pooled_features, structure_row

LARGEST_SET = 20
USUAL_SET = 12
EXACT = "It is read from the true structure, so there is no error to state."
POINT = "The oracle gives point estimates."


@dataclass(frozen=True)
class OracleModels:
    """Gradient-boosted read-outs of features and number of images."""

    dimension: Any
    ratio: Any
    ratio_on_grid: Any
    sizes: tuple[Any, Any]


class OracleEstimator:
    """Gradient boosting on the true structure of the aggregates: a bound for images.

    Trained on sets of aggregates drawn from the model with parameter vectors anywhere on the
    paper's grid, half of them of 12 aggregates and the others of 1 to 20. The paper's training
    set would be too kind a teacher: it holds 648 of the 3564 vectors of the grid, the same as
    are evaluated, so that three parameters known give the fourth away.

    Parameters
    ----------
    sets
        Sets to train on.
    seed
        Seed of their choice.
    """

    name = "3D oracle"
    title = "gradient boosting on the true 3D structure: a bound, not a method"

    def __init__(self, sets: int = 4000, seed: int = 14) -> None:
        self.reasons: Mapping[str, str] = {
            **dict.fromkeys(IMAGE_QUANTITIES, EXACT),
            **{key: POINT for key in SET_QUANTITIES if key.endswith(("_low", "_high"))},
        }
        self._sets = sets
        self._seed = seed
        self._memory = ImageMemory(_structures)
        self._models: OracleModels | None = None
        self.cost = Cost()

    def images(self, data: DataSet, indices: Indices, progress: Progress = no_progress) -> Values:  # noqa: ARG002
        """Return nothing: single aggregates are known exactly."""
        return {}

    def sets(self, data: DataSet, groups: Indices, progress: Progress = no_progress) -> Values:
        """Return what the true structures tell."""
        if self._models is None:
            self._models = self._fit(data, progress)
        features = _features(self._memory.rows(data, groups))
        by_ratio = self._models.ratio_on_grid
        grid = np.array(PAPER_MIXING_RATIOS)[by_ratio.classes_]
        below = (by_ratio.predict_proba(features).cumsum(axis=1) < 0.5).sum(axis=1)
        values: dict[str, Reals] = {
            "theta_fractal_dimension": self._models.dimension.predict(features),
            "theta_mixing_ratio": self._models.ratio.predict(features),
            "theta_mixing_ratio_on_grid": grid[below.clip(max=len(grid) - 1)],
        }
        for k, model in enumerate(self._models.sizes):
            shares = model.predict_proba(features)
            values[f"theta_{k}"] = model.classes_[shares.argmax(axis=1)].astype(float)
            values[f"theta_{k}_unrounded"] = shares @ model.classes_
        return values

    def _fit(self, data: DataSet, progress: Progress) -> OracleModels:
        from sklearn.ensemble import HistGradientBoostingClassifier as Classifier
        from sklearn.ensemble import HistGradientBoostingRegressor as Regressor

        features, theta = self._training_sets(data, progress)
        regressor = {"loss": "absolute_error", "max_iter": 300, "random_state": 0}
        classifier = {"max_iter": 60, "random_state": 0, "early_stopping": False}
        nearest = np.abs(theta[:, 1:2] - np.array(PAPER_MIXING_RATIOS)).argmin(axis=1)
        progress(0.5, "Training the 3D oracle")
        sizes = [Classifier(**classifier).fit(features, theta[:, k]) for k in (2, 3)]
        progress(0.8, "Training the 3D oracle")
        return OracleModels(
            Regressor(**regressor).fit(features, theta[:, 0]),
            Regressor(**regressor).fit(features, theta[:, 1]),
            Classifier(**classifier).fit(features, nearest),
            (sizes[0], sizes[1]),
        )

    def _training_sets(self, data: DataSet, progress: Progress) -> tuple[Reals, Reals]:
        counts = np.random.default_rng(self._seed).integers(1, LARGEST_SET + 1, size=self._sets)
        counts[: self._sets // 2] = USUAL_SET
        thetas = paper_thetas(len(counts), self._seed)
        features = []
        for k, (theta, count) in enumerate(zip(thetas, counts, strict=True)):
            rows = [
                structure_row(
                    sample_aggregate(theta, image_stream(self._seed, k, j), data.plan.aggregation)
                )
                for j in range(int(count))
            ]
            features.append(_features(np.stack(rows)[None])[0])
            if k % 20 == 0:
                progress(0.5 * k / len(counts), "Drawing structures for the 3D oracle")
        return np.array(features), np.array([list(t.as_dict().values()) for t in thetas])


def _features(rows: Reals) -> Reals:
    pooled = pooled_features(rows)
    return np.column_stack([pooled, np.full(len(pooled), rows.shape[1])])


def _structures(data: DataSet, indices: Indices, progress: Progress) -> Reals:
    rows = []
    for done, index in enumerate(indices, start=1):
        rows.append(structure_row(data.aggregate(int(index))))
        if done % 200 == 0:
            progress(0.5 * done / len(indices), "Reading structures")
    return np.stack(rows)
