"""Describing a material of the user's own from CIF files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.learning.retraining.plan import MOST_PHASES, OwnPhase
from heteroagg_gui.stem.crystal_facts import CrystalFacts, read_crystal_facts
from heteroagg_gui.stem.crystals import crystal_file
from heteroagg_gui.workflow.materials import find_system
from heteroagg_gui.workflow.retraining.draft import Draft, MaterialDraft


def read_crystals(paths: Sequence[Path]) -> tuple[CrystalFacts, ...]:
    """Read CIF files.

    Raises
    ------
    ParameterError
        If one of them can't be used.
    """
    return tuple(map(read_crystal_facts, paths))


def with_crystals(
    material: MaterialDraft, crystals: Sequence[CrystalFacts], taken: Sequence[str] = ()
) -> MaterialDraft:
    """Return a material with further crystals; what is not described yet is filled in.

    Parameters
    ----------
    material
        Its description so far.
    crystals
        What was read from CIF files; one that is there already is passed over.
    taken
        Names of crystals that are in use elsewhere.

    Raises
    ------
    ParameterError
        If there would be too many.
    """
    phases = list(material.phases)
    for crystal in crystals:
        if all(phase.cif != crystal.cif for phase in phases):
            names = {*taken, *(phase.name for phase in phases)}
            phases.append(OwnPhase(_free_name(crystal.name, names), crystal.cif))
    if len(phases) > MOST_PHASES:
        raise ParameterError(f"A material has up to {MOST_PHASES} crystals: choose fewer files.")
    densities = [crystal.density_g_cm3 for crystal in crystals if crystal.density_g_cm3 > 0.0]
    return replace(
        material,
        phases=tuple(phases),
        name=material.name or next((c.formula for c in crystals if c.formula), ""),
        title=material.title or next((c.title for c in crystals if c.title), ""),
        density_g_cm3=material.density_g_cm3 or (densities[0] if densities else 0.0),
    )


def _free_name(name: str, taken: set[str]) -> str:
    numbered = (f"{name[:60]}-{number}" for number in range(2, 100))
    return name if name not in taken else next(n for n in numbered if n not in taken)


def taken_over(draft: Draft) -> Draft:
    """Return a draft whose own materials are those of the chosen system, with their crystals.

    With them curves can be computed for another voltage or semi-angle.

    Raises
    ------
    HeteroaggError
        If the system is not there, or the crystals of a phase are not known.
    """
    system = find_system(draft.system)
    first, second = (
        MaterialDraft(
            material.name,
            material.title,
            material.density_g_cm3,
            material.colour,
            tuple(
                OwnPhase(phase, crystal_file(phase).read_text(encoding="utf-8"))
                for phase in material.phases
            ),
        )
        for material in system.materials
    )
    return replace(draft, own=True, own_name="", materials=(first, second))
