"""The directions from which the crystals are seen (section 2.1.3)."""

import re
import zlib

import numpy as np

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.stem.crystals import Crystal
from heteroagg_gui.stem.supercell import Box, beam_in_plane, choose_box

ORIENTATIONS = ("[100]", *(f"[100] + {angle} deg" for angle in range(10, 90, 10)), "random")
"""Nine equal steps from [100] towards [010] about the normal of (001), and a random one."""

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
        Seed from which a random direction follows; every crystal has its own.
    """
    angle = angle_of(label)
    cell = crystal.cell_angstrom
    if angle is None:
        direction = np.random.default_rng(seeds_of(crystal, label, seed)).normal(size=3)
        return choose_box(cell, direction)
    return choose_box(cell, beam_in_plane(cell, angle), np.cross(cell[0], cell[1]))


def seeds_of(
    crystal: Crystal, label: str, seed: int, configuration: int | None = None
) -> np.random.SeedSequence:
    """Return the seeds of one view, or of one of its thermal configurations."""
    words = [seed, zlib.crc32(crystal.name.encode()), zlib.crc32(label.encode())]
    if configuration is not None:
        words.append(configuration + 1)
    return np.random.SeedSequence(words)
