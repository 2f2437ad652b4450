"""The crystals of section 2.1.3: cells, sites and thermal displacements."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import MissingExtraError, ParameterError
from heteroagg_gui.core.resources import resource_path

FALLBACK_DISPLACEMENT_ANGSTROM2 = 0.006
"""Mean-square displacement along one axis where a file states none, in square angstrom."""

_GRAM_PER_CM3 = 1.66053906660


def crystal_names() -> tuple[str, ...]:
    """Return the names of the crystals that ship with the program."""
    return tuple(sorted(path.stem for path in resource_path("crystals").glob("*.cif")))


@dataclass(frozen=True)
class Crystal:
    """One crystal structure.

    Attributes
    ----------
    name : str
        Name for tables and messages.
    cell_angstrom : ndarray of shape (3, 3)
        Lattice vectors in rows, in angstrom.
    fractional : ndarray of shape (N, 3)
        Fractional coordinates of the atoms of one cell.
    numbers : ndarray of shape (N,)
        Atomic numbers.
    displacement_angstrom2 : ndarray of shape (N,)
        Mean-square thermal displacement along one axis in square angstrom.
    density_g_cm3 : float
        Mass density in gram per cubic centimetre.
    """

    name: str
    cell_angstrom: NDArray[np.float64]
    fractional: NDArray[np.float64]
    numbers: NDArray[np.int64]
    displacement_angstrom2: NDArray[np.float64]
    density_g_cm3: float


def load_crystal(crystal: str | Path) -> Crystal:
    """Read one of the named crystals, or any crystal from a CIF file.

    Parameters
    ----------
    crystal : str or Path
        One of :func:`crystal_names`, or the path of a CIF file.

    Raises
    ------
    MissingExtraError
        If the optional simulation packages are not installed.
    ParameterError
        If the name is unknown or the file describes no crystal.
    """
    path = crystal_file(crystal)
    try:
        from ase.io.cif import parse_cif
    except ImportError as error:
        raise MissingExtraError(
            "Simulating reference curves needs further packages: "
            "install them with pip install 'heteroagg-gui[multislice]'."
        ) from error
    try:
        block = next(iter(parse_cif(str(path))))
        atoms = block.get_atoms()
        displacement = _displacements(block, atoms.get_chemical_symbols())
    except Exception as error:  # the reader raises whatever a broken file provokes
        raise ParameterError(f"'{path.name}' holds no crystal structure: {error}.") from error
    return Crystal(
        name=path.stem,
        cell_angstrom=np.asarray(atoms.cell[:], dtype=np.float64),
        fractional=np.asarray(atoms.get_scaled_positions(), dtype=np.float64),
        numbers=np.asarray(atoms.numbers, dtype=np.int64),
        displacement_angstrom2=displacement,
        density_g_cm3=float(atoms.get_masses().sum() / atoms.get_volume() * _GRAM_PER_CM3),
    )


def crystal_file(crystal: str | Path) -> Path:
    """Return the CIF file of a named crystal, or the file given.

    Raises
    ------
    ParameterError
        If there is neither such a crystal nor such a file.
    """
    if isinstance(crystal, str) and crystal in crystal_names():
        return resource_path("crystals", f"{crystal}.cif")
    path = Path(crystal)
    if not path.is_file():
        known = ", ".join(crystal_names())
        raise ParameterError(f"'{crystal}' is neither a CIF file nor one of {known}.")
    return path


def _displacements(block: Any, symbols: list[str]) -> NDArray[np.float64]:
    """Return each atom's mean-square displacement: the mean over its element's sites."""
    stated = block.get("_atom_site_u_iso_or_equiv")
    kinds = block.get("_atom_site_type_symbol")
    if stated is None or kinds is None:
        return np.full(len(symbols), FALLBACK_DISPLACEMENT_ANGSTROM2)
    values: dict[str, list[float]] = {}
    for kind, value in zip(kinds, stated, strict=True):
        element = "".join(letter for letter in str(kind) if letter.isalpha())
        if isinstance(value, float | int):
            values.setdefault(element, []).append(float(value))
    means = {element: float(np.mean(found)) for element, found in values.items()}
    return np.array([means.get(symbol, FALLBACK_DISPLACEMENT_ANGSTROM2) for symbol in symbols])
