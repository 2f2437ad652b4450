"""From a draft to the plan of a training and back."""

import re
from dataclasses import fields, replace

from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.core.materials import material_system_names
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.plan import OwnMaterial, RetrainingPlan
from heteroagg_gui.stem.microscope import Microscope
from heteroagg_gui.workflow.retraining.draft import Draft, MaterialDraft

_SAME_IN_RANGES = (
    "fractal_dimension",
    "mixing_ratio",
    "largest_cluster",
    "radius_means_nm",
    "radius_relative_sds",
    "largest_sizes",
    "pixel_size_nm",
    "pixel_sizes_nm",
    "doses_e_per_a2",
    "focus_offset_sd_nm",
    "varied",
    "imperfect",
    "effects",
    "sensitivity",
)
_SAME_IN_PLAN = ("name", "title", "start", "effort", "device", "workers", "seed")
_SAME_IN_SIZES = ("radius_mean_nm", "radius_sd_nm", "prefactor", "contact_factor")
_SAME_IN_BEAM = tuple(entry.name for entry in fields(Microscope))
_SAME_IN_MATERIAL = ("name", "title", "density_g_cm3", "colour", "phases")


def usual_own_name(draft: Draft) -> str:
    """Return a name for the user's own pair of materials that is made from the formulas."""
    words = [
        re.sub(r"[^a-z0-9._]+", "-", material.name.lower()).strip("-._")
        for material in draft.materials
    ]
    name = "-".join(words) if all(words) else ""
    return f"{name}-own" if name in material_system_names() else name


def system_name(draft: Draft) -> str:
    """Return the name of the material system the draft asks for; empty where it has none."""
    return (draft.own_name or usual_own_name(draft)) if draft.own else draft.system


def aggregation_of(draft: Draft) -> AggregationParameters:
    """Return the sizes of a draft.

    Raises
    ------
    ParameterError
        If they make no sense.
    """
    return AggregationParameters(
        size_range=(draft.smallest_size, draft.largest_size),
        **{name: getattr(draft, name) for name in _SAME_IN_SIZES},
    )


def microscope_of(draft: Draft) -> Microscope:
    """Return the microscope of a draft.

    Raises
    ------
    ParameterError
        If a value makes no physical sense.
    """
    return Microscope(**{name: getattr(draft, name) for name in _SAME_IN_BEAM})


def ranges_of(draft: Draft) -> TrainingRanges:
    """Return what the images of a draft are drawn from.

    Raises
    ------
    ParameterError
        If something in it is not possible.
    """
    return TrainingRanges(
        aggregation=aggregation_of(draft),
        microscope=microscope_of(draft),
        system=system_name(draft),
        **{name: getattr(draft, name) for name in _SAME_IN_RANGES},
    )


def material_of(material: MaterialDraft) -> OwnMaterial:
    """Return the description of a material.

    Raises
    ------
    ParameterError
        If something is missing or not possible.
    """
    return OwnMaterial(**{name: getattr(material, name) for name in _SAME_IN_MATERIAL})


def plan_of(draft: Draft) -> RetrainingPlan:
    """Return the plan that a complete draft describes.

    Raises
    ------
    ParameterError
        If something is missing or not possible.
    """
    materials = None
    if draft.own:
        first, second = draft.materials
        materials = (material_of(first), material_of(second))
    return RetrainingPlan(
        ranges=ranges_of(draft),
        materials=materials,
        **{name: getattr(draft, name) for name in _SAME_IN_PLAN},
    )


def draft_of(plan: RetrainingPlan) -> Draft:
    """Return the draft that describes a plan; :func:`plan_of` gives the plan back."""
    ranges = plan.ranges
    sizes = ranges.aggregation
    smallest, largest = sizes.size_range
    draft = Draft(
        smallest_size=smallest,
        largest_size=largest,
        **{name: getattr(ranges, name) for name in _SAME_IN_RANGES},
        **{name: getattr(sizes, name) for name in _SAME_IN_SIZES},
        **{name: getattr(ranges.microscope, name) for name in _SAME_IN_BEAM},
        **{name: getattr(plan, name) for name in _SAME_IN_PLAN},
    )
    if plan.materials is None:
        return replace(draft, system=ranges.system)
    first, second = (
        MaterialDraft(**{name: getattr(material, name) for name in _SAME_IN_MATERIAL})
        for material in plan.materials
    )
    draft = replace(draft, own=True, materials=(first, second))
    return (
        draft if usual_own_name(draft) == ranges.system else replace(draft, own_name=ranges.system)
    )
