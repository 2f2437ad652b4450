"""What is missing or wrong on each page of a draft, one sentence a field."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.core.materials import material_system_names
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.plan import OwnMaterial, OwnPhase, RetrainingPlan, check_name
from heteroagg_gui.stem.microscope import Microscope
from heteroagg_gui.workflow.materials import system_names
from heteroagg_gui.workflow.predictors import list_model_cards
from heteroagg_gui.workflow.retraining.conversion import plan_of, system_name
from heteroagg_gui.workflow.retraining.curves import check_beam, tables_of
from heteroagg_gui.workflow.retraining.draft import PAGES, Draft, MaterialDraft, Problem

if TYPE_CHECKING:
    from heteroagg_gui.learning.model_card import ModelCard

LARGEST_ANGLE_MRAD = 250.0
"""Outer angle up to which newly computed reference curves are used."""

VOLTAGES_KV = (20.0, 1500.0)

_ANY_PHASE = OwnPhase("any", "any")
_THETA = ("fractal_dimension", "mixing_ratio", "largest_cluster")
_SIZES = ("radius_means_nm", "radius_relative_sds", "largest_sizes")
_CONDITIONS = (
    "pixel_size_nm",
    "pixel_sizes_nm",
    "doses_e_per_a2",
    "focus_offset_sd_nm",
    "varied",
    "imperfect",
    "effects",
    "sensitivity",
)


def check(draft: Draft, page: str) -> list[Problem]:
    """Return what is wrong on a page; empty where it is sound.

    Parameters
    ----------
    draft
        What was filled in.
    page
        One of :data:`~heteroagg_gui.workflow.retraining.draft.PAGES`.
    """
    found = list(_CHECKS[page](draft))
    if page == PAGES[-1] and not found and all(not check(draft, other) for other in PAGES[:-1]):
        found += _refusal("name", lambda: plan_of(draft))
    return found


def problems_before(draft: Draft, page: str) -> list[Problem]:
    """Return what is wrong on the pages before a page."""
    before = PAGES[: PAGES.index(page)]
    return [problem for name in before for problem in check(draft, name)]


def _refusal(field: str, attempt: Callable[[], Any]) -> Iterator[Problem]:
    try:
        attempt()
    except HeteroaggError as error:
        yield Problem(field, str(error))


def _materials(draft: Draft) -> Iterator[Problem]:
    if not draft.own:
        if draft.system not in system_names():
            yield Problem(
                "system",
                f"The material system '{draft.system}' is not on this computer: choose one of the "
                "list, or describe two materials of your own.",
            )
        else:
            yield from _refusal("system", lambda: tables_of(draft.system))
        return
    for label, material in enumerate(draft.materials):
        yield from _material(f"materials.{label}", material)
    yield from _pair(draft)


def _material(field: str, material: MaterialDraft) -> Iterator[Problem]:
    filled = OwnMaterial("X", "X", 1.0, "#000000", (_ANY_PHASE,))
    if not material.phases:
        yield Problem(f"{field}.phases", "A crystal structure is missing: add a CIF file.")
    else:
        yield from _refusal(f"{field}.phases", lambda: replace(filled, phases=material.phases))
    if not material.name.strip():
        yield Problem(f"{field}.name", "The formula is missing: write one, such as Fe2O3.")
    else:
        yield from _refusal(f"{field}.name", lambda: replace(filled, name=material.name))
    if not material.title.strip():
        yield Problem(f"{field}.title", "The full name is missing: write one, such as gold.")
    if material.density_g_cm3 <= 0.0:
        yield Problem(f"{field}.density_g_cm3", "The density is missing: give it in g/cm³.")
    else:
        yield from _refusal(
            f"{field}.density_g_cm3",
            lambda: replace(filled, name="it", density_g_cm3=material.density_g_cm3),
        )
    yield from _refusal(f"{field}.colour", lambda: replace(filled, colour=material.colour))


def _pair(draft: Draft) -> Iterator[Problem]:
    first, second = draft.materials
    if first.name.strip() and first.name.strip() == second.name.strip():
        yield Problem(
            "materials.1.name", "Both materials have the same formula: give each its own."
        )
    if first.colour.lower() == second.colour.lower():
        yield Problem("materials.1.colour", "Both materials have the same colour: choose another.")
    names = [phase.name for material in draft.materials for phase in material.phases]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        yield Problem(
            "materials.1.phases",
            f"Two crystals are called '{twice}': rename one of the files and add it again.",
        )
    name = system_name(draft)
    if name in material_system_names():
        yield Problem(
            "own_name",
            f"'{name}' is a pair of materials that comes with the program: choose another name.",
        )
    elif name:
        yield from _refusal("own_name", lambda: check_name(name, "a material system"))
    elif all(material.name.strip() for material in draft.materials):
        yield Problem("own_name", "The pair needs a name: write one with letters and digits.")


def _particles(draft: Draft) -> Iterator[Problem]:
    mean, sd = draft.radius_mean_nm, draft.radius_sd_nm
    of_mean = list(_refusal("radius_mean_nm", lambda: AggregationParameters(mean, 0.0)))
    yield from of_mean or _refusal("radius_sd_nm", lambda: AggregationParameters(mean, sd))
    sizes = (draft.smallest_size, draft.largest_size)
    yield from _refusal("largest_size", lambda: AggregationParameters(size_range=sizes))
    for name in ("prefactor", "contact_factor"):
        value = getattr(draft, name)
        yield from _refusal(name, partial(AggregationParameters, **{name: value}))
    yield from _alone(draft, (*_THETA, *_SIZES))
    if draft.largest_sizes is not None and draft.largest_sizes[0] < draft.smallest_size:
        yield Problem(
            "largest_sizes",
            f"The largest number of particles must not be below the smallest, "
            f"{draft.smallest_size}: raise the lower end of the range.",
        )


def _alone(draft: Draft, names: tuple[str, ...]) -> Iterator[Problem]:
    """Yield what is wrong with fields of the ranges, each on its own."""
    for name in names:
        value = getattr(draft, name)
        yield from _refusal(name, partial(TrainingRanges, **{name: value}))


def _microscope(draft: Draft) -> Iterator[Problem]:
    low, high = VOLTAGES_KV
    if not low <= draft.voltage_kv <= high:
        yield Problem(
            "voltage_kv",
            f"A voltage of {draft.voltage_kv:g} kV is not possible: choose {low:g} to {high:g} kV.",
        )
    ring = ("detector_inner_mrad", "detector_outer_mrad")
    for entry in fields(Microscope):
        if entry.name not in ring:
            value = getattr(draft, entry.name)
            yield from _refusal(
                entry.name,
                partial(Microscope, **{entry.name: value}),
            )
    edges = {name: getattr(draft, name) for name in ring}
    of_ring = list(_refusal("detector_outer_mrad", lambda: Microscope(**edges)))
    yield from of_ring
    yield from _alone(draft, _CONDITIONS)
    if draft.imperfect > 0.0 and not draft.effects:
        yield Problem(
            "effects", "No imperfection is chosen: choose at least one, or set their share to 0."
        )
    yield from _curves(draft, ring_is_sound=not of_ring)


def _curves(draft: Draft, *, ring_is_sound: bool) -> Iterator[Problem]:
    """Yield where no reference curves can be had for the microscope."""
    largest = LARGEST_ANGLE_MRAD
    if not draft.own:
        try:
            largest = min(table.largest_angle_mrad for table in tables_of(draft.system))
        except HeteroaggError:
            return  # said on the page of the materials
    yield from _refusal("voltage_kv", lambda: check_beam(draft))
    if ring_is_sound and draft.detector_outer_mrad > largest:
        yield Problem(
            "detector_outer_mrad",
            f"The reference curves reach to {largest:g} mrad: choose an outer angle up to that.",
        )


def networks_to_begin_with() -> "list[ModelCard]":
    """Return the cards of the networks that a training can begin with."""
    from heteroagg_gui.learning.model_card import COMPACT_SET

    return [card for card in list_model_cards() if card.kind == COMPACT_SET]


def _effort(draft: Draft) -> Iterator[Problem]:
    startable = [card.name for card in networks_to_begin_with()]
    if draft.start and draft.start not in startable:
        yield Problem(
            "start",
            f"The network '{draft.start}' is not on this computer: choose another one to begin "
            "with.",
        )
    for name in ("device", "workers", "seed"):
        value = getattr(draft, name)
        yield from _refusal(name, partial(RetrainingPlan, **{name: value}))
    yield from _refusal("minutes", lambda: type(draft.effort)(**asdict(draft.effort)))


def _summary(draft: Draft) -> Iterator[Problem]:
    yield from _refusal("name", lambda: check_name(draft.name, "a network"))
    if not draft.title.strip():
        yield Problem("title", "The title is missing: write one line that tells people what it is.")
    else:
        yield from _refusal("title", lambda: RetrainingPlan(title=draft.title))


_CHECKS: dict[str, Callable[[Draft], Iterator[Problem]]] = {
    "materials": _materials,
    "particles": _particles,
    "microscope": _microscope,
    "effort": _effort,
    "summary": _summary,
}
