"""The pages of the wizard: from the usual values to the plan of a training."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from heteroagg_gui.gui.controllers import retraining as controller
from heteroagg_gui.gui.retrain.step_list import DONE, WRONG
from heteroagg_gui.gui.theme import SMALLEST_FONT_PT
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.plan import RetrainingPlan
from heteroagg_gui.workflow.retraining.draft import PAGES, Draft
from tests.gui.retrain.driving import TINY, go_to_the_end


def test_ctrl_3_shows_the_wizard_and_the_other_tabs_stay(program, press, until):
    press(program, "Ctrl+3")
    assert program.window.tab == "retrain"
    assert program.retrain_tab.wizard.page == "materials"
    program.retrain_tab.wizard.next.click()
    press(program, "Ctrl+1")
    assert program.window.tab == "analyse"
    press(program, "Ctrl+3")
    assert program.retrain_tab.wizard.page == "particles"


def test_the_wizard_and_the_trainings_have_a_page_each(program, tab):
    assert tab.bar.isVisible()
    assert [tab.bar.tabText(k) for k in range(2)] == ["New training", "Trainings"]
    assert tab.pages.currentWidget() is tab.wizard.widget
    tab.show_trainings()
    assert tab.pages.currentWidget() is program.trainings_panel.widget
    tab.show_new()
    assert tab.pages.currentWidget() is tab.wizard.widget


def test_from_the_usual_values_to_a_tiny_training(program, tab, wizard, settled):
    started = []
    tab.start_asked.disconnect(program.to.trainings.submit)
    tab.start_asked.connect(started.append)
    wizard.next.click()
    wizard.particles.sizes.rows["smallest_size"].box.setValue(4)
    wizard.particles.sizes.rows["largest_size"].box.setValue(6)
    wizard.particles.theta.rows["fractal_dimension"].box.setValue(1.7)
    wizard.next.click()
    wizard.microscope.image.rows["dose_e_per_a2"].box.setValue(200.0)
    wizard.microscope.imperfect.rows["imperfect"].box.setValue(0.5)
    wizard.microscope.effects.boxes["saturation"].click()
    wizard.next.click()
    settled()
    for name, value in TINY.items():
        wizard.effort.advanced.rows[name].box.setValue(value)
    wizard.effort.seed.setValue(5)
    wizard.next.click()
    settled()
    assert len(wizard.summary.samples.images) == 12
    wizard.summary.name.setText("")
    for letter in "tiny":
        wizard.summary.name.insert(letter)
        wizard.summary.name.textEdited.emit(wizard.summary.name.text())
    wizard.start.click()
    (plan,) = started
    effects = tuple(name for name in TrainingRanges().effects if name != "saturation")
    usual = RetrainingPlan()
    assert plan == replace(
        usual,
        name="tiny",
        seed=5,
        effort=replace(usual.effort, **TINY),
        ranges=replace(
            usual.ranges,
            aggregation=replace(usual.ranges.aggregation, size_range=(4, 6)),
            fractal_dimension=(1.7, 2.6),
            microscope=replace(usual.ranges.microscope, dose_e_per_a2=200.0),
            imperfect=0.5,
            effects=effects,
        ),
    )
    assert tab.pages.currentWidget() is program.trainings_panel.widget


def test_going_back_loses_nothing(wizard, settled):
    wizard.next.click()
    rows = wizard.particles.radius.rows
    rows["radius_mean_nm"].box.setValue(8.0)
    rows["radius_means_nm"].title.click()
    rows["radius_means_nm"].high.setValue(11.0)
    wizard.next.click()
    wizard.microscope.beam.rows["detector_inner_mrad"].box.setValue(70.0)
    wizard.back.click()
    wizard.back.click()
    assert wizard.page == "materials"
    assert not wizard.back.isEnabled()
    wizard.next.click()
    assert rows["radius_mean_nm"].box.value() == 8.0
    assert rows["radius_means_nm"].value() == (6.0, 11.0)
    rows["radius_means_nm"].title.click()
    assert wizard.draft.radius_means_nm is None
    rows["radius_means_nm"].title.click()
    assert wizard.draft.radius_means_nm == (6.0, 11.0)
    wizard.next.click()
    assert wizard.microscope.beam.rows["detector_inner_mrad"].box.value() == 70.0
    assert wizard.draft.detector_inner_mrad == 70.0


def _without_effects(page) -> None:
    page.imperfect.rows["imperfect"].box.setValue(0.3)
    for box in page.effects.boxes.values():
        box.click()


REFUSALS = [
    ("particles", "radius_sd_nm", lambda p: p.radius.rows["radius_sd_nm"].box.setValue(20.0)),
    ("particles", "largest_size", lambda p: p.sizes.rows["largest_size"].box.setValue(3)),
    ("particles", "mixing_ratio", lambda p: p.theta.rows["mixing_ratio"].box.setValue(0.99)),
    (
        "microscope",
        "detector_outer_mrad",
        lambda p: p.beam.rows["detector_inner_mrad"].box.setValue(250.0),
    ),
    ("microscope", "doses_e_per_a2", lambda p: p.varied.rows["doses_e_per_a2"].high.setValue(1.0)),
    ("microscope", "effects", _without_effects),
]


@pytest.mark.parametrize(("name", "field", "spoil"), REFUSALS)
def test_a_page_that_is_not_sound_keeps_one_there(wizard, name, field, spoil):
    while wizard.page != name:
        wizard.next.click()
    page = wizard.pages[name]
    spoil(page)
    line = page.lines[field]
    assert line.isVisible()
    assert line.text().endswith(".")
    wizard.next.click()
    assert wizard.page == name
    number = PAGES.index(name)
    assert [button.isEnabled() for button in wizard.steps.buttons] == [
        k <= number for k in range(len(PAGES))
    ]
    assert wizard.steps.states[number] == WRONG
    assert wizard.steps.states[0] == DONE
    wizard.back.click()
    assert wizard.steps.states[number] == WRONG


def test_starting_over_asks_before_anything_is_lost(program, wizard, monkeypatch):
    asked = []

    def answer(self):
        asked.append(1)
        return replies.pop()

    replies = ["replace", "cancel"]
    monkeypatch.setattr(controller.RetrainingController, "ask_about_changes", answer)
    wizard.over.click()
    assert asked == []
    wizard.next.click()
    wizard.particles.radius.rows["radius_mean_nm"].box.setValue(7.5)
    wizard.over.click()
    assert wizard.draft.radius_mean_nm == 7.5
    wizard.over.click()
    assert wizard.draft == Draft()
    assert wizard.page == "materials"


def test_samples_follow_the_plan(program, wizard, settled):
    go_to_the_end(wizard, settled)
    first = wizard.summary.samples.samples
    wizard.go_to(3)
    wizard.go_to(4)
    settled()
    assert wizard.summary.samples.samples is first
    wizard.go_to(1)
    wizard.particles.sizes.rows["largest_size"].box.setValue(25)
    wizard.go_to(4)
    settled()
    second = wizard.summary.samples.samples
    assert second is not first
    assert sum(s.levels.size for s in second) < sum(s.levels.size for s in first)


def test_every_field_can_be_reached_and_names_itself(wizard, settled):
    wizard.materials.own.click()
    for name, page in wizard.pages.items():
        for field in page._fields.values():
            assert field.focusPolicy() & Qt.FocusPolicy.TabFocus, name
            assert field.accessibleName() or field.text(), name
            assert field.toolTip(), name
        for label in page.widget.findChildren(QLabel):
            assert label.font().pointSizeF() >= SMALLEST_FONT_PT


def test_back_and_next_have_keys(program, wizard, press, until):
    press(program, "Alt+N")
    until(lambda: wizard.page == "particles")
    press(program, "Alt+B")
    until(lambda: wizard.page == "materials")
