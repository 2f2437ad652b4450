"""Simulated training examples, one reproducible stream of random numbers each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.aggregation.descriptors import describe
from heteroagg_gui.aggregation.sampler import sample_aggregate
from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.targets import density_maps
from heteroagg_gui.micrograph.prepare import PreparedImage, prepare
from heteroagg_gui.stem.curves import Curves
from heteroagg_gui.stem.image import centred, frame_around
from heteroagg_gui.stem.realistic_image import render_realistic

NETWORK_PIXEL_NM = 2.0
LARGEST_MARGIN_NM = 40.0
NEIGHBOUR_MARGIN_NM = 60.0
QUANTITIES = (
    "fractal_dimension",
    "mixing_ratio",
    "log_n_particles",
    "log_s_wo3",
    "log_s_tio2",
    "z_hetero",
    "z_total",
    "theta_fractal_dimension",
    "theta_mixing_ratio",
)


@dataclass(frozen=True, eq=False)
class Example:
    """An image and what is known of the aggregate in it.

    Parameters
    ----------
    levels
        Prepared image, shape (height, width), uint8.
    maps
        Dense targets, see :func:`~heteroagg_gui.learning.targets.density_maps`; None where
        they were not asked for.
    quantities
        Values of :data:`QUANTITIES`, float32; the logarithms of absent cluster sizes are 0.
    cluster_sizes
        theta_0 and theta_1.
    """

    levels: NDArray[np.uint8]
    maps: NDArray[np.float32] | None
    quantities: NDArray[np.float32]
    cluster_sizes: tuple[int, int]


def image_stream(seed: int, *index: int) -> np.random.Generator:
    """Return the random numbers of one example, whatever process makes it."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=index)))


def quantities_of(aggregate: Aggregate, theta: Theta) -> NDArray[np.float32]:
    """Return the values of :data:`QUANTITIES` for an aggregate."""
    values = describe(aggregate)
    return np.array(
        [
            values["fractal_dimension"],
            values["mixing_ratio"],
            np.log(values["n_particles"]),
            np.log(max(1.0, np.nan_to_num(values["s_wo3"], nan=1.0))),
            np.log(max(1.0, np.nan_to_num(values["s_tio2"], nan=1.0))),
            values["z_hetero"],
            values["z_total"],
            theta.fractal_dimension,
            theta.mixing_ratio,
        ],
        dtype=np.float32,
    )


def make_example(
    theta: Theta,
    ranges: TrainingRanges,
    curves: Curves,
    rng: np.random.Generator,
    *,
    with_maps: bool,
    aggregate: Aggregate | None = None,
) -> Example:
    """Simulate one example: aggregate, image, preparation, targets.

    Parameters
    ----------
    theta
        Parameter vector.
    ranges
        Distribution of everything else.
    curves
        Reference curves.
    rng
        Source of randomness.
    with_maps
        Whether the dense targets are wanted.
    aggregate
        Image this aggregate instead of a new one.
    """
    simulated, micrograph = simulate_image(theta, ranges, curves, rng, aggregate)
    prepared = prepare(micrograph, NETWORK_PIXEL_NM)
    maps = None
    if with_maps:
        rows, columns = _centres_in(prepared, simulated)
        maps = density_maps(simulated, rows, columns, prepared.box.shape)
    quantities = quantities_of(simulated, theta)
    return Example(prepared.levels, maps, quantities, (theta.theta_0, theta.theta_1))


def simulate_image(
    theta: Theta,
    ranges: TrainingRanges,
    curves: Curves,
    rng: np.random.Generator,
    aggregate: Aggregate | None = None,
) -> tuple[Aggregate, Micrograph]:
    """Simulate an aggregate and its image; parameters as for :func:`make_example`."""
    sizes = ranges.aggregation
    if aggregate is None:
        sizes = ranges.draw_aggregation(rng)
        aggregate = sample_aggregate(theta, rng, sizes)
    microscope, pixel_size_nm = ranges.draw_conditions(rng)
    margin_nm = float(rng.uniform(0.4, 1.0)) * LARGEST_MARGIN_NM
    imperfections = ranges.draw_imperfections(rng)
    neighbours = [sample_aggregate(theta, rng, sizes) for _ in range(imperfections.neighbours)]
    margin_nm += NEIGHBOUR_MARGIN_NM if neighbours else 0.0
    frame = frame_around(aggregate, pixel_size_nm, margin_nm)
    pixels = render_realistic(aggregate, curves, microscope, frame, rng, imperfections, neighbours)
    return aggregate, Micrograph(pixels, pixel_size_nm, "example")


def _centres_in(
    prepared: PreparedImage, aggregate: Aggregate
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Particle centres in pixels of the prepared image; the frame's middle is x = y = 0."""
    positions = centred(aggregate)
    height, width = prepared.resampled_shape
    rows = positions[:, 1] / prepared.pixel_size_nm + (height - 1) / 2 - prepared.box.top
    columns = positions[:, 0] / prepared.pixel_size_nm + (width - 1) / 2 - prepared.box.left
    return rows, columns
