"""Settings of the microscope that a micrograph's file states."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.workflow.retraining.draft import Draft

ELECTRONS_PER_COULOMB: Final = 6.241509074e18
SQUARE_ANGSTROM_PER_SQUARE_NM: Final = 100.0

_NUMBER: Final = re.compile(r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")


@dataclass(frozen=True)
class Taken:
    """A value that a file states.

    Parameters
    ----------
    title
        What it is.
    words
        The value with its unit, and where it comes from.
    """

    title: str
    words: str


@dataclass(frozen=True)
class MicroscopeFacts:
    """What a micrograph says of the microscope.

    Parameters
    ----------
    file
        Name of the file.
    values
        Fields of a draft and their values.
    taken
        The same for people.
    missing
        What the file does not say.
    """

    file: str
    values: Mapping[str, float]
    taken: tuple[Taken, ...]
    missing: tuple[str, ...]

    def applied_to(self, draft: Draft) -> Draft:
        """Return a draft with these values."""
        return replace(draft, **self.values)  # type: ignore[arg-type]

    @property
    def in_words(self) -> str:
        """What was taken and what was not there, in two sentences."""
        taken = ", ".join(f"{entry.title} {entry.words}" for entry in self.taken)
        said = f"Taken from {self.file}: {taken}." if taken else f"{self.file} states nothing."
        return f"{said} Not in it: {', '.join(self.missing)}." if self.missing else said


def read_facts(path: Path) -> MicroscopeFacts:
    """Read what a micrograph's file says of the microscope.

    Raises
    ------
    MicrographError
        If the file can't be read.
    """
    from heteroagg_gui.micrograph.reading import read_micrograph

    return facts_of(read_micrograph(path))


def facts_of(micrograph: Micrograph) -> MicroscopeFacts:
    """Return what a micrograph says of the microscope.

    The dose is known where the file states beam current and dwell time: current times dwell
    time over the area of a pixel.
    """
    values: dict[str, float] = {}
    taken: list[Taken] = []
    missing: list[str] = []

    def note(title: str, unit: str, found: Mapping[str, float], how: str = "") -> None:
        numbers = " to ".join(f"{value:.4g}" for value in found.values())
        if found:
            values.update(found)
            taken.append(Taken(title, f"{numbers} {unit}{how}"))
        else:
            missing.append(title)

    entries = micrograph.metadata
    note("voltage", "kV", _numbers(entries, "voltage", "voltage_kv"))
    note("convergence semi-angle", "mrad", _numbers(entries, "semi-angle", "semi_angle_mrad"))
    ring = ("detector_inner_mrad", "detector_outer_mrad")
    note("detector ring", "mrad", _numbers(entries, "detector angles", *ring))
    size = micrograph.pixel_size_nm
    note("pixel size", "nm", {} if size is None else {"pixel_size_nm": float(f"{size:.6g}")})
    note("dose", "e/Å²", _dose(micrograph), " (beam current × dwell time / pixel area)")
    return MicroscopeFacts(micrograph.name, values, tuple(taken), tuple(missing))


def _numbers(entries: Mapping[str, str], key: str, *names: str) -> dict[str, float]:
    found = [float(text) for text in _NUMBER.findall(entries.get(key, ""))]
    sound = len(found) >= len(names) and all(value >= 0.0 for value in found)
    return dict(zip(names, found, strict=False)) if sound else {}


def _dose(micrograph: Micrograph) -> dict[str, float]:
    current = _numbers(micrograph.metadata, "beam current", "pA")
    dwell = _numbers(micrograph.metadata, "dwell time", "us")
    size = micrograph.pixel_size_nm
    if not current or not dwell or size is None:
        return {}
    electrons = current["pA"] * 1e-12 * dwell["us"] * 1e-6 * ELECTRONS_PER_COULOMB
    dose = electrons / (size**2 * SQUARE_ANGSTROM_PER_SQUARE_NM)
    return {"dose_e_per_a2": float(f"{dose:.4g}")} if dose > 0.0 else {}
