"""Microscope settings from micrographs, materials from CIF files."""

import numpy as np
import pytest

from heteroagg_gui.core.errors import MicrographError, ParameterError
from heteroagg_gui.core.resources import resource_path
from heteroagg_gui.stem import crystal_facts
from heteroagg_gui.stem.crystal_facts import read_crystal_facts
from heteroagg_gui.workflow.retraining.draft import Draft, MaterialDraft
from heteroagg_gui.workflow.retraining.microscope_facts import facts_of, read_facts
from heteroagg_gui.workflow.retraining.own_materials import read_crystals, with_crystals
from tests.micrograph.sample_files import speckle, velox_metadata, write_imagej, write_velox

CIF = """data_gold
_chemical_formula_sum 'Au4'
_chemical_name_common 'gold'
_exptl_crystal_density_diffrn 19.28
_cell_length_a 4.078
"""


def test_a_velox_file_tells_everything(tmp_path):
    metadata = velox_metadata()
    metadata["Optics"]["LastMeasuredScreenCurrent"] = "5e-11"
    facts = read_facts(write_velox(tmp_path / "a.emd", (speckle(), metadata)))
    size = facts.values["pixel_size_nm"]
    # 50 pA for 2 us are 624.15 electrons
    assert facts.values == {
        "voltage_kv": 300.0,
        "semi_angle_mrad": 21.1,
        "detector_inner_mrad": 55.0,
        "detector_outer_mrad": 250.0,
        "pixel_size_nm": size,
        "dose_e_per_a2": pytest.approx(624.15 / (100.0 * size**2), rel=1e-3),
    }
    assert facts.missing == ()
    draft = facts.applied_to(Draft(detector_inner_mrad=10.0))
    assert (draft.detector_inner_mrad, draft.pixel_size_nm) == (55.0, size)
    assert "beam current" in facts.in_words
    assert "55 to 250 mrad" in facts.in_words


def test_what_a_file_does_not_say_is_said(tmp_path):
    facts = read_facts(write_imagej(tmp_path / "a.tif"))
    assert set(facts.values) == {"pixel_size_nm"}
    assert facts.missing == ("voltage", "convergence semi-angle", "detector ring", "dose")
    assert "Not in it: voltage, convergence semi-angle" in facts.in_words
    plain = facts_of(type(_micrograph())(np.zeros((4, 4), np.float32), None, "plain.png"))
    assert plain.values == {}
    assert "states nothing" in plain.in_words
    (tmp_path / "b.tif").write_bytes(b"II*\0")
    with pytest.raises(MicrographError):
        read_facts(tmp_path / "b.tif")


def _micrograph():
    from heteroagg_gui.core.micrograph import Micrograph

    return Micrograph(np.zeros((4, 4), np.float32), 1.0, "x")


@pytest.fixture
def gold(tmp_path, monkeypatch):
    monkeypatch.setattr(crystal_facts.importlib.util, "find_spec", lambda name: None)
    path = tmp_path / "gold (fcc).cif"
    path.write_text(CIF, encoding="utf-8")
    return path


def test_a_cif_tells_formula_name_and_density(gold):
    facts = read_crystal_facts(gold)
    assert (facts.name, facts.formula, facts.title) == ("gold-fcc", "Au", "gold")
    assert facts.density_g_cm3 == 19.28
    assert facts.cif == CIF


def test_formulas_are_written_as_people_do(gold):
    gold.write_text(CIF.replace("Au4", "O12 Fe8"), encoding="utf-8")
    assert read_crystal_facts(gold).formula == "Fe2O3"
    gold.write_text(CIF.replace("'Au4'", "?").replace("19.28", "."), encoding="utf-8")
    facts = read_crystal_facts(gold)
    assert (facts.formula, facts.density_g_cm3) == ("", 0.0)


@pytest.mark.skipif(not crystal_facts.has_simulation_packages(), reason="needs ase and abtem")
def test_the_density_comes_from_the_atoms():
    facts = read_crystal_facts(resource_path("crystals", "rutile.cif"))
    assert facts.formula == "TiO2"
    assert facts.density_g_cm3 == pytest.approx(4.25, abs=0.01)


def test_no_crystal_is_refused_with_a_sentence(gold, tmp_path):
    gold.write_text("not a crystal", encoding="utf-8")
    with pytest.raises(ParameterError, match="describes no crystal"):
        read_crystal_facts(gold)
    with pytest.raises(ParameterError, match="can't be read"):
        read_crystal_facts(tmp_path / "gone.cif")


def test_crystals_describe_a_material_as_far_as_they_can(gold):
    (facts,) = read_crystals([gold])
    material = with_crystals(MaterialDraft(title="my gold"), [facts])
    assert (material.name, material.title, material.density_g_cm3) == ("Au", "my gold", 19.28)
    assert with_crystals(material, [facts]) == material
    other = with_crystals(MaterialDraft(), [facts], taken=["gold-fcc"])
    assert other.phases[0].name == "gold-fcc-2"
    many = [type(facts)(f"c{k}", f"text {k}", "", "", 0.0) for k in range(9)]
    with pytest.raises(ParameterError, match="up to 8"):
        with_crystals(MaterialDraft(), many)
