"""Periodic boxes cut from a rotated crystal, for plane-wave multislice (section 2.1.3).

The electron beam runs along z. The box is periodic across the beam only, so any view of
the crystal fits: two lattice vectors that are nearly perpendicular to the beam span it,
which keeps the number of atoms per area exact; what is left is a slip of the lattice at
the seams of the box.
"""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_PREFERRED_SIDE_ANGSTROM = 20.0
_SHORTEST_SIDE_ANGSTROM = 16.0
_LONGEST_SIDE_ANGSTROM = 27.0
_SLAB_ANGSTROM = 60.0


@dataclass(frozen=True)
class Box:
    """The lateral box of one view of a crystal.

    Attributes
    ----------
    axes : ndarray of shape (3, 3)
        Rows are the x, y and z (beam) directions in the crystal's Cartesian frame.
    size_angstrom : tuple of float
        Lengths of the box along x and y in angstrom.
    repeat_angstrom : tuple of float
        Lengths of the smallest unit the view repeats with along x and y in angstrom.
    slip_angstrom : float
        Root of the summed squared slips of the lattice at the two seams in angstrom.
    """

    axes: NDArray[np.float64]
    size_angstrom: tuple[float, float]
    repeat_angstrom: tuple[float, float]
    slip_angstrom: float


def beam_in_plane(cell: NDArray[np.float64], angle_deg: float) -> NDArray[np.float64]:
    """Return the viewing direction ``angle_deg`` from [100] towards [010], in the (001) plane.

    Parameters
    ----------
    cell : ndarray of shape (3, 3)
        Lattice vectors in rows, in angstrom.
    angle_deg : float
        Angle from [100] in degrees.
    """
    first = cell[0] / np.linalg.norm(cell[0])
    second = cell[1] - first * (cell[1] @ first)
    second /= np.linalg.norm(second)
    angle = np.deg2rad(angle_deg)
    return np.asarray(np.cos(angle) * first + np.sin(angle) * second)


def choose_box(
    cell: NDArray[np.float64],
    beam: NDArray[np.float64],
    vertical: NDArray[np.float64] | None = None,
) -> Box:
    """Find the periodic box, about 2 nm wide, that disturbs a view of a crystal least.

    Parameters
    ----------
    cell : ndarray of shape (3, 3)
        Lattice vectors in rows, in angstrom.
    beam : ndarray of shape (3,)
        Direction of the beam in the crystal's Cartesian frame.
    vertical : ndarray of shape (3,), optional
        Direction perpendicular to the beam that becomes y; free by default.
    """
    beam = beam / np.linalg.norm(beam)
    indices, vectors, depths = _lattice_vectors_across(cell, beam)
    if vertical is not None:
        sideways = np.cross(vertical / np.linalg.norm(vertical), beam)
        leaning = np.abs(vectors @ np.cross(beam, sideways))
        candidates = np.flatnonzero((leaning < 1e-6) & (vectors @ sideways > 0))
    else:
        order = np.argsort(np.abs(depths))
        candidates = order[:60]
    best: tuple[float, Box] | None = None
    for first in candidates:
        option = _best_partner(indices, vectors, depths, int(first), beam)
        if option is not None and (best is None or option[0] < best[0]):
            best = option
    if best is None:
        raise ValueError("no pair of lattice vectors spans a box across this beam")
    return best[1]


def _lattice_vectors_across(
    cell: NDArray[np.float64], beam: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return indices, vectors and depths of lattice vectors of fitting width, in angstrom."""
    reach = np.ceil(_LONGEST_SIDE_ANGSTROM * np.linalg.norm(np.linalg.inv(cell), axis=0) * 1.1)
    spans = [np.arange(-int(n), int(n) + 1) for n in reach]
    indices = np.stack(np.meshgrid(*spans, indexing="ij"), axis=-1).reshape(-1, 3)
    vectors = indices @ cell
    depths = vectors @ beam
    width = np.linalg.norm(vectors - depths[:, None] * beam, axis=1)
    fits = (width >= _SHORTEST_SIDE_ANGSTROM) & (width <= _LONGEST_SIDE_ANGSTROM)
    fits &= np.abs(depths) < 4.0
    return indices[fits], vectors[fits], depths[fits]


def _best_partner(
    indices: NDArray[np.int64],
    vectors: NDArray[np.float64],
    depths: NDArray[np.float64],
    first: int,
    beam: NDArray[np.float64],
) -> tuple[float, Box] | None:
    """Return the cost and the box of the best second vector for a given first one."""
    across = vectors[first] - depths[first] * beam
    width = float(np.linalg.norm(across))
    x_axis = across / width
    y_axis = np.cross(beam, x_axis)
    height = vectors @ y_axis
    lateral = vectors @ x_axis
    slip = np.sqrt(depths**2 + lateral**2 + depths[first] ** 2)
    size = np.abs(height - _PREFERRED_SIDE_ANGSTROM) + abs(width - _PREFERRED_SIDE_ANGSTROM)
    cost = np.where(height >= _SHORTEST_SIDE_ANGSTROM, slip + 0.05 * size, np.inf)
    if not np.isfinite(cost).any():
        return None
    second = int(np.argmin(cost))
    steps = (np.gcd.reduce(indices[first]), np.gcd.reduce(indices[second]))
    sides = (width, float(height[second]))
    repeat = (sides[0] / int(steps[0]), sides[1] / int(steps[1]))
    axes = np.stack([x_axis, y_axis, beam])
    return float(cost[second]), Box(axes, sides, repeat, float(slip[second]))


def fill_box(
    cell: NDArray[np.float64],
    fractional: NDArray[np.float64],
    box: Box,
    depth_angstrom: float,
    origin: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Cut the box out of an endless crystal.

    Parameters
    ----------
    cell : ndarray of shape (3, 3)
        Lattice vectors in rows, in angstrom.
    fractional : ndarray of shape (N, 3)
        Fractional coordinates of the atoms of one cell.
    box : Box
        The lateral box.
    depth_angstrom : float
        Length of the box along the beam in angstrom.
    origin : ndarray of shape (3,)
        Fractional coordinates of the crystal at the corner of the box.

    Returns
    -------
    positions : ndarray of shape (M, 3)
        Coordinates in the box in angstrom.
    which : ndarray of shape (M,)
        Index of each atom among the atoms of the cell.
    """
    rotated = cell @ box.axes.T
    places = fractional @ rotated
    slabs = np.append(np.arange(0.0, depth_angstrom, _SLAB_ANGSTROM), depth_angstrom)
    found, labels = [], []
    for low, high in itertools.pairwise(slabs):
        lowest = np.array([0.0, 0.0, low])
        highest = np.array([*box.size_angstrom, high])
        cells = _cells_touching(rotated, lowest, highest, origin)
        corners = (cells - origin) @ rotated
        for kind, place in enumerate(places):
            positions = corners + place
            inside = np.all((positions >= lowest) & (positions < highest), axis=1)
            found.append(positions[inside])
            labels.append(np.insert(cells[inside], 0, kind, axis=1))
    label = np.concatenate(labels)
    order = np.lexsort(label.T[::-1])
    return np.concatenate(found)[order], label[order, 0]


def _cells_touching(
    rotated: NDArray[np.float64],
    lowest: NDArray[np.float64],
    highest: NDArray[np.float64],
    origin: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Return the indices of all unit cells that may hold atoms of a block."""
    corners = np.stack(np.meshgrid(*np.stack([lowest, highest], axis=1), indexing="ij"), axis=-1)
    spans = corners.reshape(-1, 3) @ np.linalg.inv(rotated)
    first = np.floor(spans.min(axis=0)).astype(np.int64) - 2
    last = np.ceil(spans.max(axis=0)).astype(np.int64) + 2
    ranges = [np.arange(a, b + 1) for a, b in zip(first, last, strict=True)]
    cells = np.stack(np.meshgrid(*ranges, indexing="ij"), axis=-1).reshape(-1, 3)
    positions = (cells - origin) @ rotated
    margin = float(np.linalg.norm(rotated, axis=1).sum())
    near = np.all((positions > lowest - margin) & (positions < highest + margin), axis=1)
    return cells[near]
