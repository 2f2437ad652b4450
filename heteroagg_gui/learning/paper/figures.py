"""Errors of the paper's networks on the evaluation part, sections 3.1-3.3 and Table 4."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.evaluation import with_interval
from heteroagg_gui.learning.paper.estimators import cluster_size, combined_mixing_ratio
from heteroagg_gui.learning.paper.examples import ImageStore, is_homogeneous
from heteroagg_gui.learning.paper.intensities import network_images
from heteroagg_gui.learning.paper.networks import SET_SIZE, PaperNetwork
from heteroagg_gui.learning.paper.orders import (
    Indices,
    StoredImages,
    order_generator,
    sets_of_images,
)

PASSES = 2
IMAGES_AT_ONCE = {"cuda": 192, "cpu": 24, "mps": 48}
Values = NDArray[np.float64]


def evaluation_sets(data: StoredImages, passes: int = PASSES, seed: int = 0) -> Indices:
    """Return sets of 12 evaluation images of one configuration each, shape (m, 12).

    No image occurs twice in a pass.
    """
    indices = np.asarray(data.evaluation, dtype=np.int64)
    return np.concatenate(
        [
            sets_of_images(data.configuration, indices, SET_SIZE, order_generator(seed, k))
            for k in range(passes)
        ]
    )


def outputs_on(
    network: PaperNetwork,
    store: ImageStore,
    rows: Indices,
    device: torch.device,
    progress: Progress = no_progress,
) -> Values:
    """Evaluate a network, in single precision as a user's processor will.

    Parameters
    ----------
    network
        In evaluation mode on the device.
    store
        Gives the images.
    rows
        Images of each evaluation, shape (m, b).
    device
        Where to compute.
    progress
        Receives the share done.

    Returns
    -------
    NDArray
        Outputs, shape (m,).
    """
    at_once = max(1, IMAGES_AT_ONCE.get(device.type, 24) // rows.shape[1])
    parts = []
    network.eval()
    with torch.inference_mode():
        for start in range(0, len(rows), at_once):
            part = rows[start : start + at_once]
            levels, full_scale = store.images(part.reshape(-1))
            images = network_images(levels, full_scale, inverted=network.purpose.inverted)
            parts.append(network(images.view(*part.shape, *images.shape[1:])).cpu())
            progress(min(1.0, (start + at_once) / len(rows)), "Evaluating")
    return torch.cat(parts).double().numpy()


@dataclass
class Outputs:
    """What the networks say of the evaluation part.

    Parameters
    ----------
    sets
        Sets of 12 images, shape (m, 12).
    values
        By network: one value per evaluation image for the single-image networks, in the
        order of the data's ``evaluation``, and one per set for the others.
    """

    sets: Indices
    values: dict[str, Values]


def figures_of(data: StoredImages, outputs: Outputs) -> dict[str, Any]:
    """Return the figures of sections 3.1-3.3 that the networks at hand allow.

    Mean errors come with a 95 % bootstrap interval. Cluster sizes are rounded and not
    limited to 1 ... 6.

    Parameters
    ----------
    data
        Training data, whose evaluation part the outputs belong to.
    outputs
        What the networks say.
    """
    parts: Mapping[str, Callable[[StoredImages, Outputs], dict[str, Any]]] = {
        "Df": _fractal_dimension,
        "rho-reg": _mixing_ratio,
        "rho-class": _classification,
        "theta0": lambda d, o: _cluster_size(d, o, "theta0", 2),
        "theta1": lambda d, o: _cluster_size(d, o, "theta1", 3),
    }
    figures: dict[str, Any] = {"images": len(data.evaluation), "sets_of_12": len(outputs.sets)}
    for key, measure in parts.items():
        if key in outputs.values:
            figures |= measure(data, outputs)
    return figures


def _per_set(data: StoredImages, outputs: Outputs, per_image: Values) -> Values:
    """Return the mean of per-image values over each set, Eqs. (13) and (14)."""
    everywhere = np.full(len(data.configuration), np.nan)
    everywhere[data.evaluation] = per_image
    return np.asarray(everywhere[outputs.sets].mean(axis=1))


def _mae(estimates: Values, truth: Values) -> dict[str, float]:
    return with_interval(np.abs(estimates - truth))


def _fractal_dimension(data: StoredImages, outputs: Outputs) -> dict[str, Any]:
    truth = np.asarray(data.descriptors["fractal_dimension"])[data.evaluation]
    error = outputs.values["Df"] - truth
    low, high = np.quantile(error, (0.25, 0.75))
    theta = data.theta[outputs.sets[:, 0], 0]
    figures: dict[str, Any] = {
        "fractal_dimension_mae": with_interval(np.abs(error)),
        "fractal_dimension_bias": float(error.mean()),
        "fractal_dimension_iqr": float(high - low),
    }
    if len(theta):
        estimates = _per_set(data, outputs, outputs.values["Df"])
        figures["theta_fractal_dimension_mae"] = _mae(estimates, theta)
    return figures


def _mixing_ratio(data: StoredImages, outputs: Outputs) -> dict[str, Any]:
    truth = np.asarray(data.descriptors["mixing_ratio"])[data.evaluation]
    theta = data.theta[outputs.sets[:, 0], 1]
    regressed = outputs.values["rho-reg"]
    estimates = {"_regression_only": regressed}
    if "rho-class" in outputs.values:
        homogeneous = torch.from_numpy(outputs.values["rho-class"])
        combined = combined_mixing_ratio(torch.from_numpy(regressed), homogeneous)
        estimates[""] = combined.numpy()
    figures: dict[str, Any] = {}
    for suffix, values in estimates.items():
        figures[f"mixing_ratio_mae{suffix}"] = _mae(values, truth)
        if len(theta):
            means = _per_set(data, outputs, values)
            figures[f"theta_mixing_ratio_mae{suffix}"] = _mae(means, theta)
    return figures


def _classification(data: StoredImages, outputs: Outputs) -> dict[str, Any]:
    mixing = np.asarray(data.descriptors["mixing_ratio"])[data.evaluation]
    said, true = outputs.values["rho-class"] > 0.5, is_homogeneous(mixing)
    names = {True: "homogeneous", False: "heterogeneous"}
    table = {
        f"{names[t]}_as_{names[s]}": int(np.sum((true == t) & (said == s)))
        for s in (True, False)
        for t in (True, False)
    }
    return {"classification": table, "classified_correctly": float(np.mean(said == true))}


def _cluster_size(data: StoredImages, outputs: Outputs, key: str, column: int) -> dict[str, Any]:
    theta = data.theta[outputs.sets[:, 0], column]
    values = outputs.values[key]
    miss = np.abs(cluster_size(torch.from_numpy(values)).numpy() - theta)
    name = f"theta_{key[-1]}"
    return {
        f"{name}_exact": with_interval((miss == 0).astype(float)),
        f"{name}_within_one": with_interval((miss <= 1).astype(float)),
        f"{name}_mae": with_interval(miss),
        f"{name}_mae_before_rounding": _mae(values, theta),
    }
