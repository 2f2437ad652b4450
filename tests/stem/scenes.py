"""Specimens and curves that have exact images."""

import numpy as np

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.stem.curves import Curves
from heteroagg_gui.stem.microscope import Microscope

SHARP = Microscope(semi_angle_mrad=0.0, dose_e_per_a2=0.0, scan_noise_nm=0.0)
NOISE_FREE = Microscope(dose_e_per_a2=0.0, scan_noise_nm=0.0)


def two_curves() -> Curves:
    """Return two curves, one bending and one straight, on a 0.25 nm grid."""
    thickness = np.arange(0, 250.25, 0.25)
    bright, faint = -np.expm1(-2.5e-3 * thickness), 0.6e-3 * thickness
    return Curves(np.stack([bright, faint]), 0.25, (((0, 1),), ((1, 2),)), ("bright", "faint"))


def spheres(positions: list[list[float]], radii: list[float], labels: list[int]) -> Aggregate:
    """Return an aggregate of given spheres."""
    return Aggregate(
        np.array(positions, dtype=float),
        np.array(radii, dtype=float),
        np.array(labels, dtype=np.uint8),
        np.arange(len(radii), dtype=np.int32),
    )


def chain(count: int = 12) -> Aggregate:
    """Return a slanted chain that reaches far out of focus."""
    steps = np.arange(count)[:, None] * np.array([9.0, 5.0, 20.0])
    return spheres(steps.tolist(), [11.0] * count, [k % 2 for k in range(count)])
