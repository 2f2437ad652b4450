"""The plan of a retraining: what it refuses, and that a file keeps all of it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.effort import EFFORTS, Effort
from heteroagg_gui.learning.retraining.plan import OwnMaterial, OwnPhase, RetrainingPlan
from heteroagg_gui.learning.retraining.plan_file import (
    plan_document,
    plan_from,
    read_plan,
    write_plan,
)
from heteroagg_gui.stem.microscope import Microscope


def own(name: str, phase: str) -> OwnMaterial:
    return OwnMaterial(name, f"{name} powder", 5.0, "#123456", (OwnPhase(phase, "data_x"),))


FULL = RetrainingPlan(
    name="zno-ag",
    title="ZnO with silver",
    ranges=TrainingRanges(
        fractal_dimension=(1.6, 2.2),
        radius_means_nm=(6.0, 9.0),
        largest_sizes=(30, 50),
        microscope=Microscope(voltage_kv=200.0, dose_e_per_a2=80.0),
        imperfect=0.5,
        effects=("drift", "support"),
        system="zno-ag",
        sensitivity=((40.0, 0.0), (60.0, 1.0), (200.0, 0.9)),
    ),
    materials=(own("Ag", "silver"), own("ZnO", "zincite")),
    start="",
    effort=Effort(minutes=30.0),
    device="cpu",
    workers=3,
    seed=7,
)


@pytest.mark.parametrize("plan", [RetrainingPlan(), FULL])
def test_a_file_keeps_everything(plan: RetrainingPlan, tmp_path: Path) -> None:
    path = tmp_path / "a.plan.json"
    write_plan(plan, path)
    assert read_plan(path) == plan


@given(
    low=st.floats(1.1, 2.0),
    width=st.floats(0.0, 0.9),
    dose=st.floats(1.0, 1e4),
    seed=st.integers(0, 9),
)
def test_json_keeps_numbers_to_the_last_bit(
    low: float, width: float, dose: float, seed: int
) -> None:
    ranges = TrainingRanges(
        fractal_dimension=(low, low + width), microscope=Microscope(dose_e_per_a2=dose)
    )
    plan = RetrainingPlan(ranges=ranges, seed=seed)
    assert plan_from(json.loads(json.dumps(plan_document(plan)))) == plan


def test_the_place_of_own_materials_is_not_stored() -> None:
    plan = replace(FULL, ranges=replace(FULL.ranges, system_folder="/somewhere"))
    assert "/somewhere" not in json.dumps(plan_document(plan))


@pytest.mark.parametrize(
    ("where", "value", "words"),
    [
        (("plan", "ranges", "mixing_ratio"), [0.9, 0.1], "mixing ratios"),
        (("plan", "ranges", "effects"), ["sunshine"], "sunshine"),
        (("plan", "ranges", "microscope", "dose_e_per_a2"), -1, "dose"),
        (("plan", "ranges", "colour"), 1, "colour"),
        (("plan", "effort", "updates"), 0, "updates"),
        (("plan", "effort", "minutes"), "long", "minutes"),
        (("plan", "name"), "../evil", "name of a network"),
        (("plan", "device"), "abacus", "abacus"),
        (("plan", "workers"), True, "workers"),
        (("format",), 99, "newer version"),
        (("format",), 0, "another version"),
    ],
)
def test_a_damaged_plan_gets_one_sentence(
    where: tuple[str, ...], value: object, words: str
) -> None:
    document = json.loads(json.dumps(plan_document(FULL)))
    place = document
    for key in where[:-1]:
        place = place[key]
    place[where[-1]] = value
    with pytest.raises(ParameterError, match=words):
        plan_from(document)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"plan": 3}', "[" * 100_000])
def test_other_files_are_no_plans(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.plan.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError):
        read_plan(path)


def test_two_crystals_need_two_names() -> None:
    with pytest.raises(ParameterError, match="silver"):
        replace(FULL, materials=(own("Ag", "silver"), own("ZnO", "silver")))


def test_efforts_grow() -> None:
    quick, normal, thorough = (EFFORTS[name] for name in ("quick", "normal", "thorough"))
    assert quick.updates < normal.updates < thorough.updates
    assert quick.training_sets < normal.training_sets < thorough.training_sets
