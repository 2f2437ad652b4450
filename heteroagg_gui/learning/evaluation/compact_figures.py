"""Errors, coverage and calibration of the compact network on simulated sets."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from heteroagg_gui.core.theta import (
    PAPER_CLUSTER_SIZES,
    PAPER_FRACTAL_DIMENSIONS,
    PAPER_MIXING_RATIOS,
    Theta,
)
from heteroagg_gui.learning.examples import QUANTITIES, image_stream
from heteroagg_gui.learning.measures import with_interval
from heteroagg_gui.learning.set_data import SetTable
from heteroagg_gui.learning.set_head import SetHead, ThetaDistribution
from heteroagg_gui.learning.train_head import predict_sets

LEVELS = (0.5, 0.8, 0.9)
PAPER_IMAGES = 12
RANK_BINS = 10
CONTINUOUS = ("fractal_dimension", "mixing_ratio")
CLUSTERS = ("theta_0", "theta_1")
IMAGE_COUNTS = (1, 2, 4, 8, 12, 24, 48)


def paper_thetas(count: int, seed: int) -> list[Theta]:
    """Draw parameter vectors from the paper's grid, Table 2."""
    thetas = []
    for index in range(count):
        rng = image_stream(seed, index)
        thetas.append(
            Theta(
                float(rng.choice(PAPER_FRACTAL_DIMENSIONS)),
                float(rng.choice(PAPER_MIXING_RATIOS)),
                int(rng.choice(PAPER_CLUSTER_SIZES)),
                int(rng.choice(PAPER_CLUSTER_SIZES)),
            )
        )
    return thetas


def evaluate_images(table: SetTable) -> dict[str, dict[str, float]]:
    """Return the mean absolute errors per image of D_f(A), rho(A) and N."""
    error = (table.predicted - table.quantities).abs().flatten(0, 1).numpy().astype(float)
    column = {name: error[:, index] for index, name in enumerate(QUANTITIES)}
    index = QUANTITIES.index("log_n_particles")
    counts = torch.exp(table.predicted[:, :, index]) - torch.exp(table.quantities[:, :, index])
    return {
        "fractal_dimension_mae": with_interval(column["fractal_dimension"]),
        "mixing_ratio_mae": with_interval(column["mixing_ratio"]),
        "n_particles_mae": with_interval(counts.abs().flatten().numpy().astype(float)),
        "z_hetero_mae": with_interval(column["z_hetero"]),
    }


def evaluate_sets(heads: list[SetHead], table: SetTable, images: int) -> dict[str, Any]:
    """Evaluate the set heads on the first ``images`` images of every set.

    Returns
    -------
    dict
        Mean absolute errors of theta_Df and theta_rho (medians), shares of exact and
        within-one theta_0 and theta_1 (most probable value), coverage of central
        intervals; each error with a 95 % bootstrap interval.
    """
    predicted = predict_sets(heads, table.descriptions[:, :images])
    medians = predicted.quantiles(torch.tensor([0.5]))[:, :, 0]
    error = (medians - table.theta[:, :2]).abs().numpy().astype(float)
    figures: dict[str, Any] = {
        "images": images,
        "sets": len(table.theta),
        "theta_fractal_dimension_mae": with_interval(error[:, 0]),
        "theta_mixing_ratio_mae": with_interval(error[:, 1]),
    }
    misses = (predicted.probabilities.argmax(dim=2) + 1 - table.theta[:, 2:]).abs().numpy()
    for index, name in enumerate(CLUSTERS):
        figures[f"{name}_exact"] = with_interval((misses[:, index] == 0).astype(float))
        figures[f"{name}_within_one"] = with_interval((misses[:, index] <= 1).astype(float))
    figures["coverage"] = coverage(predicted, table.theta)
    figures["interval_90_width"] = interval_widths(predicted)
    return figures


def interval_widths(predicted: ThetaDistribution) -> dict[str, float]:
    """Return the mean widths of the 90 % intervals of theta_Df and theta_rho."""
    ends = predicted.quantiles(torch.tensor([0.05, 0.95]))
    widths = (ends[:, :, 1] - ends[:, :, 0]).mean(dim=0)
    return dict(zip(CONTINUOUS, widths.tolist(), strict=True))


def rank_histograms(predicted: ThetaDistribution, theta: Tensor) -> dict[str, list[int]]:
    """Count where in its predicted distribution the truth lies, in ten equal bins.

    A calibrated prediction fills all bins alike. The rank among whole numbers is spread at
    random over the probability of the true one.
    """
    ranks = predicted.cumulative(theta[:, :2, None])[:, :, 0]
    generator = torch.Generator().manual_seed(0)
    below = predicted.probabilities.cumsum(dim=2)
    index = (theta[:, 2:].long() - 1)[:, :, None]
    share = predicted.probabilities.gather(2, index)[:, :, 0]
    spread = torch.rand(share.shape, generator=generator)
    sizes = below.gather(2, index)[:, :, 0] - share * spread
    columns = torch.cat([ranks, sizes], dim=1).clamp(0.0, 1.0)
    names = (*CONTINUOUS, *CLUSTERS)
    return {
        name: torch.histc(columns[:, k], RANK_BINS, 0.0, 1.0).long().tolist()
        for k, name in enumerate(names)
    }


def reliability(predicted: ThetaDistribution, theta: Tensor) -> dict[str, list[dict[str, float]]]:
    """Compare stated probabilities of theta_0 and theta_1 with how often they came true.

    Returns
    -------
    dict
        For each of the two, per bin of stated probability: its mean, the share that came
        true, and the number of statements (six a set).
    """
    figures = {}
    for k, name in enumerate(CLUSTERS):
        stated = predicted.probabilities[:, k].flatten()
        sizes = torch.arange(1, predicted.probabilities.shape[2] + 1)
        true = (theta[:, 2 + k, None] == sizes).flatten()
        bins = (stated * RANK_BINS).long().clamp(0, RANK_BINS - 1)
        figures[name] = [
            {
                "stated": float(stated[bins == b].mean()),
                "true": float(true[bins == b].float().mean()),
                "count": int((bins == b).sum()),
            }
            for b in range(RANK_BINS)
            if bool((bins == b).any())
        ]
    return figures


def coverage(predicted: ThetaDistribution, theta: Tensor) -> dict[str, dict[str, float]]:
    """Return how often central intervals of each level hold the truth."""
    position = predicted.cumulative(theta[:, :2, None])[:, :, 0]
    result: dict[str, dict[str, float]] = {}
    for index, name in enumerate(CONTINUOUS):
        inside = [(position[:, index] - 0.5).abs() <= level / 2 for level in LEVELS]
        result[name] = {
            f"{level:.0%}": float(hit.float().mean())
            for level, hit in zip(LEVELS, inside, strict=True)
        }
    return result


def grid_medians(predicted: ThetaDistribution) -> Tensor:
    """Return the median of theta_rho restricted to the paper's nine values, shape (S,).

    A real sample sits on no grid: this is for the comparison with the paper only.
    """
    grid = torch.tensor(PAPER_MIXING_RATIOS)
    pairs = torch.stack([torch.full_like(grid, 2.0), grid], dim=1)
    sets = len(predicted.means)
    logs = torch.stack([predicted.log_density(pair.expand(sets, 2))[:, 1] for pair in pairs], dim=1)
    posterior = torch.softmax(logs, dim=1).cumsum(dim=1)
    return grid[(posterior < 0.5).sum(dim=1).clamp(max=len(grid) - 1)]


def grid_mixing_ratio_mae(heads: list[SetHead], table: SetTable, images: int) -> dict[str, float]:
    """Return the error of theta_rho when its density is restricted, see :func:`grid_medians`."""
    median = grid_medians(predict_sets(heads, table.descriptions[:, :images]))
    return with_interval((median - table.theta[:, 1]).abs().numpy().astype(float))


def evaluate(
    heads: list[SetHead], table: SetTable, counts: Sequence[int] = IMAGE_COUNTS
) -> dict[str, Any]:
    """Evaluate on sets from the paper's grid; see the single functions."""
    sets = evaluate_sets(heads, table, PAPER_IMAGES)
    predicted = predict_sets(heads, table.descriptions[:, :PAPER_IMAGES])
    return {
        "per_image": evaluate_images(table),
        "sets_of_12": sets,
        "theta_mixing_ratio_mae_on_grid": grid_mixing_ratio_mae(heads, table, PAPER_IMAGES),
        "rank_histogram": rank_histograms(predicted, table.theta),
        "reliability": reliability(predicted, table.theta),
        "by_number_of_images": [
            sets if count == PAPER_IMAGES else evaluate_sets(heads, table, count)
            for count in counts
            if count <= table.descriptions.shape[1]
        ],
    }
