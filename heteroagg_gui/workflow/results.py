"""Writing a population of shadows to a folder."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.materials import Materials
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.export.document import write_json
from heteroagg_gui.shadow.population import ShadowPopulation
from heteroagg_gui.workflow.materials import system_or_stand_in

_SUFFIXES = {"obj": ".obj", "xyz": ".xyz", "vtk": ".vtp"}

Writer = Callable[[Path, Aggregate, Materials], object]


def write_shadows(
    folder: Path, population: ShadowPopulation, firsts: Mapping[str, int], progress: Progress
) -> None:
    """Write particles.csv, descriptors.csv, summary.json and single aggregates.

    Parameters
    ----------
    folder
        Made if it does not exist.
    population
        The shadows; single aggregates get the names and colours of its material system.
    firsts
        For each of ``obj``, ``xyz`` and ``vtk`` how many aggregates, from the first, are
        written in that format.
    progress
        Receives the fraction written; may raise to end early.
    """
    from heteroagg_gui.export.descriptors import write_descriptors_csv
    from heteroagg_gui.export.particles import write_particles_csv
    from heteroagg_gui.shadow.summary import summarise

    make_folder(folder)
    progress(0.0, "Writing particles.csv")
    write_particles_csv(folder / "particles.csv", population.aggregates)
    progress(0.4, "Writing descriptors.csv")
    write_descriptors_csv(folder / "descriptors.csv", population.descriptors)
    write_json(folder / "summary.json", summarise(population))
    _write_singles(folder, population, firsts, progress)


def make_folder(folder: Path) -> None:
    """Make a folder for results.

    Raises
    ------
    ParameterError
        If that is not possible.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ParameterError(
            f"The folder '{folder}' can't be made ({error.strerror or error}): choose another."
        ) from error


def check_folder(folder: Path) -> None:
    """Refuse a folder that can't be written, before long work is done for it.

    Raises
    ------
    ParameterError
        If the folder, or the nearest one above it that exists, can't be written.
    """
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not existing.is_dir():
        raise ParameterError(f"'{existing}' is a file, not a folder: choose another folder.")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise ParameterError(f"The folder '{existing}' can't be written: choose another.")


def _write_singles(
    folder: Path, population: ShadowPopulation, firsts: Mapping[str, int], progress: Progress
) -> None:
    tasks = [
        (kind, index)
        for kind, count in firsts.items()
        for index in range(min(count, len(population)))
    ]
    writers = _writers() if tasks else {}
    materials = system_or_stand_in(population.system).materials
    for done, (kind, index) in enumerate(tasks):
        name = f"aggregate_{index:03d}{_SUFFIXES[kind]}"
        progress(0.5 + 0.5 * done / len(tasks), f"Writing {name}")
        writers[kind](folder / name, population.aggregates[index], materials)
    progress(1.0, "Shadows written")


def _writers() -> dict[str, Writer]:
    from heteroagg_gui.export.obj import write_obj
    from heteroagg_gui.export.vtk import write_vtk
    from heteroagg_gui.export.xyz import write_xyz

    return {"obj": write_obj, "xyz": write_xyz, "vtk": write_vtk}
