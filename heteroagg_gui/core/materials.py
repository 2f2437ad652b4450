"""Material systems: which two materials an aggregate consists of, as data."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from heteroagg_gui.core.errors import ResourceError
from heteroagg_gui.core.resources import resource_path

DEFAULT_SYSTEM = "tio2-wo3"

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Material:
    """One of the two materials.

    Parameters
    ----------
    label
        0 or 1, the particle label l of Eq. (1).
    name, title
        Formula and full name.
    colour
        Hexadecimal colour used wherever the material is drawn.
    density_g_cm3
        Mass density in g/cm3.
    phases
        Crystals whose reference curves a particle chooses from at random.
    """

    label: int
    name: str
    title: str
    colour: str
    density_g_cm3: float
    phases: tuple[str, ...]

    @property
    def word(self) -> str:
        """The formula without blanks, for formats that part words by them."""
        return re.sub(r"\s+", "_", self.name.strip())


Materials = tuple[Material, Material]
"""The materials of labels 0 and 1."""


@dataclass(frozen=True)
class MaterialSystem:
    """Two materials in the order of their labels.

    Parameters
    ----------
    name
        Formulas for people, such as TiO2-WO3.
    materials
        The materials of label 0 and 1.
    folder
        Where the reference tables of the user's own phases lie; None for a bundled system.
    """

    name: str
    materials: Materials
    folder: Path | None = None

    @property
    def names(self) -> tuple[str, str]:
        """The formulas of the materials with labels 0 and 1."""
        return self.materials[0].name, self.materials[1].name

    @property
    def colours(self) -> tuple[str, str]:
        """The hexadecimal colours of the materials with labels 0 and 1."""
        return self.materials[0].colour, self.materials[1].colour

    def reference_path(self, phase: str) -> Path:
        """Return the reference table of a phase: the system's own, or else a bundled one.

        Raises
        ------
        ResourceError
            If there is none.
        """
        own = self.folder / f"{phase}.npz" if self.folder else None
        if own is not None and own.is_file():
            return own
        try:
            return resource_path("reference", f"{phase}.npz")
        except ResourceError as error:
            raise ResourceError(
                f"There are no reference curves of '{phase}' for {self.name}: compute them with "
                "'heteroagg reference', or choose other materials."
            ) from error


def material_system_names(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of the systems in a folder, sorted; the program's own by default."""
    place = folder or resource_path("materials")
    return tuple(sorted(path.stem for path in place.glob("*.json")))


def load_material_system(name: str = DEFAULT_SYSTEM, folder: Path | None = None) -> MaterialSystem:
    """Read a material system from its JSON file.

    Parameters
    ----------
    name
        File name without suffix.
    folder
        Where to look; the program's own systems by default. Reference tables of phases
        that the program does not bundle lie beside the file, as ``PHASE.npz``.

    Raises
    ------
    ResourceError
        If the file is missing or not a description of two materials.
    """
    if _PLAIN_NAME.fullmatch(name) is None:
        raise ResourceError(
            f"'{name}' is no material system: its name has letters, digits, dots and hyphens only."
        )
    path = (folder / f"{name}.json") if folder else resource_path("materials", f"{name}.json")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        materials = [
            Material(
                label=int(entry["label"]),
                name=str(entry["name"]),
                title=str(entry["title"]),
                colour=str(entry["colour"]),
                density_g_cm3=float(entry["density_g_cm3"]),
                phases=tuple(str(phase) for phase in entry["phases"]),
            )
            for entry in document["materials"]
        ]
        first, second = sorted(materials, key=lambda material: material.label)
        if (first.label, second.label) != (0, 1) or not (first.phases and second.phases):
            raise ValueError("labels")
        if not all(_is_sound(material) for material in (first, second)):
            raise ValueError("a phase name, colour or density")
        return MaterialSystem(str(document["name"]), (first, second), folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResourceError(
            f"The material system '{path.name}' can't be used ({error}): it must describe "
            "two materials with labels 0 and 1 and at least one phase each."
        ) from error


def _is_sound(material: Material) -> bool:
    """Return whether names are plain, the colour is hexadecimal and the density positive."""
    return (
        all(_PLAIN_NAME.fullmatch(phase) for phase in material.phases)
        and _COLOUR.fullmatch(material.colour) is not None
        and 0.0 < material.density_g_cm3 < 100.0
    )
