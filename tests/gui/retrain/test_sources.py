"""What the wizard takes from files: crystals, sizes, micrographs, detector curves."""

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from heteroagg_gui.core.resources import resource_path
from heteroagg_gui.gui.retrain.step_list import TO_DO
from tests.gui.dragging import drop
from tests.gui.retrain.driving import go_to_the_end


def test_two_materials_of_ones_own(program, wizard, settled, monkeypatch):
    page = wizard.materials
    page.own.click()
    assert wizard.steps.states[0] == TO_DO
    assert not page.lines["materials.0.phases"].isVisible()
    wizard.next.click()
    assert wizard.page == "materials"
    assert "CIF" in page.lines["materials.0.phases"].text()
    assert drop(page.cards[0].widget, [resource_path("crystals", "ceria.cif")])
    assert drop(page.cards[1].widget, [resource_path("crystals", "rutile.cif")])
    settled()
    assert page.cards[0].formula.text() == "CeO2"
    assert page.cards[1].phases.item(0).text() == "rutile"
    for card, title, density in zip(page.cards, ("ceria", "rutile"), (7.2, 4.2), strict=True):
        card.title.setText(title)
        card.title.textEdited.emit(title)
        card.density.setValue(density)
    assert page.own_name.placeholderText() == "ceo2-tio2"
    wizard.next.click()
    assert wizard.page == "particles"
    assert "CeO₂" in wizard.particles.theta.rows["mixing_ratio"].title.text()
    go_to_the_end(wizard, settled)
    assert "once the reference curves are computed" in wizard.summary.sample_note.text()
    wizard.go_to(0)
    page.cards[1].phases.setCurrentRow(0)
    page.cards[1].remove.click()
    assert wizard.draft.materials[1].phases == ()
    page.from_list.click()
    wizard.next.click()
    assert wizard.page == "particles"
    wizard.back.click()
    page.own.click()
    assert page.cards[0].formula.text() == "CeO2"


def test_a_file_that_is_no_crystal_is_refused_on_the_card(program, wizard, settled, tmp_path):
    wizard.materials.own.click()
    bad = tmp_path / "bad.cif"
    bad.write_text("nothing")
    card = wizard.materials.cards[0]
    program.to.retraining.sources.add_crystals(0, [bad])
    settled()
    assert "describes no crystal" in card.refused.text()
    assert card.add.isEnabled()


def test_sizes_are_fitted_to_measured_radii(program, wizard, settled, tmp_path):
    wizard.next.click()
    radii = np.random.default_rng(1).lognormal(np.log(6.0), 0.25, 200)
    path = tmp_path / "radii.csv"
    path.write_text("\n".join(f"{r:.4f}" for r in radii))
    page = wizard.particles
    assert drop(page.widget, [path])
    settled()
    mean = wizard.draft.radius_mean_nm
    assert mean == pytest.approx(6.19, rel=0.06)
    assert page.radius.rows["radius_mean_nm"].box.value() == pytest.approx(mean, abs=0.006)
    assert "200 radii" in page.fitted.text()
    x, density = page.plot.curve
    assert np.trapezoid(density, x) == pytest.approx(1.0, abs=0.01)
    assert np.trapezoid(x * density, x) == pytest.approx(mean, rel=0.01)
    page.kind.setCurrentIndex(1)
    assert wizard.draft.radius_mean_nm == pytest.approx(mean / 2, rel=0.01)
    path.write_text("no\nnumbers\n")
    program.to.retraining.sources.read_sizes(path)
    settled()
    assert page.refused.text().endswith(".")
    assert wizard.draft.radius_mean_nm == pytest.approx(mean / 2, rel=0.01)


def test_the_microscope_is_taken_from_a_micrograph(wizard, settled, micrographs, broken):
    wizard.next.click()
    wizard.next.click()
    page = wizard.microscope
    page.image.rows["pixel_size_nm"].box.setValue(3.0)
    assert drop(page.widget, [micrographs / "image_0.tif"])
    settled()
    assert wizard.draft.pixel_size_nm == 1.25
    assert page.image.rows["pixel_size_nm"].box.value() == 1.25
    assert "Not in it: voltage" in page.taken.text()
    assert drop(page.widget, [broken])
    settled()
    assert page.refused.text().endswith(".")
    assert wizard.draft.pixel_size_nm == 1.25


def test_a_sensitivity_curve_is_used_and_taken_back(wizard, settled, tmp_path):
    wizard.next.click()
    wizard.next.click()
    path = tmp_path / "haadf.txt"
    path.write_text("50 0.5\n200 1.0\n")
    page = wizard.microscope
    assert drop(page.beam.widget, [path])
    settled()
    assert wizard.draft.sensitivity == ((50.0, 0.5), (200.0, 1.0))
    assert "haadf.txt: 50 to 200 mrad" in page.curve_note.text()
    page.no_curve.click()
    assert wizard.draft.sensitivity is None


def test_another_voltage_says_that_curves_are_computed_first(wizard, settled, monkeypatch):
    wizard.next.click()
    wizard.next.click()
    page = wizard.microscope
    assert not page.computed.isVisible()
    page.beam.rows["voltage_kv"].box.setValue(200.0)
    assert page.computed.isVisible()
    assert "gamma-WO3" in page.computed.text()
    go_to_the_end(wizard, settled)
    assert not wizard.summary.samples.isVisible()
    assert "Reference curves" in [
        label.text() for label in wizard.summary.words.findChildren(QLabel)
    ]
