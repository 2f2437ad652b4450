"""The directions from which the crystals are seen (section 2.1.3)."""

import re
import zlib

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.stem.crystals import Crystal
from heteroagg_gui.stem.supercell import Box, beam_in_plane, choose_box

ZONE_AXIS = "[100]"
ORIENTATIONS = (ZONE_AXIS, *(f"[100] + {angle} deg" for angle in range(10, 90, 10)), "random")
"""Nine equal steps from [100] towards [010] about the normal of (001), and a random one."""

ZONE_AXIS_CLEARANCE_DEG = 5.0
"""How far a random direction stays from the zone axes with indices up to 2, in degrees."""

PLANE_CLEARANCE_DEG = 1.5
"""How far it stays from the lattice planes with indices up to 2; the beam opens by 1.2."""

_LABEL = re.compile(r"\[100\](?: \+ (\d+(?:\.\d+)?) deg)?")


def angle_of(label: str) -> float | None:
    """Return the angle from [100] in degrees that a label names; None for ``"random"``.

    Raises
    ------
    ParameterError
        If the label is of neither form.
    """
    if label == "random":
        return None
    found = _LABEL.fullmatch(label)
    if found is None:
        raise ParameterError(
            f"'{label}' is no viewing direction: write '[100]', '[100] + 30 deg' or 'random'."
        )
    return float(found.group(1) or 0.0)


def box_of(crystal: Crystal, label: str, seed: int) -> Box:
    """Return the periodic box of one view of a crystal.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    label : str
        Label of the viewing direction.
    seed : int
        Seed from which a random direction follows; every crystal has its own. It is a
        typical one, see :func:`typical_direction`.
    """
    angle = angle_of(label)
    cell = crystal.cell_angstrom
    if angle is None:
        rng = np.random.default_rng(seeds_of(crystal, label, seed))
        return choose_box(cell, typical_direction(cell, rng))
    return choose_box(cell, beam_in_plane(cell, angle), np.cross(cell[0], cell[1]))


def typical_direction(cell: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw a viewing direction along which the crystal does not channel the beam.

    A single random direction stands for all directions that are not special. One drawn
    close to a zone axis or in a dense lattice plane would not: it is drawn again.

    Parameters
    ----------
    cell : ndarray of shape (3, 3)
        Lattice vectors in rows, in angstrom.
    rng : Generator
        Source of the direction, uniform on the sphere but for the special ones.
    """
    indices = _index_triplets(2)
    axes = _unit_rows(indices @ cell)
    normals = _unit_rows(indices @ np.linalg.inv(cell).T)
    while True:
        direction = rng.normal(size=3)
        direction /= np.linalg.norm(direction)
        to_axis = np.rad2deg(np.arccos(np.clip(np.abs(axes @ direction), 0.0, 1.0))).min()
        to_plane = np.rad2deg(np.arcsin(np.clip(np.abs(normals @ direction), 0.0, 1.0))).min()
        if to_axis >= ZONE_AXIS_CLEARANCE_DEG and to_plane >= PLANE_CLEARANCE_DEG:
            return np.asarray(direction)


def _index_triplets(largest: int) -> NDArray[np.int64]:
    """Return all triplets of indices up to ``largest`` in magnitude, but for zero."""
    span = np.arange(-largest, largest + 1)
    triplets = np.stack(np.meshgrid(span, span, span), axis=-1).reshape(-1, 3)
    return np.asarray(triplets[np.any(triplets != 0, axis=1)])


def _unit_rows(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def seeds_of(
    crystal: Crystal, label: str, seed: int, configuration: int | None = None
) -> np.random.SeedSequence:
    """Return the seeds of one view, or of one of its thermal configurations."""
    words = [seed, zlib.crc32(crystal.name.encode()), zlib.crc32(label.encode())]
    if configuration is not None:
        words.append(configuration + 1)
    return np.random.SeedSequence(words)
