"""Which reference curves are at hand for a draft, and which are computed first."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from heteroagg_gui.core.errors import HeteroaggError, ParameterError
from heteroagg_gui.core.processor import cores
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.curve_work import (
    curve_seconds,
    curve_thickness_nm,
    thickest_particle_nm,
)
from heteroagg_gui.stem.crystal_facts import has_simulation_packages
from heteroagg_gui.stem.crystals import crystal_names
from heteroagg_gui.stem.reference_table import ReferenceTable
from heteroagg_gui.workflow.materials import find_system
from heteroagg_gui.workflow.retraining.conversion import ranges_of
from heteroagg_gui.workflow.retraining.draft import Draft

MISSING_PACKAGES = (
    "Computing curves needs further packages: install them with "
    'pip install "heteroagg-gui[multislice]", or save the plan and run it where they are.'
)

_NEARLY = 0.95
_VOLTAGE_TOLERANCE_KV = 0.5
_SEMI_ANGLE_TOLERANCE_MRAD = 0.05


@dataclass(frozen=True)
class TableFacts:
    """What the reference curves of a crystal were made for.

    Parameters
    ----------
    phase
        Name of the crystal.
    voltage_kv, semi_angle_mrad
        Beam; not a number where the table does not say.
    largest_angle_mrad
        Angle that the table reaches to.
    thickness_nm
        Thickness that the table reaches to.
    """

    phase: str
    voltage_kv: float
    semi_angle_mrad: float
    largest_angle_mrad: float
    thickness_nm: float

    def fits(self, draft: Draft) -> bool:
        """Return whether the table was made for the draft's beam."""
        return (
            abs(self.voltage_kv - draft.voltage_kv) <= _VOLTAGE_TOLERANCE_KV
            and abs(self.semi_angle_mrad - draft.semi_angle_mrad) <= _SEMI_ANGLE_TOLERANCE_MRAD
        )


def tables_of(system: str) -> tuple[TableFacts, ...]:
    """Return what the curves of a material system at hand were made for.

    Raises
    ------
    ParameterError, ResourceError
        If there is no such system, or its curves are missing or damaged.
    """
    found = find_system(system)
    phases = [phase for material in found.materials for phase in material.phases]
    paths = [(phase, found.reference_path(phase)) for phase in phases]
    return tuple(_facts_of(phase, path, path.stat().st_mtime_ns) for phase, path in paths)


@lru_cache(maxsize=64)
def _facts_of(phase: str, path: Path, _changed: int) -> TableFacts:
    table = ReferenceTable.load(path)
    beam = [table.settings.get(name) for name in ("voltage_kv", "semi_angle_mrad")]
    voltage, angle = (float(v) if isinstance(v, int | float) else float("nan") for v in beam)
    reached = float(table.angle_edges_mrad[-1]), float(table.thickness_nm[-1])
    return TableFacts(phase, voltage, angle, *reached)


def check_beam(draft: Draft) -> None:
    """Refuse a beam for which there are no curves and none can be computed.

    Raises
    ------
    HeteroaggError
        One sentence.
    """
    if draft.own:
        return
    unfit = [table for table in tables_of(draft.system) if not table.fits(draft)]
    unknown = next((table for table in unfit if table.phase not in crystal_names()), None)
    if unknown is not None:
        raise ParameterError(
            f"The curves of '{unknown.phase}' are for {unknown.voltage_kv:g} kV and "
            f"{unknown.semi_angle_mrad:g} mrad: choose these, or describe two materials of your "
            "own with CIF files."
        )


def curves_to_compute(draft: Draft) -> tuple[str, ...]:
    """Return the crystals whose curves are computed before the training; usually none."""
    if draft.own:
        return tuple(phase.name for material in draft.materials for phase in material.phases)
    try:
        return tuple(table.phase for table in tables_of(draft.system) if not table.fits(draft))
    except HeteroaggError:
        return ()


@dataclass(frozen=True)
class CurveTime:
    """About how long it takes to compute reference curves on this computer.

    Parameters
    ----------
    thickness_nm
        Thickness up to which they are computed.
    each_s
        Seconds for one crystal.
    crystals
        How many are computed.
    """

    thickness_nm: float
    each_s: float
    crystals: int

    @property
    def all_s(self) -> float:
        """Seconds for all of them."""
        return self.crystals * self.each_s


def curve_time(draft: Draft) -> CurveTime:
    """Return how long a draft's reference curves take; those of usual sizes where its are wrong."""
    try:
        ranges = ranges_of(draft)
    except ParameterError:
        ranges = TrainingRanges()
    thickness, each = curve_thickness_nm(ranges), curve_seconds(ranges, cores())
    return CurveTime(thickness, each, len(curves_to_compute(draft)))


def short_curves(draft: Draft) -> str:
    """Return in words which curves end below the thickest particles; empty where none does."""
    if draft.own:
        return ""
    try:
        thickest = thickest_particle_nm(ranges_of(draft))
        tables = tables_of(draft.system)
    except HeteroaggError:
        return ""
    short = [t for t in tables if t.fits(draft) and t.thickness_nm < _NEARLY * thickest]
    if not short:
        return ""
    end = min(table.thickness_nm for table in short)
    return (
        f"Particles are up to {thickest:.0f} nm thick, and reference curves of "
        f"{', '.join(table.phase for table in short)} end at {end:g} nm: beyond it they are "
        "continued with their last slope."
    )


def missing_packages(draft: Draft) -> str:
    """Return how to get what computing the draft's curves needs; empty where it is there."""
    needed = draft.own or bool(curves_to_compute(draft))
    return MISSING_PACKAGES if needed and not has_simulation_packages() else ""
