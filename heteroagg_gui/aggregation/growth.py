"""Kernels that grow one aggregate: Eq. (8) and exact uniform sampling of positions.

Throughout, ``rng`` is a numpy Generator, lengths are in nm, positions of a cluster are
relative to its own centroid (all particles weigh the same, as in Eq. (8)), and ``law`` is
the triple (fractal dimension, prefactor k_f, contact factor).
"""

import math

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.aggregation.compiled import compiled

Reals = NDArray[np.float64]
Counts = NDArray[np.int64]
Labels = NDArray[np.uint8]
Clusters = NDArray[np.int32]
Law = tuple[float, float, float]

EXACT, TOUCHING, NEARER, FARTHER = 0, 1, 2, 3
KINDS = 4

MARGIN = 1e-6
"""Share of the sum of radii kept free at both ends of a contact: far above rounding errors,
also of files with six decimals, so contacts and overlaps are the same for every reader."""

CONSECUTIVE_MISSES = 500
"""Overlapping draws in a row after which a sphere counts as free of permissible positions."""

REDRAWS = 8
"""New geometries of a primary cluster that are tried before Eq. (8) is relaxed."""

STEP = 0.01
"""Step by which the distance grows where a sphere holds no permissible position."""

BAND_COLUMNS = 7
_X, _Y, _Z, _NORM, _CONTACT, _OVERLAP, _CUMULATED = range(BAND_COLUMNS)


@compiled
def gyration_squared(positions: Reals) -> float:
    """Return the squared radius of gyration, Eq. (4), of equal masses centred at 0, nm^2."""
    total = 0.0
    for i in range(len(positions)):
        total += positions[i, 0] ** 2 + positions[i, 1] ** 2 + positions[i, 2] ** 2
    return total / len(positions)


@compiled
def law_distance(a_pos: Reals, a_rad: Reals, c_pos: Reals, c_rad: Reals, law: Law) -> float:
    """Return the centroid distance d of Eq. (8), nm; 0 where its square is negative."""
    n_a, n_c = len(a_rad), len(c_rad)
    n = n_a + n_c
    mean_radius = (a_rad.sum() + c_rad.sum()) / n
    target = mean_radius**2 * (n / law[1]) ** (2.0 / law[0])
    square = (
        n * n / (n_a * n_c) * target
        - n / n_c * gyration_squared(a_pos)
        - n / n_a * gyration_squared(c_pos)
    )
    return math.sqrt(max(square, 0.0))


@compiled
def band_edge(threshold: float, scale: float) -> float:
    """Return the cosine at which a scalar product of vectors reaches a threshold, nm^2."""
    if threshold >= scale:
        return 1.0
    if threshold <= -scale:
        return -1.0
    return threshold / scale


@compiled
def find_bands(
    a_pos: Reals,
    a_rad: Reals,
    c_pos: Reals,
    c_rad: Reals,
    distance: float,
    contact_factor: float,
    bands: Reals,
) -> int:
    """List the pairs that can touch or overlap with the cluster's centroid on the sphere.

    Particle i of the aggregate and j of the cluster are |c - (x_i - x_j)| apart. On the
    sphere |c| = d they touch in a band around the axis x_i - x_j: where c . (x_i - x_j)
    lies between a contact and an overlap threshold. Returns the number of pairs written to
    ``bands``; 0 if the sphere has no band or is covered by overlaps.
    """
    count = 0
    area = 0.0
    for i in range(len(a_rad)):
        for j in range(len(c_rad)):
            x = a_pos[i, 0] - c_pos[j, 0]
            y = a_pos[i, 1] - c_pos[j, 1]
            z = a_pos[i, 2] - c_pos[j, 2]
            norm = math.sqrt(x * x + y * y + z * z)
            reach = a_rad[i] + c_rad[j]
            if abs(distance - norm) > contact_factor * reach:
                continue
            inner = reach * (1.0 + MARGIN)
            if distance + norm < inner:
                return 0
            outer = reach * contact_factor * (1.0 - MARGIN)
            squares = distance * distance + norm * norm
            scale = distance * max(norm, 1e-12)
            contact = 0.5 * (squares - outer * outer)
            overlap = 0.5 * (squares - inner * inner)
            area += band_edge(overlap, scale) - band_edge(contact, scale)
            bands[count] = (x, y, z, norm, contact, overlap, area)
            count += 1
    return count if area > 0.0 else 0


@compiled
def draw_direction(rng: np.random.Generator, direction: Reals) -> None:
    """Draw a unit vector, uniform on the sphere."""
    cosine = 2.0 * rng.random() - 1.0
    azimuth = 2.0 * math.pi * rng.random()
    sine = math.sqrt(max(0.0, 1.0 - cosine * cosine))
    direction[0] = sine * math.cos(azimuth)
    direction[1] = sine * math.sin(azimuth)
    direction[2] = cosine


@compiled
def turn_from_axis(
    rng: np.random.Generator, axis: Reals, cosine: float, distance: float, point: Reals
) -> None:
    """Write the point at a distance whose angle to ``axis`` has the cosine; azimuth uniform."""
    norm = math.sqrt(axis[0] ** 2 + axis[1] ** 2 + axis[2] ** 2)
    if norm < 1e-9:
        draw_direction(rng, point)
        point *= distance
        return
    x, y, z = axis[0] / norm, axis[1] / norm, axis[2] / norm
    sign = 1.0 if z >= 0.0 else -1.0
    p = -1.0 / (sign + z)
    q = x * y * p
    azimuth = 2.0 * math.pi * rng.random()
    sine = math.sqrt(max(0.0, 1.0 - cosine * cosine))
    u, v = sine * math.cos(azimuth), sine * math.sin(azimuth)
    point[0] = distance * (cosine * x + u * (1.0 + sign * x * x * p) + v * q)
    point[1] = distance * (cosine * y + u * sign * q + v * (sign + y * y * p))
    point[2] = distance * (cosine * z - u * sign * x - v * y)


@compiled
def draw_in_band(
    rng: np.random.Generator, bands: Reals, count: int, distance: float, point: Reals
) -> None:
    """Draw a band by its area and a point uniformly in it."""
    wanted = rng.random() * bands[count - 1, _CUMULATED]
    band = bands[min(np.searchsorted(bands[:count, _CUMULATED], wanted, "right"), count - 1)]
    scale = distance * max(band[_NORM], 1e-12)
    low = band_edge(band[_CONTACT], scale)
    high = band_edge(band[_OVERLAP], scale)
    cosine = low + (high - low) * rng.random()
    turn_from_axis(rng, band[:3], cosine, distance, point)


@compiled
def contacts_at(bands: Reals, count: int, point: Reals) -> int:
    """Return how many pairs touch with the cluster at ``point``; -1 if any overlaps."""
    contacts = 0
    for k in range(count):
        product = bands[k, _X] * point[0] + bands[k, _Y] * point[1] + bands[k, _Z] * point[2]
        if product > bands[k, _OVERLAP]:
            return -1
        if product >= bands[k, _CONTACT]:
            contacts += 1
    return contacts


@compiled
def sample_on_sphere(
    rng: np.random.Generator,
    a_pos: Reals,
    a_rad: Reals,
    c_pos: Reals,
    c_rad: Reals,
    distance: float,
    contact_factor: float,
    bands: Reals,
    point: Reals,
) -> bool:
    """Draw the cluster's centroid uniformly from the permissible positions on the sphere.

    A point drawn in a band lies k-fold in the union of the bands when k pairs touch there,
    so it is kept with probability 1 / k. Returns whether a position was found.
    """
    count = find_bands(a_pos, a_rad, c_pos, c_rad, distance, contact_factor, bands)
    if count == 0:
        return False
    misses = 0
    while misses < CONSECUTIVE_MISSES:
        draw_in_band(rng, bands, count, distance, point)
        contacts = contacts_at(bands, count, point)
        if contacts < 1:
            misses += 1
            continue
        misses = 0
        if contacts == 1 or rng.random() * contacts < 1.0:
            return True
    return False


@compiled
def farthest_contact(
    a_pos: Reals, a_rad: Reals, c_pos: Reals, c_rad: Reals, contact_factor: float, point: Reals
) -> float:
    """Write the one position at the largest centroid distance of any contact; return that, nm.

    Every other pair is at least as far apart as its own contact there: nothing overlaps.
    """
    best = -1.0
    for i in range(len(a_rad)):
        for j in range(len(c_rad)):
            axis = a_pos[i] - c_pos[j]
            norm = math.sqrt(axis[0] ** 2 + axis[1] ** 2 + axis[2] ** 2)
            distance = norm + (a_rad[i] + c_rad[j]) * contact_factor * (1.0 - MARGIN)
            if distance > best and norm > 0.0:
                best = distance
                point[:] = axis * (distance / norm)
    return best


@compiled
def relax(
    rng: np.random.Generator,
    a_pos: Reals,
    a_rad: Reals,
    c_pos: Reals,
    c_rad: Reals,
    law: Law,
    bands: Reals,
    point: Reals,
) -> int:
    """Place a cluster for which Eq. (8) has no position; return the kind of relaxation."""
    if len(a_rad) == 1 and len(c_rad) == 1:
        draw_direction(rng, point)
        point *= (a_rad[0] + c_rad[0]) * (1.0 + MARGIN)
        return TOUCHING
    distance = law_distance(a_pos, a_rad, c_pos, c_rad, law)
    reach = farthest_contact(a_pos, a_rad, c_pos, c_rad, law[2], point)
    if distance > reach:
        return NEARER
    step = STEP * max(distance, c_rad.mean())
    distance += step
    while distance < reach:
        if sample_on_sphere(rng, a_pos, a_rad, c_pos, c_rad, distance, law[2], bands, point):
            return FARTHER
        distance += step
    farthest_contact(a_pos, a_rad, c_pos, c_rad, law[2], point)
    return FARTHER


@compiled
def merge(positions: Reals, n_a: int, c_pos: Reals, point: Reals) -> None:
    """Append a cluster at ``point`` to the first ``n_a`` positions and centre the union."""
    n = n_a + len(c_pos)
    for axis in range(3):
        positions[n_a:n, axis] = c_pos[:, axis] + point[axis]
        positions[:n, axis] -= positions[:n, axis].mean()


@compiled
def grow_cluster(
    rng: np.random.Generator,
    radii: Reals,
    law: Law,
    bands: Reals,
    point: Reals,
    positions: Reals,
    tally: Counts,
) -> None:
    """Grow a primary cluster of given radii particle by particle, section 2.1.1.

    Its orientation is uniform: every step of the growth is invariant under rotations.
    ``tally`` receives how often each kind of placement was made.
    """
    lone = np.zeros((1, 3))
    tally[:] = 0
    positions[0] = 0.0
    for n in range(1, len(radii)):
        a_pos, a_rad, c_rad = positions[:n], radii[:n], radii[n : n + 1]
        distance = law_distance(a_pos, a_rad, lone, c_rad, law)
        kind = EXACT
        if not sample_on_sphere(rng, a_pos, a_rad, lone, c_rad, distance, law[2], bands, point):
            kind = relax(rng, a_pos, a_rad, lone, c_rad, law, bands, point)
        tally[kind] += 1
        merge(positions, n, lone, point)


@compiled
def attach_cluster(
    rng: np.random.Generator,
    a_pos: Reals,
    a_rad: Reals,
    c_rad: Reals,
    law: Law,
    bands: Reals,
    point: Reals,
    c_pos: Reals,
    tally: Counts,
) -> int:
    """Grow a primary cluster and find its place at an aggregate; return the kind of placement.

    A cluster that fits nowhere is grown anew with the same radii, so that neither sizes nor
    labels are selected by how well they fit.
    """
    redraws = REDRAWS if len(c_rad) > 1 else 1
    for _ in range(redraws):
        grow_cluster(rng, c_rad, law, bands, point, c_pos, tally)
        distance = law_distance(a_pos, a_rad, c_pos, c_rad, law)
        if sample_on_sphere(rng, a_pos, a_rad, c_pos, c_rad, distance, law[2], bands, point):
            return EXACT
    return relax(rng, a_pos, a_rad, c_pos, c_rad, law, bands, point)


@compiled
def draw_composition(
    rng: np.random.Generator,
    target: int,
    cluster_sizes: tuple[int, int],
    tio2_probability: float,
    log_radius: tuple[float, float],
) -> tuple[Reals, Labels, Clusters]:
    """Draw the radii, labels and primary clusters of at least ``target`` particles.

    Labels are Bernoulli, cluster sizes follow from them, radii are log-normal. None depends
    on the geometry. Whole clusters are added until the target is reached.
    """
    capacity = target - 1 + max(cluster_sizes)
    labels, clusters = np.empty(capacity, np.uint8), np.empty(capacity, np.int32)
    n, cluster = 0, 0
    while n < target:
        label = 1 if rng.random() < tio2_probability else 0
        for i in range(n, n + cluster_sizes[label]):
            labels[i] = label
            clusters[i] = cluster
        n += cluster_sizes[label]
        cluster += 1
    radii = np.empty(n)
    for i in range(n):
        radii[i] = math.exp(log_radius[0] + log_radius[1] * rng.standard_normal())
    return radii, labels[:n].copy(), clusters[:n].copy()


@compiled
def grow_aggregate(
    rng: np.random.Generator, radii: Reals, clusters: Clusters, law: Law
) -> tuple[Reals, Counts]:
    """Grow a hetero-aggregate of given composition cluster by cluster, Eq. (7).

    Returns the positions and how often each kind of placement was made: in row 0 of
    particles in primary clusters, in row 1 of primary clusters.
    """
    sizes = np.bincount(clusters)
    largest = sizes.max()
    positions, c_pos, point = np.empty((len(radii), 3)), np.empty((largest, 3)), np.zeros(3)
    bands = np.empty((len(radii) * largest, BAND_COLUMNS))
    tally, counts = np.zeros(KINDS, np.int64), np.zeros((2, KINDS), np.int64)
    n = sizes[0]
    grow_cluster(rng, radii[:n], law, bands, point, positions[:n], tally)
    counts[0] += tally
    for size in sizes[1:]:
        stop = n + size
        a_pos, a_rad, c_rad = positions[:n], radii[:n], radii[n:stop]
        added = c_pos[:size]
        kind = attach_cluster(rng, a_pos, a_rad, c_rad, law, bands, point, added, tally)
        counts[0] += tally
        counts[1, kind] += 1
        merge(positions, n, added, point)
        n = stop
    return positions, counts


@compiled
def draw_aggregate(
    rng: np.random.Generator,
    target: int,
    cluster_sizes: tuple[int, int],
    tio2_probability: float,
    log_radius: tuple[float, float],
    law: Law,
) -> tuple[Reals, Reals, Labels, Clusters, Counts]:
    """Draw composition and geometry in one call: passing the generator in is what costs time."""
    radii, labels, clusters = draw_composition(
        rng, target, cluster_sizes, tio2_probability, log_radius
    )
    positions, counts = grow_aggregate(rng, radii, clusters, law)
    return positions, radii, labels, clusters, counts
