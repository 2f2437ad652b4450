"""The material system of a training: a bundled one, or one with reference curves of its own."""

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from heteroagg_gui.core.errors import ParameterError, ResourceError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.materials import MaterialSystem, load_material_system
from heteroagg_gui.core.progress import Progress, no_progress, part_of
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.curve_work import MOST_THICKNESS_NM
from heteroagg_gui.learning.retraining.plan import OwnMaterial, RetrainingPlan
from heteroagg_gui.stem.crystals import crystal_names
from heteroagg_gui.stem.microscope import Microscope
from heteroagg_gui.stem.multislice import simulate_reference
from heteroagg_gui.stem.reference_table import ReferenceTable

VOLTAGE_TOLERANCE_KV = 0.5
ANGLE_TOLERANCE_MRAD = 0.05


@dataclass(frozen=True)
class NeededTable:
    """A reference table to compute.

    Parameters
    ----------
    phase
        Name of its file.
    crystal
        Bundled crystal it is computed from; empty for ``cif``.
    cif
        Text of a CIF file.
    """

    phase: str
    crystal: str = ""
    cif: str = ""


@dataclass(frozen=True)
class OwnSystem:
    """A material system that a training keeps in its folder.

    Parameters
    ----------
    name
        File name of its description.
    document
        The description.
    tables
        Tables to compute.
    copies
        Tables that are there already, by the name of their phase.
    """

    name: str
    document: dict[str, Any]
    tables: tuple[NeededTable, ...] = ()
    copies: tuple[tuple[str, Path], ...] = ()


def own_system(plan: RetrainingPlan, systems: Path | None = None) -> OwnSystem | None:
    """Return the system that a plan needs beside the bundled ones; None if it needs none.

    Parameters
    ----------
    plan
        What is to be made.
    systems
        Folder of the user's own material systems.

    Raises
    ------
    ParameterError
        If curves for this microscope can't be computed, as no crystal structure is known.
    ResourceError
        If the system is missing or damaged.
    """
    if plan.materials is not None:
        return _of_own_crystals(plan.ranges.system, plan.materials)
    system = _found(plan.ranges.system, systems)
    microscope = plan.ranges.microscope
    phases = [phase for material in system.materials for phase in material.phases]
    unfit = [p for p in phases if not _fits(system.reference_path(p), microscope)]
    if unfit:
        return _for_another_beam(plan.ranges.system, system, unfit, microscope)
    if system.folder is None:
        return None
    copies = tuple(
        (phase, path)
        for phase, path in ((phase, system.reference_path(phase)) for phase in phases)
        if path.parent == system.folder
    )
    return OwnSystem(plan.ranges.system, _document(system), copies=copies)


def computed(
    needed: OwnSystem,
    folder: Path,
    microscope: Microscope,
    *,
    thickness_nm: float = MOST_THICKNESS_NM,
    jobs: int = 1,
    progress: Progress = no_progress,
) -> None:
    """Put a system into a folder: tables first, what is finished is kept; its description last.

    Parameters
    ----------
    needed
        The system.
    folder
        Where it shall lie.
    microscope
        Its voltage and semi-angle are those of the curves.
    thickness_nm
        Thickness that the curves reach, in nm.
    jobs
        Processes; the result does not depend on it.
    progress
        Receives the share done; may raise to stop.

    Raises
    ------
    MissingExtraError
        If there is a table to compute and abTEM is not installed.
    ParameterError
        If a CIF holds no crystal structure.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for phase, source in needed.copies:
        with replacing(folder / f"{phase}.npz") as part:
            shutil.copyfile(source, part)
    for number, table in enumerate(needed.tables):
        path = folder / f"{table.phase}.npz"
        share = (number / len(needed.tables), (number + 1) / len(needed.tables))
        if path.is_file() and _fits(path, microscope):
            progress(share[1], f"Curves of {table.phase}")
            continue
        simulate_reference(
            _crystal(table, folder),
            path,
            thickness_nm=thickness_nm,
            voltage_kv=microscope.voltage_kv,
            semi_angle_mrad=microscope.semi_angle_mrad,
            workers=max(1, jobs),
            progress=part_of(progress, *share),
        )
    with replacing(folder / f"{needed.name}.json") as part:
        part.write_text(json.dumps(needed.document, indent=1), encoding="utf-8")


def ranges_with(needed: OwnSystem | None, ranges: TrainingRanges, folder: Path) -> TrainingRanges:
    """Return ranges that draw from the system in a training's folder, where it has one."""
    if needed is None:
        return replace(ranges, system_folder=None)
    return replace(ranges, system=needed.name, system_folder=str(folder))


def _found(name: str, systems: Path | None) -> MaterialSystem:
    if systems is not None and (systems / f"{name}.json").is_file():
        return load_material_system(name, systems)
    return load_material_system(name)


def _fits(path: Path, microscope: Microscope) -> bool:
    settings = ReferenceTable.load(path).settings
    try:
        voltage, angle = float(settings["voltage_kv"]), float(settings["semi_angle_mrad"])
    except (KeyError, TypeError, ValueError) as error:
        raise ResourceError(
            f"The reference table '{path.name}' does not say its voltage and semi-angle: "
            "compute it again with 'heteroagg reference'."
        ) from error
    return (
        abs(voltage - microscope.voltage_kv) <= VOLTAGE_TOLERANCE_KV
        and abs(angle - microscope.semi_angle_mrad) <= ANGLE_TOLERANCE_MRAD
    )


def _of_own_crystals(name: str, materials: tuple[OwnMaterial, OwnMaterial]) -> OwnSystem:
    document = {
        "format": 1,
        "name": "-".join(material.name.strip() for material in materials),
        "materials": [
            {
                "label": label,
                "name": material.name,
                "title": material.title,
                "colour": material.colour,
                "density_g_cm3": material.density_g_cm3,
                "phases": [phase.name for phase in material.phases],
            }
            for label, material in enumerate(materials)
        ],
    }
    phases = [phase for material in materials for phase in material.phases]
    return OwnSystem(name, document, tuple(NeededTable(p.name, cif=p.cif) for p in phases))


def _for_another_beam(
    name: str, system: MaterialSystem, unfit: list[str], microscope: Microscope
) -> OwnSystem:
    unknown = next((phase for phase in unfit if phase not in crystal_names()), None)
    beam = f"{microscope.voltage_kv:g} kV and {microscope.semi_angle_mrad:g} mrad"
    if unknown is not None:
        raise ParameterError(
            f"The reference curves of '{unknown}' were not made for {beam}, and the program "
            "knows no crystal structure of this name: choose materials of your own with a CIF "
            "file each."
        )
    mark = f"-{microscope.voltage_kv:g}kv-{microscope.semi_angle_mrad:g}mrad"
    document = _document(system, {phase: phase + mark for phase in unfit})
    document["name"] = f"{system.name}, {beam}"
    phases = [phase for m in system.materials for phase in m.phases if phase not in unfit]
    copies = tuple((p, system.reference_path(p)) for p in phases if system.folder is not None)
    tables = tuple(NeededTable(phase + mark, crystal=phase) for phase in unfit)
    return OwnSystem(name + mark, document, tables, copies)


def _document(system: MaterialSystem, renamed: dict[str, str] | None = None) -> dict[str, Any]:
    names = renamed or {}
    return {
        "format": 1,
        "name": system.name,
        "materials": [
            {
                "label": material.label,
                "name": material.name,
                "title": material.title,
                "colour": material.colour,
                "density_g_cm3": material.density_g_cm3,
                "phases": [names.get(phase, phase) for phase in material.phases],
            }
            for material in system.materials
        ],
    }


def _crystal(table: NeededTable, folder: Path) -> str | Path:
    if table.crystal:
        return table.crystal
    path = folder / f"{table.phase}.cif"
    with replacing(path) as part:
        part.write_text(table.cif, encoding="utf-8")
    return path
