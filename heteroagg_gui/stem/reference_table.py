"""Tables of scattered intensity against crystal thickness (section 2.1.3)."""

import json
import zipfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import ParameterError, ResourceError
from heteroagg_gui.core.files import replacing

Sensitivity = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Scattering angles in mrad and the detector's relative response at each of them."""


@dataclass(frozen=True)
class ReferenceTable:
    """Where the electrons go behind a crystal of growing thickness.

    Attributes
    ----------
    crystal : str
        Name of the crystal.
    thickness_nm : ndarray of shape (T,)
        Thicknesses in nm, increasing from 0.
    angle_edges_mrad : ndarray of shape (B + 1,)
        Edges of the bins of the scattering angle in mrad.
    orientations : tuple of str
        Labels of the O viewing directions.
    fraction : ndarray of shape (O, T, B)
        Fraction of the incident electrons scattered into every angular bin.
    standard_error : ndarray of shape (O, T, B)
        Standard error of ``fraction`` from the scatter between thermal configurations.
    settings : dict
        Provenance of the table, restricted to what JSON can hold.
    """

    crystal: str
    thickness_nm: NDArray[np.float64]
    angle_edges_mrad: NDArray[np.float64]
    orientations: tuple[str, ...]
    fraction: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    settings: dict[str, Any]

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together.

        Raises
        ------
        ValueError
            If shapes disagree, an axis does not increase or thickness does not start at 0.
        """
        shape = (len(self.orientations), self.thickness_nm.size, self.angle_edges_mrad.size - 1)
        if self.fraction.shape != shape or self.standard_error.shape != shape:
            raise ValueError(f"the intensities have shape {self.fraction.shape}, not {shape}")
        for axis in (self.thickness_nm, self.angle_edges_mrad):
            if axis.ndim != 1 or axis.size < 2 or not np.all(np.diff(axis) > 0):
                raise ValueError("thicknesses and angles must increase")
        if self.thickness_nm[0] != 0.0:
            raise ValueError("the first thickness must be 0 nm")
        if not (np.all(np.isfinite(self.fraction)) and np.all(self.fraction >= 0.0)):
            raise ValueError("the intensities must be finite and not negative")

    def intensity(
        self, inner_mrad: float, outer_mrad: float, sensitivity: Sensitivity | None = None
    ) -> NDArray[np.float64]:
        """Return the intensity on an annular detector, as a fraction of the incident beam.

        Parameters
        ----------
        inner_mrad, outer_mrad : float
            Range of scattering angles of the detector in mrad. A bin that the range covers
            in part counts with the covered part of its width.
        sensitivity : tuple of ndarray, optional
            Scattering angles in mrad and the detector's relative response there,
            interpolated at the centres of the bins; 1 everywhere by default.

        Returns
        -------
        ndarray of shape (O, T)
            Intensity of every orientation at every thickness, section 2.1.3.

        Raises
        ------
        ParameterError
            If the range is empty or reaches beyond the table.
        """
        weights = self._weights(inner_mrad, outer_mrad, sensitivity)
        return np.asarray(self.fraction @ weights)

    def _weights(
        self, inner_mrad: float, outer_mrad: float, sensitivity: Sensitivity | None
    ) -> NDArray[np.float64]:
        """Return the weight of every angular bin for a detector."""
        edges = self.angle_edges_mrad
        if not edges[0] <= inner_mrad < outer_mrad <= edges[-1]:
            raise ParameterError(
                f"A detector from {inner_mrad:g} to {outer_mrad:g} mrad does not fit the "
                f"table of {self.crystal}, which holds {edges[0]:g} to {edges[-1]:g} mrad."
            )
        low, high = np.maximum(edges[:-1], inner_mrad), np.minimum(edges[1:], outer_mrad)
        weights = np.clip(high - low, 0.0, None) / np.diff(edges)
        if sensitivity is not None:
            weights = weights * np.interp(0.5 * (edges[:-1] + edges[1:]), *sensitivity)
        return np.asarray(weights)

    def save(self, path: Path) -> None:
        """Write the table to an ``.npz`` file; an interrupted write leaves the old file.

        Parameters
        ----------
        path : Path
            File to write. Intensities are stored in single precision.
        """
        with replacing(path) as temporary, temporary.open("wb") as stream:
            np.savez_compressed(
                stream,
                crystal=np.array(self.crystal),
                thickness_nm=self.thickness_nm,
                angle_edges_mrad=self.angle_edges_mrad,
                orientations=np.array(json.dumps(list(self.orientations))),
                fraction=self.fraction.astype(np.float32),
                standard_error=self.standard_error.astype(np.float32),
                settings=np.array(json.dumps(self.settings)),
            )

    @classmethod
    def load(cls, path: Path) -> "ReferenceTable":
        """Read a table that :meth:`save` wrote.

        Parameters
        ----------
        path : Path
            An ``.npz`` file.

        Raises
        ------
        ResourceError
            If the file is missing, damaged or no reference table.
        """
        try:
            with Path(path).open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
                entries = {field.name: stored[field.name] for field in fields(cls)}
            return cls._from_entries(entries)
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise ResourceError(
                f"The reference table '{Path(path).name}' cannot be read ({error}): "
                "install the program again or simulate the table anew."
            ) from error

    @classmethod
    def _from_entries(cls, entries: dict[str, NDArray[Any]]) -> "ReferenceTable":
        """Build a table from the arrays of a file."""
        settings = json.loads(str(entries["settings"]))
        orientations = json.loads(str(entries["orientations"]))
        if not isinstance(settings, dict) or not isinstance(orientations, list):
            raise ValueError("labels or settings are malformed")
        return cls(
            crystal=str(entries["crystal"]),
            thickness_nm=np.asarray(entries["thickness_nm"], dtype=np.float64),
            angle_edges_mrad=np.asarray(entries["angle_edges_mrad"], dtype=np.float64),
            orientations=tuple(str(label) for label in orientations),
            fraction=np.asarray(entries["fraction"], dtype=np.float64),
            standard_error=np.asarray(entries["standard_error"], dtype=np.float64),
            settings=settings,
        )
