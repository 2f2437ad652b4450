"""Which particles touch, Eq. (2), and the clusters that follow from it."""

import math

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.aggregation.compiled import compiled
from heteroagg_gui.core.aggregate import Aggregate

Indices = NDArray[np.int64]
Reals = NDArray[np.float64]


@compiled
def find_contacts(positions: Reals, radii: Reals, contact_factor: float) -> Indices:
    """Return the index pairs i < j of particles in contact, shape (C, 2)."""
    pairs = np.empty((8 * len(radii), 2), np.int64)
    count = 0
    for i in range(len(radii)):
        for j in range(i + 1, len(radii)):
            x = positions[i, 0] - positions[j, 0]
            y = positions[i, 1] - positions[j, 1]
            z = positions[i, 2] - positions[j, 2]
            if math.sqrt(x * x + y * y + z * z) > contact_factor * (radii[i] + radii[j]):
                continue
            if count == len(pairs):
                pairs = np.concatenate((pairs, np.empty_like(pairs)))
            pairs[count] = (i, j)
            count += 1
    return pairs[:count].copy()


@compiled
def root_of(parents: Indices, index: int) -> int:
    """Return the representative of a particle's component, shortening the path to it."""
    while parents[index] != index:
        parents[index] = parents[parents[index]]
        index = parents[index]
    return index


@compiled
def join_components(pairs: Indices, groups: Indices) -> Indices:
    """Return the component of each particle when pairs within one group are joined.

    Components are numbered from 0 in the order of their first particles.
    """
    parents = np.arange(len(groups))
    for k in range(len(pairs)):
        if groups[pairs[k, 0]] == groups[pairs[k, 1]]:
            first, second = root_of(parents, pairs[k, 0]), root_of(parents, pairs[k, 1])
            parents[max(first, second)] = min(first, second)
    components = np.empty_like(parents)
    count = 0
    for i in range(len(parents)):
        root = root_of(parents, i)
        if root == i:
            components[i] = count
            count += 1
        else:
            components[i] = components[root]
    return components


def contact_pairs(aggregate: Aggregate, contact_factor: float = 1.01) -> Indices:
    """Return the pairs of particles in contact, Eq. (2).

    Parameters
    ----------
    aggregate
        The particles.
    contact_factor
        Largest centre distance of two particles in contact, in sums of their radii.

    Returns
    -------
    numpy.ndarray
        Index pairs i < j, shape (C, 2), int64, in ascending order.
    """
    return find_contacts(
        np.ascontiguousarray(aggregate.positions_nm),
        np.ascontiguousarray(aggregate.radii_nm),
        contact_factor,
    )


def connected_components(aggregate: Aggregate, contact_factor: float = 1.01) -> Indices:
    """Return the component of each particle, numbered from 0: all 0 in a connected aggregate."""
    pairs = contact_pairs(aggregate, contact_factor)
    return join_components(pairs, np.zeros(len(aggregate), np.int64))


def observable_clusters(aggregate: Aggregate, contact_factor: float = 1.01) -> Indices:
    """Return the observable cluster of each particle, numbered from 0, section 2.2.1.

    An observable cluster is a largest connected set of particles of one material: a union
    of the primary clusters that happened to touch.
    """
    pairs = contact_pairs(aggregate, contact_factor)
    return join_components(pairs, aggregate.labels.astype(np.int64))
