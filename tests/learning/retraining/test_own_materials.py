"""Materials and beams that the program does not bundle get reference curves of their own."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.core.errors import Cancelled, MissingExtraError, ParameterError
from heteroagg_gui.core.materials import load_material_system
from heteroagg_gui.core.resources import resource_path
from heteroagg_gui.learning.retraining import own_materials
from heteroagg_gui.learning.retraining.curve_work import curve_thickness_nm
from heteroagg_gui.learning.retraining.own_materials import computed, own_system, ranges_with
from heteroagg_gui.learning.retraining.plan import OwnMaterial, OwnPhase, RetrainingPlan
from heteroagg_gui.learning.retraining.samples import sample_images
from heteroagg_gui.stem.microscope import Microscope
from heteroagg_gui.stem.reference_table import ReferenceTable
from tests.learning.retraining.tiny_plan import PLAN, carried_out, status


def own(name: str, phase: str) -> OwnMaterial:
    cif = resource_path("crystals", "rutile.cif").read_text(encoding="utf-8")
    return OwnMaterial(name, f"{name} powder", 5.0, "#123456", (OwnPhase(phase, cif),))


MADE = replace(
    PLAN,
    ranges=replace(PLAN.ranges, system="zno-ag"),
    materials=(own("Ag", "silver"), own("ZnO", "zincite")),
)
BEAM = Microscope(voltage_kv=200.0, semi_angle_mrad=25.0)


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Path]]:
    """Let a bundled table stand for each simulated one; return what was simulated."""
    done: list[tuple[Any, Path]] = []

    def stand_in(crystal: Any, path: Path, **settings: Any) -> None:
        done.append((crystal, path))
        if isinstance(crystal, Path):
            assert "_cell_length_a" in crystal.read_text(encoding="utf-8")
        table = ReferenceTable.load(resource_path("reference", "rutile.npz"))
        kept = ("voltage_kv", "semi_angle_mrad", "thickness_nm")
        beam = {name: settings[name] for name in kept}
        replace(table, crystal=path.stem, settings=table.settings | beam).save(path)
        settings["progress"](1.0, "Simulated")

    monkeypatch.setattr(own_materials, "simulate_reference", stand_in)
    return done


def test_a_bundled_system_needs_nothing() -> None:
    assert own_system(RetrainingPlan()) is None


def test_own_crystals_become_a_system_that_images_are_made_with(
    simulated: list[tuple[Any, Path]], tmp_path: Path
) -> None:
    needed = own_system(MADE)
    assert needed is not None
    with pytest.raises(ParameterError, match="not computed yet"):
        sample_images(MADE, 1, 0)
    computed(needed, tmp_path, MADE.ranges.microscope)
    assert [path.stem for _, path in simulated] == ["silver", "zincite"]
    system = load_material_system("zno-ag", tmp_path)
    assert system.names == ("Ag", "ZnO")
    assert ranges_with(needed, MADE.ranges, tmp_path).curves().names[0].startswith("silver")
    (image,) = sample_images(MADE, 1, 0, materials=tmp_path)
    assert image.levels.max() == 255
    assert 20 <= image.truth["n_particles"] <= 80


def test_an_interrupted_computation_goes_on_and_the_system_appears_last(
    simulated: list[tuple[Any, Path]], tmp_path: Path
) -> None:
    needed = own_system(MADE)
    assert needed is not None

    def stop(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        computed(needed, tmp_path, MADE.ranges.microscope, progress=stop)
    assert not list(tmp_path.glob("*.json"))
    computed(needed, tmp_path, MADE.ranges.microscope)
    assert [path.stem for _, path in simulated] == ["silver", "zincite"]


def test_another_beam_gets_an_own_copy_of_the_system(
    simulated: list[tuple[Any, Path]], tmp_path: Path
) -> None:
    plan = replace(PLAN, ranges=replace(PLAN.ranges, microscope=BEAM))
    needed = own_system(plan)
    assert needed is not None
    assert needed.name == "tio2-wo3-200kv-25mrad"
    computed(needed, tmp_path, BEAM)
    assert [crystal for crystal, _ in simulated] == [
        "gamma-WO3", "delta-WO3", "rutile", "anatase",
    ]  # fmt: skip
    ranges = ranges_with(needed, plan.ranges, tmp_path)
    assert len(ranges.curves().names) > 4
    assert load_material_system(needed.name, tmp_path).materials[1].density_g_cm3 == 4.23


def test_another_beam_for_crystals_that_are_not_known_is_refused(
    simulated: list[tuple[Any, Path]], tmp_path: Path
) -> None:
    needed = own_system(MADE)
    assert needed is not None
    computed(needed, tmp_path, MADE.ranges.microscope)
    at_300 = replace(MADE, materials=None)
    kept = own_system(at_300, tmp_path)
    assert kept is not None
    assert kept.tables == ()
    assert [phase for phase, _ in kept.copies] == ["silver", "zincite"]
    at_200 = replace(at_300, ranges=replace(at_300.ranges, microscope=BEAM))
    with pytest.raises(ParameterError, match="no crystal structure"):
        own_system(at_200, tmp_path)


def test_without_the_extra_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "abtem", None)
    needed = own_system(MADE)
    assert needed is not None
    with pytest.raises(MissingExtraError, match=r"pip install 'heteroagg-gui\[multislice\]'"):
        computed(needed, tmp_path, MADE.ranges.microscope)
    ending = carried_out(tmp_path / "run", MADE)
    assert ending.failure is not None
    assert ending.failure.kind == "input"
    assert "needs further packages" in ending.failure.sentence
    assert status(tmp_path / "run")["stages"][0]["name"] == "curves"


@pytest.mark.slow
def test_a_network_for_own_materials_names_its_system(
    simulated: list[tuple[Any, Path]], tmp_path: Path
) -> None:
    small = replace(MADE.ranges, aggregation=AggregationParameters(7.0, 0.7))
    ending = carried_out(tmp_path, replace(MADE, ranges=small))
    assert ending.state == "finished"
    assert ending.card is not None
    assert ending.card["trained_on"]["material_system"] == "zno-ag"
    table = ReferenceTable.load(tmp_path / "materials" / "silver.npz")
    assert table.settings["thickness_nm"] == curve_thickness_nm(small) == 21.0
    assert "start" not in ending.card["figures"]
    assert "paper_grid" not in ending.card["figures"]
    assert json.loads((tmp_path / "materials" / "zno-ag.json").read_text())["name"] == "Ag-ZnO"
    assert ending.card["start"]["system"] == "tio2-wo3"
