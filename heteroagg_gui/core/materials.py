"""Material systems: which two materials an aggregate consists of, as data."""

import json
from dataclasses import dataclass
from pathlib import Path

from heteroagg_gui.core.errors import ResourceError
from heteroagg_gui.core.resources import resource_path


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


@dataclass(frozen=True)
class MaterialSystem:
    """Two materials in the order of their labels."""

    name: str
    materials: tuple[Material, Material]


def load_material_system(name: str = "tio2-wo3", folder: Path | None = None) -> MaterialSystem:
    """Read a material system from its JSON file.

    Parameters
    ----------
    name
        File name without suffix.
    folder
        Where to look; the program's own systems by default.

    Raises
    ------
    ResourceError
        If the file is missing or not a description of two materials.
    """
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
        return MaterialSystem(str(document["name"]), (first, second))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResourceError(
            f"The material system '{path.name}' can't be used ({error}): it must describe "
            "two materials with labels 0 and 1 and at least one phase each."
        ) from error
