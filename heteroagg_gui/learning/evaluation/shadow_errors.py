"""Structure of the model at the true and at the predicted theta: Fig. 14 and Table 5."""

from typing import Any

import numpy as np

from heteroagg_gui.aggregation.descriptors import describe_many
from heteroagg_gui.aggregation.sampler import sample_aggregates
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.evaluation.estimator import Reals, Values
from heteroagg_gui.learning.evaluation.evidence import Evidence
from heteroagg_gui.learning.evaluation.image_errors import Measured
from heteroagg_gui.learning.measures import (
    mean_absolute_error,
    r_squared,
    statistic_with_interval,
)

DESCRIBED = ("s_tio2", "z_hetero", "z_total")
NEEDED = ("theta_fractal_dimension", "theta_mixing_ratio", "theta_0", "theta_1")
SHOWN = 4
BINS = 20


class ShadowComparison:
    """Draws populations at the true parameter vectors of some sets, and at predicted ones.

    Parameters
    ----------
    evidence
        Sets and predictions.
    """

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        settings = evidence.settings
        chosen = np.unique(evidence.set_clusters, return_index=True)[1]
        rng = np.random.default_rng(settings.seed)
        count = min(settings.shadow_thetas, len(chosen))
        self.sets = np.sort(rng.choice(chosen, size=count, replace=False))
        self._true: list[dict[str, Reals]] | None = None

    def _draw(self, theta: Theta, seed: int) -> dict[str, Reals]:
        settings, parameters = self._evidence.settings, self._evidence.data.plan.aggregation
        aggregates = sample_aggregates([theta] * settings.shadows, seed, parameters, settings.jobs)
        described = describe_many(aggregates, parameters)
        return {key: described[key] for key in DESCRIBED}

    def true_populations(self, progress: Progress = no_progress) -> list[dict[str, Reals]]:
        """Return descriptors of the populations at the true vectors, drawn once."""
        if self._true is None:
            self._true = []
            for k, row in enumerate(self.sets):
                theta = _theta(self._evidence.theta[row])
                self._true.append(self._draw(theta, self._evidence.settings.seed + 3 * k))
                progress((k + 1) / len(self.sets), "Drawing shadows at the true parameters")
        return self._true

    def compare(
        self, name: str, progress: Progress = no_progress
    ) -> tuple[Measured, list[dict[str, Any]]]:
        """Compare populations at an estimator's predictions with the true ones.

        Parameters
        ----------
        name
            Estimator; it must have predicted all four parameters.
        progress
            Receives the share done.

        Returns
        -------
        tuple
            Rows of Table 5 with intervals, and the histograms of Fig. 14.
        """
        predicted = self._evidence.of_sets[name]
        pairs = []
        for k, row in enumerate(self.sets):
            theta = predicted_theta(predicted, int(row))
            shadows = self._draw(theta, self._evidence.settings.seed + 3 * k + 1)
            pairs.append((self.true_populations()[k], shadows, theta))
            progress((k + 1) / len(self.sets), f"{name}: drawing digital shadows")
        rows = _table_5([(true, shadow) for true, shadow, _ in pairs])
        shown = [
            self._histograms(int(row), *pair)
            for row, pair in zip(self.sets[:SHOWN], pairs[:SHOWN], strict=True)
        ]
        return rows, shown

    def floor(self, progress: Progress = no_progress) -> Measured:
        """Return what Table 5 would be if theta were known: the chance of finite populations.

        Parameters
        ----------
        progress
            Receives the share done.
        """
        pairs = []
        for k, row in enumerate(self.sets):
            again = self._draw(
                _theta(self._evidence.theta[row]), self._evidence.settings.seed + 3 * k + 2
            )
            pairs.append((self.true_populations()[k], again))
            progress((k + 1) / len(self.sets), "Drawing shadows at the true parameters again")
        return _table_5(pairs)

    def _histograms(
        self, row: int, true: dict[str, Reals], shadow: dict[str, Reals], theta: Theta
    ) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "theta": self._evidence.theta[row].tolist(),
            "predicted": list(theta.as_dict().values()),
        }
        for key in DESCRIBED:
            first, second = (v[key][np.isfinite(v[key])] for v in (true, shadow))
            both = np.concatenate([first, second])
            edges = np.linspace(both.min(), max(both.max(), both.min() + 1e-9), BINS + 1)
            entry[key] = {
                "edges": edges.tolist(),
                "true": np.histogram(first, bins=edges)[0].tolist(),
                "shadow": np.histogram(second, bins=edges)[0].tolist(),
                "true_mean": float(first.mean()),
                "shadow_mean": float(second.mean()),
            }
        return entry


def _table_5(pairs: list[tuple[dict[str, Reals], dict[str, Reals]]]) -> Measured:
    rows: Measured = {}
    for key in DESCRIBED:
        truth, found = (np.array([np.nanmean(pair[k][key]) for pair in pairs]) for k in (0, 1))
        rows[f"{key}_mae"] = statistic_with_interval(mean_absolute_error, truth, found)
        rows[f"{key}_r2"] = statistic_with_interval(r_squared, truth, found)
    return rows


def _complete(values: Values) -> bool:
    return all(key in values for key in NEEDED)


def comparable(evidence: Evidence) -> list[str]:
    """Return the estimators that predict all four parameters."""
    return [name for name, values in evidence.of_sets.items() if _complete(values)]


def predicted_theta(values: Values, row: int) -> Theta:
    """Return a predicted parameter vector, kept to where the model is defined."""
    return Theta(
        float(np.clip(values["theta_fractal_dimension"][row], 1.05, 2.95)),
        float(np.clip(values["theta_mixing_ratio"][row], 0.0, 1.0)),
        max(1, round(float(values["theta_0"][row]))),
        max(1, round(float(values["theta_1"][row]))),
    )


def _theta(row: Reals) -> Theta:
    return Theta(float(row[0]), float(row[1]), int(row[2]), int(row[3]))
