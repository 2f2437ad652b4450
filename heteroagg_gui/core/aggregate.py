"""One hetero-aggregate: labelled, connected, non-overlapping spheres."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Relaxations:
    """How often Eq. (8) could not be met exactly while an aggregate was built.

    Parameters
    ----------
    attachments
        Placements made, of particles in primary clusters and of clusters.
    touching
        Two lone particles, which obey the law for no distance: placed touching.
    nearer
        Eq. (8) asked for a distance beyond any contact: placed at the largest feasible one.
    farther
        No permissible position at the distance of Eq. (8): placed at the next larger
        distance that has one.
    """

    attachments: int = 0
    touching: int = 0
    nearer: int = 0
    farther: int = 0

    @property
    def relaxed(self) -> int:
        """Placements that deviate from Eq. (8)."""
        return self.touching + self.nearer + self.farther


@dataclass(frozen=True, eq=False)
class Aggregate:
    """A set of spherical particles p = (x, r, l), Eq. (1).

    Parameters
    ----------
    positions_nm
        Particle centres, shape (N, 3), float64, nm.
    radii_nm
        Particle radii, shape (N,), float64, nm.
    labels
        Material of each particle, shape (N,), uint8: 0 or 1 of its material system; in
        the paper's, 0 is WO3 and 1 is TiO2.
    clusters
        Index of the primary cluster each particle came with, shape (N,), int32.
    relaxations
        Record of the placements that had to deviate from Eq. (8).
    """

    positions_nm: NDArray[np.float64]
    radii_nm: NDArray[np.float64]
    labels: NDArray[np.uint8]
    clusters: NDArray[np.int32]
    relaxations: Relaxations = field(default_factory=Relaxations)

    def __len__(self) -> int:
        return len(self.radii_nm)
