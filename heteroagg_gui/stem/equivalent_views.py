"""Views that the symmetry of a crystal makes equal, so that one simulation serves both."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.stem.crystals import Crystal
from heteroagg_gui.stem.viewing_directions import angle_of

_TOLERANCE_ANGSTROM = 1e-3
_EXCHANGES = tuple(np.array([[0, 1, 0], [1, 0, 0], [0, 0, sign]]) for sign in (1, -1))
"""Operations that exchange the axes a and b, and keep or turn over c."""


def shared_views(crystal: Crystal, orientations: Sequence[str]) -> dict[str, str]:
    """Return for every view the one whose simulation it shares: itself, or an equal one.

    Where a symmetry operation exchanges a and b, the view at an angle from [100] towards
    [010] equals the one at 90 degrees less that angle: in rutile, anatase and fluorite.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    orientations : sequence of str
        Labels of the viewing directions.
    """
    first: dict[float, str] = {}
    shared = {}
    exchanges = exchanges_axes(crystal)
    for label in orientations:
        angle = angle_of(label)
        if angle is None:
            shared[label] = label
            continue
        key = min(angle, 90.0 - angle) if exchanges and angle <= 90.0 else angle
        shared[label] = first.setdefault(round(key, 6), label)
    return shared


def exchanges_axes(crystal: Crystal) -> bool:
    """Return whether a symmetry operation of the crystal exchanges the axes a and b."""
    return any(_maps_onto_itself(crystal, exchange) for exchange in _EXCHANGES)


def _maps_onto_itself(crystal: Crystal, rotation: NDArray[np.int64]) -> bool:
    """Return whether a rotation with some translation maps the crystal onto itself."""
    cell = crystal.cell_angstrom
    metric = cell @ cell.T
    if not np.allclose(rotation.T @ metric @ rotation, metric, atol=1e-4):
        return False
    turned = crystal.fractional @ rotation.T
    rarest = min(np.unique(crystal.numbers), key=lambda kind: np.sum(crystal.numbers == kind))
    sites = crystal.fractional[crystal.numbers == rarest]
    start = turned[crystal.numbers == rarest][0]
    return any(_covers(crystal, turned + (site - start)) for site in sites)


def _covers(crystal: Crystal, moved: NDArray[np.float64]) -> bool:
    """Return whether moved atoms lie on atoms of the same kind and displacement."""
    apart = moved[:, None, :] - crystal.fractional[None, :, :]
    apart -= np.round(apart)
    near = np.linalg.norm(apart @ crystal.cell_angstrom, axis=2) < _TOLERANCE_ANGSTROM
    same = crystal.numbers[:, None] == crystal.numbers[None, :]
    moves = crystal.displacement_angstrom2
    same &= np.isclose(moves[:, None], moves[None, :])
    return bool(np.all(np.any(near & same, axis=1)))
