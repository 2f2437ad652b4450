"""What a CIF file says of a material: formula, name, density."""

import importlib.util
import math
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.stem.crystals import load_crystal

LARGEST_CIF = 10_000_000
_NAMES = ("common", "mineral", "systematic")
_DENSITIES = ("_exptl_crystal_density_diffrn", "_exptl_crystal_density_meas")
_LAST = ("C", "P", "Se", "S", "N", "I", "Br", "Cl", "O", "F", "H")
"""Elements that stand behind the others in a formula, in this order."""


@dataclass(frozen=True)
class CrystalFacts:
    """A crystal structure as text, and what is known of the material.

    Parameters
    ----------
    name
        A plain name made from the file's.
    cif
        The text of the file.
    formula, title
        Formula and full name; empty where the file does not say.
    density_g_cm3
        Mass density in g/cm3; 0 where it is not known.
    """

    name: str
    cif: str
    formula: str
    title: str
    density_g_cm3: float


def has_simulation_packages() -> bool:
    """Return whether reference curves can be computed here."""
    return all(importlib.util.find_spec(name) is not None for name in ("ase", "abtem"))


def read_crystal_facts(path: Path) -> CrystalFacts:
    """Read a CIF file.

    Where the simulation packages are installed the structure is read in full, and formula
    and density come from its atoms; otherwise from what the file states.

    Raises
    ------
    ParameterError
        If it can't be read or describes no crystal.
    """
    text = _text(path)
    formula = _formula(Counter(_stated_atoms(text)))
    density = _stated_density(text)
    if importlib.util.find_spec("ase") is not None:
        from ase.data import chemical_symbols

        crystal = load_crystal(path)
        formula = _formula(Counter(chemical_symbols[number] for number in crystal.numbers))
        density = crystal.density_g_cm3
    titles = (_entry(text, f"_chemical_name_{kind}") for kind in _NAMES)
    return CrystalFacts(
        name=re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip("-._")[:64] or "crystal",
        cif=text,
        formula=formula,
        title=next((title for title in titles if title), ""),
        density_g_cm3=float(f"{density:.4g}"),
    )


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_CIF:
            raise ParameterError(f"'{path.name}' is too large to be a CIF: choose another file.")
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise ParameterError(f"'{path.name}' can't be read: choose another file.") from error
    if "data_" not in text.lower() or "_cell_length_a" not in text.lower():
        raise ParameterError(
            f"'{path.name}' describes no crystal: choose a CIF file with cell and atoms."
        )
    return text


def _entry(text: str, name: str) -> str:
    found = re.search(rf"^{name}[ \t]+(.+)$", text, re.IGNORECASE | re.MULTILINE)
    value = found[1].strip().strip("'\"").strip() if found else ""
    return "" if value in ("?", ".") else value


def _stated_atoms(text: str) -> dict[str, int]:
    """Return the atoms of the stated formula where their numbers are whole."""
    parts = re.findall(r"([A-Z][a-z]?)\s*(\d*\.?\d*)", _entry(text, "_chemical_formula_sum"))
    counts = {element: float(number or 1) for element, number in parts}
    whole = all(number == int(number) and number > 0 for number in counts.values())
    return {element: int(number) for element, number in counts.items()} if whole else {}


def _stated_density(text: str) -> float:
    for name in _DENSITIES:
        found = re.match(r"\d+\.?\d*", _entry(text, name))
        if found:
            return float(found[0])
    return 0.0


def _formula(counts: Counter[str]) -> str:
    if not counts:
        return ""
    divisor = math.gcd(*counts.values())
    order = sorted(counts, key=lambda e: (_LAST.index(e) + 1 if e in _LAST else 0, e))
    numbers = {element: counts[element] // divisor for element in order}
    return "".join(
        f"{element}{number if number > 1 else ''}" for element, number in numbers.items()
    )
