"""A plan of a training that may still be incomplete, as plain values."""

from dataclasses import dataclass, field, replace
from typing import Final

from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.core.materials import DEFAULT_SYSTEM
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.effort import Effort
from heteroagg_gui.learning.retraining.plan import OwnPhase, RetrainingPlan
from heteroagg_gui.stem.microscope import Microscope

PAGES: Final = ("materials", "particles", "microscope", "effort", "summary")
"""The pages of a draft in the order they are filled in."""

OWN_COLOURS: Final = ("#3b7dd8", "#e8871e")
"""Blue and orange: told apart with every common kind of colour blindness."""

Pair = tuple[float, float]

_RANGES = TrainingRanges()
_SIZES = AggregationParameters()
_BEAM = Microscope()
_PLAN = RetrainingPlan()


@dataclass(frozen=True)
class MaterialDraft:
    """One of two materials of the user's own, as far as it is described.

    Parameters
    ----------
    name, title
        Formula and full name; may be empty.
    density_g_cm3
        Mass density in g/cm3; 0 while it is not known.
    colour
        Hexadecimal colour.
    phases
        Crystals, none to begin with.
    """

    name: str = ""
    title: str = ""
    density_g_cm3: float = 0.0
    colour: str = OWN_COLOURS[0]
    phases: tuple[OwnPhase, ...] = ()


@dataclass(frozen=True)
class Measured:
    """Radii that the sizes were fitted to.

    Parameters
    ----------
    source
        Where they come from, for people.
    radii_nm
        Radii in nm, in increasing order; thinned out where there are very many.
    count
        How many were measured.
    """

    source: str
    radii_nm: tuple[float, ...]
    count: int


@dataclass(frozen=True)
class Draft:
    """What the pages ask for; any combination of values can be held.

    Most fields are those of :class:`~heteroagg_gui.learning.retraining.plan.RetrainingPlan`
    and of what is in it, under the same names and in the same units.

    Parameters
    ----------
    own
        Whether ``materials`` describes the two materials instead of ``system``.
    own_name
        Name of the user's own pair; empty to make one from the formulas.
    smallest_size, largest_size
        Fewest and most particles of an aggregate.
    sensitivity_source
        Name of the file that ``sensitivity`` was read from; empty if not known.
    measured
        Radii that the sizes were fitted to.
    """

    own: bool = False
    system: str = DEFAULT_SYSTEM
    own_name: str = ""
    materials: tuple[MaterialDraft, MaterialDraft] = (
        MaterialDraft(colour=OWN_COLOURS[0]),
        MaterialDraft(colour=OWN_COLOURS[1]),
    )
    fractal_dimension: Pair = _RANGES.fractal_dimension
    mixing_ratio: Pair = _RANGES.mixing_ratio
    largest_cluster: int = _RANGES.largest_cluster
    radius_mean_nm: float = _SIZES.radius_mean_nm
    radius_sd_nm: float = _SIZES.radius_sd_nm
    radius_means_nm: Pair | None = None
    radius_relative_sds: Pair | None = None
    smallest_size: int = _SIZES.size_range[0]
    largest_size: int = _SIZES.size_range[1]
    largest_sizes: tuple[int, int] | None = None
    prefactor: float = _SIZES.prefactor
    contact_factor: float = _SIZES.contact_factor
    measured: Measured | None = None
    voltage_kv: float = _BEAM.voltage_kv
    semi_angle_mrad: float = _BEAM.semi_angle_mrad
    detector_inner_mrad: float = _BEAM.detector_inner_mrad
    detector_outer_mrad: float = _BEAM.detector_outer_mrad
    sensitivity: tuple[Pair, ...] | None = None
    sensitivity_source: str = ""
    dose_e_per_a2: float = _BEAM.dose_e_per_a2
    scan_noise_nm: float = _BEAM.scan_noise_nm
    focus_offset_nm: float = _BEAM.focus_offset_nm
    pixel_size_nm: float = _RANGES.pixel_size_nm
    pixel_sizes_nm: Pair = _RANGES.pixel_sizes_nm
    doses_e_per_a2: Pair = _RANGES.doses_e_per_a2
    focus_offset_sd_nm: float = _RANGES.focus_offset_sd_nm
    varied: float = _RANGES.varied
    imperfect: float = _RANGES.imperfect
    effects: tuple[str, ...] = _RANGES.effects
    start: str = _PLAN.start
    effort: Effort = field(default_factory=Effort)
    device: str = _PLAN.device
    workers: int = _PLAN.workers
    seed: int = _PLAN.seed
    name: str = _PLAN.name
    title: str = _PLAN.title

    def with_material(self, label: int, material: MaterialDraft) -> "Draft":
        """Return the draft with another description of the material of a label."""
        first, second = self.materials
        materials = (material, second) if label == 0 else (first, material)
        return replace(self, materials=materials)

    @property
    def formulas(self) -> tuple[str, str]:
        """Formulas of the user's own materials, or stand-ins where none is given."""
        first, second = (
            material.name.strip() or f"material {label}"
            for label, material in enumerate(self.materials)
        )
        return first, second


@dataclass(frozen=True)
class Problem:
    """Why a page is not finished.

    Parameters
    ----------
    field
        Name of the draft's field; of a material's as ``materials.LABEL.FIELD``.
    sentence
        What is wrong and what to do.
    """

    field: str
    sentence: str
