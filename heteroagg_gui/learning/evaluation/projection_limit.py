"""How well D_f(A) can be told from a projection in which every particle is known.

Eq. (5) needs the radius of gyration in three dimensions, and an image shows two. A regression is
given N, the radii and everything that can be counted of the particles' places across the beam,
and then also how far they spread along it, with a stated error.
``python -m heteroagg_gui.learning.evaluation.projection_limit`` writes the table.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.aggregation.descriptors import describe
from heteroagg_gui.aggregation.sampler import sample_aggregate
from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.examples import image_stream
from heteroagg_gui.learning.ranges import TrainingRanges

SEED = 61
ERRORS = (0.5, 0.3, 0.2, 0.1, 0.0)
OVERLAPS = (0.3, 0.6, 0.9, 1.01, 1.3, 1.8)
SHARES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Projections:
    """What is known of projected aggregates.

    Parameters
    ----------
    across
        What a perfect image tells, shape (n, 18).
    along
        Logarithm of the mean squared distance from the mid-plane in nm^2, shape (n,).
    fractal_dimension
        D_f(A) of Eq. (5), shape (n,).
    """

    across: Reals
    along: Reals
    fractal_dimension: Reals


def known_across(aggregate: Aggregate) -> tuple[Reals, float]:
    """Return what the projection along z tells of an aggregate, and the spread along z."""
    positions, radii = aggregate.positions_nm, aggregate.radii_nm
    mass = radii**3 / (radii**3).sum()
    offset = positions - mass @ positions
    tensor = (offset[:, :2] * mass[:, None]).T @ offset[:, :2]
    small, large = np.linalg.eigvalsh(tensor)
    first, second = np.triu_indices(len(radii), 1)
    distance = np.hypot(*(positions[first, :2] - positions[second, :2]).T)
    reach = distance / (radii[first] + radii[second])
    facts = [
        np.log(len(radii)),
        np.log(small + large),
        np.log(large / small),
        np.log(radii.mean()),
        np.log((radii**3).mean()),
        *(float((reach < overlap).sum()) / len(radii) for overlap in OVERLAPS),
        *np.log(np.quantile(distance / radii.mean(), SHARES)),
    ]
    return np.array(facts), float(np.log(mass @ offset[:, 2] ** 2))


def draw_projections(count: int, seed: int, progress: Progress = no_progress) -> Projections:
    """Draw aggregates from the training ranges and project them."""
    ranges = TrainingRanges()
    rows, along, dimensions = [], [], []
    for k in range(count):
        rng = image_stream(seed, k)
        aggregate = sample_aggregate(ranges.draw_theta(rng), rng, ranges.aggregation)
        facts, spread = known_across(aggregate)
        rows.append(facts)
        along.append(spread)
        dimensions.append(describe(aggregate)["fractal_dimension"])
        progress((k + 1) / count, "Projecting aggregates")
    return Projections(np.array(rows), np.array(along), np.array(dimensions))


def error_with(
    learnt: Projections, asked: Projections, depth_error: float | None, seed: int = 0
) -> float:
    """Return the mean absolute error of D_f(A) by gradient-boosted trees.

    Parameters
    ----------
    learnt, asked
        Aggregates to learn from and to be asked about.
    depth_error
        Standard deviation of the error that the logarithm of the spread along the beam is
        known with; None where nothing is known of it.
    seed
        Seed of that error.
    """
    from sklearn.ensemble import HistGradientBoostingRegressor

    rng = np.random.default_rng(seed)
    tables = []
    for part in (learnt, asked):
        table = part.across
        if depth_error is not None:
            seen = part.along + depth_error * rng.normal(size=len(part.along))
            table = np.column_stack([table, seen])
        tables.append(table)
    model = HistGradientBoostingRegressor(max_iter=500, learning_rate=0.05, random_state=0)
    model.fit(tables[0], learnt.fractal_dimension)
    return float(np.abs(model.predict(tables[1]) - asked.fractal_dimension).mean())


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table from the command line."""
    parser = argparse.ArgumentParser(description="What a perfect projection tells of D_f(A).")
    parser.add_argument("--aggregates", type=int, default=12000, metavar="N")
    options = parser.parse_args(arguments)
    learnt = draw_projections(options.aggregates, SEED)
    asked = draw_projections(options.aggregates // 4, SEED + 1)
    sys.stdout.write("| spread along the beam known to | error of D_f(A) |\n| --- | --- |\n")
    for depth_error in (None, *ERRORS):
        known = "not at all" if depth_error is None else f"{depth_error:.0%}"
        sys.stdout.write(f"| {known} | {error_with(learnt, asked, depth_error):.3f} |\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
