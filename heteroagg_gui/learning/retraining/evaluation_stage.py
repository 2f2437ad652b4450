"""How well a new network does on images it has not seen, beside the one it began with."""

from dataclasses import replace
from typing import Any

from heteroagg_gui.core.materials import DEFAULT_SYSTEM
from heteroagg_gui.core.theta import (
    PAPER_CLUSTER_SIZES,
    PAPER_FRACTAL_DIMENSIONS,
    PAPER_MIXING_RATIOS,
    Theta,
)
from heteroagg_gui.learning.compact import CompactNetwork
from heteroagg_gui.learning.evaluation.compact_figures import PAPER_IMAGES, evaluate, paper_thetas
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.read_out_stage import TEST_SEED, SetWork
from heteroagg_gui.learning.set_data import SetTable, random_thetas

Figures = dict[str, Any]

OWN, PAPER = "own", "paper"
_ON_GRID = "theta_mixing_ratio_mae_on_grid"
_OF_TWELVE = "sets_of_12"


def paper_conditions(ranges: TrainingRanges) -> TrainingRanges:
    """Return ranges with fixed imaging conditions and images without imperfections."""
    return replace(ranges, varied=0.0, imperfect=0.0)


def holds_the_paper(ranges: TrainingRanges) -> bool:
    """Return whether a network of these ranges has seen images like the paper's.

    Its materials, parameter vectors (Table 2), aggregate and particle sizes, and microscope.
    """
    usual = TrainingRanges()
    low, high = ranges.fractal_dimension
    poor, rich = ranges.mixing_ratio
    return (
        ranges.system == DEFAULT_SYSTEM
        and low <= min(PAPER_FRACTAL_DIMENSIONS) <= max(PAPER_FRACTAL_DIMENSIONS) <= high
        and poor <= min(PAPER_MIXING_RATIOS) <= max(PAPER_MIXING_RATIOS) <= rich
        and ranges.largest_cluster >= max(PAPER_CLUSTER_SIZES)
        and ranges.aggregation == usual.aggregation
        and ranges.largest_sizes is None
        and ranges.radius_means_nm is None
        and ranges.radius_relative_sds is None
        and ranges.microscope == usual.microscope
        and ranges.pixel_size_nm == usual.pixel_size_nm
        and ranges.sensitivity is None
    )


def kinds_of_tests(ranges: TrainingRanges) -> tuple[str, ...]:
    """Return the kinds of test sets for some ranges: their own, and the paper's where it fits."""
    return (OWN, PAPER) if holds_the_paper(ranges) else (OWN,)


def tables_for_tests(
    kind: str, ranges: TrainingRanges, sets: int, images: int, work: SetWork
) -> list[SetTable]:
    """Return test sets of a kind, described by each describer."""
    thetas: list[Theta]
    if kind == PAPER:
        thetas, ranges = paper_thetas(sets, TEST_SEED), paper_conditions(ranges)
        return work.tables(thetas, images, ranges, TEST_SEED)
    thetas = random_thetas(ranges, sets, TEST_SEED + 1)
    return work.tables(thetas, images, ranges, TEST_SEED + 1)


def figures_on(network: CompactNetwork, table: SetTable, kind: str) -> Figures:
    """Return the figures of a network on sets of a kind, as cards hold them."""
    figures = evaluate(network.heads, table)
    images = table.descriptions.shape[1]
    if kind != PAPER:
        figures.pop(_ON_GRID, None)
    if images < PAPER_IMAGES:
        figures[f"sets_of_{images}"] = figures.pop(_OF_TWELVE) | {"images": images}
    distances = network.novelty.distance(table.descriptions.flatten(0, 1))
    unlike = (distances > network.novelty.threshold).float().mean()
    return figures | {"flagged_test_images": float(unlike)}
