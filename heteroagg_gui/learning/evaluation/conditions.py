"""How networks do on clean and on imperfect images, asked the way the program asks them.

``python -m heteroagg_gui.learning.evaluation.conditions models/compact models/robust`` writes
one JSON document.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from heteroagg_gui.aggregation.descriptors import describe
from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.prediction import Prediction
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.evaluation.compact_figures import paper_thetas
from heteroagg_gui.learning.examples import image_stream, simulate_image
from heteroagg_gui.learning.measures import with_interval
from heteroagg_gui.learning.predictor import Predictor, load_predictor
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.stem.curves import Curves

SEED = 41
STREAM = 3 * 10**7

ROBUST_RANGES = TrainingRanges(
    radius_means_nm=(8.0, 18.0),
    radius_relative_sds=(0.15, 0.35),
    largest_sizes=(40, 120),
    pixel_sizes_nm=(0.5, 2.5),
    doses_e_per_a2=(10.0, 1000.0),
    focus_offset_sd_nm=25.0,
    varied=0.8,
    imperfect=0.8,
)
"""What the robust network learns from."""

CONDITIONS: Mapping[str, TrainingRanges] = MappingProxyType(
    {
        "clean": TrainingRanges(varied=0.0),
        "imperfect": TrainingRanges(varied=0.0, imperfect=1.0),
        "low dose": TrainingRanges(varied=1.0, doses_e_per_a2=(10.0, 20.0)),
        "other sizes": TrainingRanges(
            radius_means_nm=(8.0, 18.0), radius_relative_sds=(0.15, 0.35), varied=0.0
        ),
        "everything varied": ROBUST_RANGES,
    }
)
"""Sets of images to compare on; theta is drawn from the paper's grid."""


def simulated_set(
    theta: Theta, ranges: TrainingRanges, curves: Curves, images: int, index: int
) -> tuple[list[Aggregate], list[Micrograph]]:
    """Simulate the images of one set, the same for every network."""
    pairs = [
        simulate_image(theta, ranges, curves, image_stream(SEED, STREAM, index, k))
        for k in range(images)
    ]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def errors_of(
    prediction: Prediction, theta: Theta, aggregates: Sequence[Aggregate]
) -> dict[str, float]:
    """Return the absolute errors of one set, means over its images where they are per image."""
    truth = [describe(aggregate) for aggregate in aggregates]
    interval = prediction.interval_90 or {}
    figures = {
        "theta_fractal_dimension_mae": abs(
            prediction.theta.fractal_dimension - theta.fractal_dimension
        ),
        "theta_mixing_ratio_mae": abs(prediction.theta.mixing_ratio - theta.mixing_ratio),
        "theta_0_exact": float(prediction.theta.theta_0 == theta.theta_0),
        "theta_1_exact": float(prediction.theta.theta_1 == theta.theta_1),
        "fractal_dimension_mae": _mean_error(
            [image.fractal_dimension for image in prediction.images],
            [values["fractal_dimension"] for values in truth],
        ),
        "mixing_ratio_mae": _mean_error(
            [image.mixing_ratio for image in prediction.images],
            [values["mixing_ratio"] for values in truth],
        ),
        "images_flagged": float(np.mean([image.is_unusual for image in prediction.images])),
        "sets_flagged": float(prediction.is_unusual),
    }
    for key, (low, high) in interval.items():
        figures[f"{key}_covered_90"] = float(low <= getattr(theta, key) <= high)
    return figures


def _mean_error(predicted: Sequence[float], true: Sequence[float]) -> float:
    return float(np.mean(np.abs(np.array(predicted) - np.array(true))))


def compare_on(
    networks: Mapping[str, Predictor],
    ranges: TrainingRanges,
    sets: int,
    images: int = 12,
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Ask several networks about the same simulated sets.

    Parameters
    ----------
    networks
        Loaded networks by name.
    ranges
        What the images are drawn from; theta comes from the paper's grid.
    sets, images
        Number of sets and of images in each.
    progress
        Receives the share done.

    Returns
    -------
    dict
        For each network the errors with 95 % bootstrap intervals.
    """
    curves = ranges.curves()
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in networks}
    for index, theta in enumerate(paper_thetas(sets, SEED)):
        aggregates, micrographs = simulated_set(theta, ranges, curves, images, index)
        for name, network in networks.items():
            rows[name].append(errors_of(network.predict(micrographs), theta, aggregates))
        progress((index + 1) / sets, "Comparing networks")
    return {
        name: {key: with_interval(np.array([row[key] for row in found])) for key in found[0]}
        for name, found in rows.items()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare networks from the command line."""
    parser = argparse.ArgumentParser(description="Compare networks on imperfect images.")
    parser.add_argument("networks", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--sets", type=int, default=100, metavar="N", help="sets per condition")
    parser.add_argument("--images", type=int, default=12, metavar="N", help="images of a set")
    parser.add_argument("--conditions", nargs="+", choices=list(CONDITIONS), metavar="NAME")
    parser.add_argument("--device", default="cpu", help="auto, cpu, cuda or mps")
    options = parser.parse_args(arguments)
    networks = {folder.name: load_predictor(folder, options.device) for folder in options.networks}
    figures = {
        name: compare_on(networks, CONDITIONS[name], options.sets, options.images)
        for name in options.conditions or CONDITIONS
    }
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
