"""Errors on sets of images: Figs. 9, 10b, 11c, 12, 13 and 15b."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.evaluation.estimator import Reals, Values
from heteroagg_gui.learning.evaluation.evidence import Evidence
from heteroagg_gui.learning.evaluation.image_errors import FEWEST, Measured
from heteroagg_gui.learning.measures import few_values, with_interval

COLUMNS: Mapping[str, int] = {
    "theta_fractal_dimension": 0,
    "theta_mixing_ratio": 1,
    "theta_0": 2,
    "theta_1": 3,
}
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
LARGEST_MISS = 5


def set_rows(evidence: Evidence, name: str) -> Measured:
    """Return an estimator's errors on sets of the usual size, each with its interval.

    Parameters
    ----------
    evidence
        Estimates.
    name
        Whose.
    """
    found, theta, clusters = evidence.of_sets[name], evidence.theta, evidence.set_clusters
    rows: Measured = {}
    for key, quantity, column in (
        ("theta_d_f", "theta_fractal_dimension", 0),
        ("theta_rho", "theta_mixing_ratio", 1),
        ("theta_rho_grid", "theta_mixing_ratio_on_grid", 1),
    ):
        if quantity in found:
            error = np.abs(found[quantity] - theta[:, column])
            rows[f"{key}_mae"] = with_interval(error, clusters)
        if f"{quantity}_low" in found:
            low, high = found[f"{quantity}_low"], found[f"{quantity}_high"]
            inside = (low <= theta[:, column]) & (theta[:, column] <= high)
            rows[f"{key}_cover"] = with_interval(inside.astype(float), clusters)
    for quantity in ("theta_0", "theta_1"):
        if quantity in found:
            rows |= _size_rows(quantity, found[quantity], theta[:, COLUMNS[quantity]], clusters)
    return rows


def _size_rows(quantity: str, found: Reals, truth: Reals, clusters: Any) -> Measured:
    miss = np.abs(found - truth)
    rows = {
        f"{quantity}_exact": with_interval((miss == 0).astype(float), clusters),
        f"{quantity}_within_one": with_interval((miss <= 1).astype(float), clusters),
    }
    six = truth == 6
    if six.sum() >= FEWEST:
        rows[f"{quantity}_six"] = with_interval(miss[six], clusters[six])
    return rows


def errors_by_size(evidence: Evidence, progress: Progress = no_progress) -> dict[str, Any]:
    """Return the mean absolute error of each parameter against the size of the set, Fig. 9.

    Parameters
    ----------
    evidence
        Sets; their first n images are the set of n.
    progress
        Receives the share done.
    """
    sizes = list(range(1, evidence.groups.shape[1] + 1))
    series: dict[str, dict[str, list[dict[str, float]]]] = {}
    for k, estimator in enumerate(evidence.estimators):
        rows: dict[str, list[dict[str, float]]] = {}
        for size in sizes:
            found = estimator.sets(evidence.data, evidence.groups[:, :size])
            for key, value in _absolute_errors(found, evidence).items():
                rows.setdefault(key, []).append(value)
            share = (k + size / len(sizes)) / len(evidence.estimators)
            progress(share, f"{estimator.name}: sets of {size}")
        series[estimator.name] = rows
    return {"sets": len(evidence.groups), "sizes": sizes, "series": series}


def _absolute_errors(found: Values, evidence: Evidence) -> Measured:
    return {
        key: with_interval(np.abs(found[key] - evidence.theta[:, column]), evidence.set_clusters)
        for key, column in COLUMNS.items()
        if key in found
    }


def errors_by_value(evidence: Evidence, quantity: str) -> dict[str, Any]:
    """Return how errors are distributed at each true value, Figs. 10b, 11c, 12, 13 and 15b.

    Parameters
    ----------
    evidence
        Estimates.
    quantity
        A key of ``COLUMNS``.

    Returns
    -------
    dict
        Per estimator, for each true value, or bin of values, the number of sets, mean and
        quantiles of the error; for cluster sizes before rounding where that is known, and
        ``misses``: the share of sets whose rounded estimate is 0, 1, ... off, from -5 to 5.
    """
    truth = evidence.theta[:, COLUMNS[quantity]]
    places = few_values(truth)
    series = {}
    for name, found in evidence.of_sets.items():
        if quantity not in found:
            continue
        values = found.get(f"{quantity}_unrounded", found[quantity])
        entry: dict[str, Any] = {"values": [], "mean": [], "quantiles": [], "sets": []}
        for value in np.unique(places):
            error = (values - truth)[places == value]
            entry["values"].append(float(value))
            entry["mean"].append(float(error.mean()))
            entry["quantiles"].append([float(q) for q in np.quantile(error, QUANTILES)])
            entry["sets"].append(len(error))
        if quantity in ("theta_0", "theta_1"):
            entry["misses"] = _misses(found[quantity] - truth)
        series[name] = entry
    return {"quantity": quantity, "sets": len(truth), "levels": list(QUANTILES), "series": series}


def _misses(difference: Reals) -> list[float]:
    rounded = np.clip(np.rint(difference), -LARGEST_MISS, LARGEST_MISS).astype(int)
    counts = np.bincount(rounded + LARGEST_MISS, minlength=2 * LARGEST_MISS + 1)
    return [float(share) for share in counts / len(difference)]
