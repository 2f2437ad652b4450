"""Errors on single images: Figs. 10a, 11a-b, 15a and 16, Table 4."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.learning.evaluation.evidence import Evidence
from heteroagg_gui.learning.evaluation.paper_values import CONFUSION
from heteroagg_gui.learning.measures import (
    interquartile_range,
    sliding_mean,
    statistic_with_interval,
    with_interval,
)

SHOWN_POINTS = 2500
FEWEST = 10

Measured = dict[str, dict[str, float]]


def image_rows(evidence: Evidence, name: str) -> Measured:
    """Return an estimator's errors on single images, each with its interval.

    Parameters
    ----------
    evidence
        Estimates.
    name
        Whose.
    """
    found, truth = evidence.of_images[name], evidence.truth
    clusters = evidence.image_clusters
    rows: Measured = {}
    if "fractal_dimension" in found:
        error = found["fractal_dimension"] - truth["fractal_dimension"]
        rows["d_f_mae"] = with_interval(np.abs(error), clusters)
        rows["d_f_bias"] = with_interval(error, clusters)
        rows["d_f_iqr"] = statistic_with_interval(interquartile_range, error, clusters=clusters)
    if "mixing_ratio" in found:
        error = found["mixing_ratio"] - truth["mixing_ratio"]
        rows["rho_mae"] = with_interval(np.abs(error), clusters)
        mixed = ~_homogeneous(evidence)
        rows["rho_mae_mixed"] = with_interval(np.abs(error[mixed]), clusters[mixed])
        for key, ends in (
            ("rho_bias_low", truth["mixing_ratio"] <= 0.1),
            ("rho_bias_high", truth["mixing_ratio"] >= 0.9),
        ):
            if ends.sum() >= FEWEST:
                rows[key] = with_interval(error[ends], clusters[ends])
    for key, quantity in (("n_mae", "n_particles"), ("z_hetero_image_mae", "z_hetero")):
        if quantity in found:
            rows[key] = with_interval(np.abs(found[quantity] - truth[quantity]), clusters)
    if "homogeneous" in found:
        correct = (found["homogeneous"] > 0.5) == _homogeneous(evidence)
        rows["homogeneous_correct"] = with_interval(correct.astype(float), clusters)
    return rows


def _homogeneous(evidence: Evidence) -> NDArray[np.bool_]:
    return np.isin(evidence.truth["mixing_ratio"], (0.0, 1.0))


def confusion_matrix(predicted: NDArray[np.bool_], truth: NDArray[np.bool_]) -> list[list[int]]:
    """Count as Table 4 does.

    Parameters
    ----------
    predicted, truth
        Whether aggregates are homogeneous, shape (n,).

    Returns
    -------
    list
        Rows: predicted homogeneous, predicted heterogeneous; columns: truly so.
    """
    return [[int((predicted == p) @ (truth == t).astype(int)) for t in (1, 0)] for p in (1, 0)]


def confusion_table(evidence: Evidence) -> dict[str, Any]:
    """Return Table 4 for every estimator that classifies, and the paper's."""
    truth = _homogeneous(evidence)
    found = {
        name: confusion_matrix(values["homogeneous"] > 0.5, truth)
        for name, values in evidence.of_images.items()
        if "homogeneous" in values
    }
    return {"images": len(truth), "paper": [list(row) for row in CONFUSION], "found": found}


def error_scatter(evidence: Evidence, quantity: str, against: str) -> dict[str, Any]:
    """Return errors of a quantity against a true value, Figs. 10a, 11b, 15a and 16.

    Parameters
    ----------
    evidence
        Estimates.
    quantity
        What is estimated.
    against
        Descriptor on the horizontal axis.

    Returns
    -------
    dict
        For each estimator that has the quantity: a random choice of ``positions`` and
        ``errors``, the sliding means of error (``bias``) and absolute error (``mae``).
    """
    truth, positions = evidence.truth[quantity], evidence.truth[against]
    rng = np.random.default_rng(evidence.settings.seed)
    count = min(SHOWN_POINTS, len(truth))
    shown = np.sort(rng.choice(len(truth), size=count, replace=False))
    series = {}
    for name, values in evidence.of_images.items():
        if quantity in values:
            error = values[quantity] - truth
            series[name] = {
                "positions": np.round(positions[shown], 4).tolist(),
                "errors": np.round(error[shown], 4).tolist(),
                "bias": sliding_mean(positions, error),
                "mae": sliding_mean(positions, np.abs(error)),
            }
    return {"images": len(truth), "quantity": quantity, "against": against, "series": series}
