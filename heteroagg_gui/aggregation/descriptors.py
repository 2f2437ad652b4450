"""Structural descriptors of an aggregate, Eqs. (3)-(5) and (17)-(19)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.aggregation.compiled import compiled
from heteroagg_gui.aggregation.contacts import Indices, Reals, find_contacts, join_components
from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.theta import TIO2, WO3

_USUAL = AggregationParameters()


@dataclass(frozen=True)
class DescriptorInfo:
    """What a descriptor is, for tables, axes and help.

    Parameters
    ----------
    key
        Name in files and programs.
    title
        Name for people.
    symbol
        Symbol of the paper, as plain text.
    unit
        Unit, empty for a pure number.
    equation
        Where the paper defines it; empty if it does not.
    help
        What it says, in one or two sentences.
    """

    key: str
    title: str
    symbol: str
    unit: str
    equation: str
    help: str


_TEMPLATES = (
    DescriptorInfo("n_particles", "Particles", "N", "", "Eq. (1)", "Number of particles."),
    DescriptorInfo(
        "fractal_dimension",
        "Fractal dimension",
        "D_f",
        "",
        "Eq. (5)",
        "Near 1 for a straight chain, near 3 for a dense packing. It scatters about the preset "
        "value because the model replaces the radii by their mean.",
    ),
    DescriptorInfo(
        "mixing_ratio", "Mixing ratio", "ρ", "", "Eq. (3)", "Number fraction of {0} particles."
    ),
    DescriptorInfo(
        "radius_of_gyration_nm",
        "Radius of gyration",
        "R_g",
        "nm",
        "Eq. (4)",
        "Root mean square distance of the particle centres from the centre of mass, with masses "
        "proportional to the particle volumes.",
    ),
    DescriptorInfo(
        "s_tio2",
        "Mean {1} cluster size",
        "S_{1}",
        "",
        "Eq. (17)",
        "Mean number of particles in a cluster of touching {1} particles. It does not exist "
        "without {1}.",
    ),
    DescriptorInfo(
        "s_wo3",
        "Mean {0} cluster size",
        "S_{0}",
        "",
        "Eq. (17)",
        "Mean number of particles in a cluster of touching {0} particles. It does not exist "
        "without {0}.",
    ),
    DescriptorInfo(
        "z_hetero",
        "Hetero-coordination number",
        "Z_hetero",
        "",
        "Eq. (18)",
        "Mean number of contacts of a particle with particles of the other material.",
    ),
    DescriptorInfo(
        "z_total",
        "Coordination number",
        "Z_total",
        "",
        "Eq. (19)",
        "Mean number of contacts of a particle.",
    ),
    DescriptorInfo(
        "relaxed_attachments",
        "Relaxed attachments",
        "",
        "",
        "",
        "Particles and primary clusters placed at another distance than Eq. (8) asks for, "
        "because no position at that distance was permissible. The first two particles of a "
        "primary cluster always count: their contact is too short for the law.",
    ),
)


def descriptors_for(names: tuple[str, str]) -> tuple[DescriptorInfo, ...]:
    """Return what the descriptors are, in the words of a material system.

    Parameters
    ----------
    names
        What to call the materials with labels 0 and 1.
    """
    return tuple(
        replace(
            info,
            title=info.title.format(*names),
            symbol=info.symbol.format(*names),
            help=info.help.format(*names),
        )
        for info in _TEMPLATES
    )


DESCRIPTORS = descriptors_for(("WO₃", "TiO₂"))

_COLUMNS = len(DESCRIPTORS)


@compiled
def gyration_radius(positions: Reals, radii: Reals) -> float:
    """Return the radius of gyration, Eq. (4), of masses proportional to the volumes, nm."""
    mass = 0.0
    centre = np.zeros(3)
    for i in range(len(radii)):
        mass += radii[i] ** 3
        centre += radii[i] ** 3 * positions[i]
    centre /= mass
    moment = 0.0
    for i in range(len(radii)):
        for axis in range(3):
            moment += radii[i] ** 3 * (positions[i, axis] - centre[axis]) ** 2
    return math.sqrt(moment / mass)


@compiled
def fractal_dimension(n: int, gyration: float, mean_radius: float, prefactor: float) -> float:
    """Return D_f of Eq. (5); NaN where the equation has no solution."""
    if gyration <= 0.0 or gyration == mean_radius:
        return math.nan
    return math.log(n / prefactor) / math.log(gyration / mean_radius)


@compiled
def mean_cluster_size(components: Indices, labels: NDArray[np.uint8], label: int) -> float:
    """Return the mean size of the components of a label, Eq. (17); NaN if there are none."""
    sizes = np.zeros(len(labels), np.int64)
    particles, clusters = 0, 0
    for i in range(len(labels)):
        if labels[i] == label:
            particles += 1
            clusters += sizes[components[i]] == 0
            sizes[components[i]] += 1
    return particles / clusters if clusters else math.nan


@compiled
def describe_into(
    positions: Reals,
    radii: Reals,
    labels: NDArray[np.uint8],
    prefactor: float,
    contact_factor: float,
    row: Reals,
) -> None:
    """Write all descriptors but the last to ``row``, in the order of ``DESCRIPTORS``."""
    n = len(radii)
    pairs = find_contacts(positions, radii, contact_factor)
    components = join_components(pairs, labels.astype(np.int64))
    hetero = 0
    for k in range(len(pairs)):
        if labels[pairs[k, 0]] != labels[pairs[k, 1]]:
            hetero += 1
    gyration = gyration_radius(positions, radii)
    row[0] = n
    row[1] = fractal_dimension(n, gyration, radii.mean(), prefactor)
    row[2] = (n - labels.sum()) / n
    row[3] = gyration
    row[4] = mean_cluster_size(components, labels, TIO2)
    row[5] = mean_cluster_size(components, labels, WO3)
    row[6] = 2.0 * hetero / n
    row[7] = 2.0 * len(pairs) / n


def describe_many(
    aggregates: Sequence[Aggregate], parameters: AggregationParameters = _USUAL
) -> dict[str, NDArray[np.float64]]:
    """Describe a population.

    Parameters
    ----------
    aggregates
        Any number of aggregates.
    parameters
        Where the prefactor of Eq. (5) and the contact factor of Eq. (2) come from.

    Returns
    -------
    dict
        One float64 array of the population's length per key of ``DESCRIPTORS``, in that
        order; NaN where a descriptor does not exist.
    """
    table = np.empty((len(aggregates), _COLUMNS))
    for aggregate, row in zip(aggregates, table, strict=True):
        describe_into(
            np.ascontiguousarray(aggregate.positions_nm),
            np.ascontiguousarray(aggregate.radii_nm),
            np.ascontiguousarray(aggregate.labels),
            parameters.prefactor,
            parameters.contact_factor,
            row,
        )
        row[-1] = aggregate.relaxations.relaxed
    return {info.key: table[:, k].copy() for k, info in enumerate(DESCRIPTORS)}


def describe(aggregate: Aggregate, parameters: AggregationParameters = _USUAL) -> dict[str, float]:
    """Return the descriptors of one aggregate, keyed and ordered as ``DESCRIPTORS``.

    A descriptor that does not exist, such as the mean TiO2 cluster size of a pure WO3
    aggregate, is NaN.
    """
    columns = describe_many([aggregate], parameters)
    return {key: float(values[0]) for key, values in columns.items()}
