"""The Retrain tab of the real window: from the usual values to the plan of a training."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from heteroagg_gui.core.resources import resource_path
from heteroagg_gui.gui.controllers import retraining as controller
from heteroagg_gui.gui.retrain import wizard as wizard_module
from heteroagg_gui.gui.retrain.step_list import DONE, TO_DO, WRONG
from heteroagg_gui.gui.theme import SMALLEST_FONT_PT
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.effort import EFFORTS
from heteroagg_gui.learning.retraining.plan import OwnMaterial, OwnPhase, RetrainingPlan
from heteroagg_gui.learning.retraining.plan_file import read_plan, write_plan
from heteroagg_gui.stem.microscope import Microscope
from heteroagg_gui.workflow.retraining import trial
from heteroagg_gui.workflow.retraining.draft import PAGES, Draft
from heteroagg_gui.workflow.retraining.draft_file import kept_draft

TINY = {"updates": 2, "training_sets": 16, "calibration_sets": 16, "test_sets": 16, "heads": 1}
DEVICES = {"devices": [{"name": "cpu", "title": "CPU, 1 thread", "detail": "1 core"}]}


@pytest.fixture(autouse=True)
def child(monkeypatch):
    """Answer in place of the child process."""
    answers = {"--devices": DEVICES}

    def ask(arguments, message, progress):
        progress(0.0, message)
        answer = answers[arguments[-1]]
        return answer(progress) if callable(answer) else answer

    monkeypatch.setattr(trial, "ask_child", ask)
    return answers


@pytest.fixture
def tab(program, until):
    program.window.show_tab("retrain")
    until(lambda: program.retrain_tab is not None)
    return program.retrain_tab


@pytest.fixture
def wizard(tab):
    return tab.wizard


@pytest.fixture
def settled(program, until):
    """Return a function that waits until nothing is read or drawn any more."""

    def wait() -> None:
        until(lambda: not program.board.running and not program.to.retraining.sampler.busy)

    return wait


def go_to_the_end(wizard, settled) -> None:
    while wizard.page != PAGES[-1]:
        before = wizard.page
        wizard.next.click()
        assert wizard.page != before
    settled()


def drop(widget: QWidget, *paths: Path) -> bool:
    """Drop files on a widget; return whether it took them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    keys = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), action, data, buttons, keys)
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), action, data, buttons, keys))
    return True


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


def test_a_plan_from_a_file_comes_back_unchanged(program, wizard, settled, tmp_path, monkeypatch):
    gold = OwnMaterial("Au", "gold", 19.3456789, "#d4af37", (OwnPhase("gold", "data_gold"),))
    rust = OwnMaterial("Fe2O3", "rust", 5.24, "#a04020", (OwnPhase("rust", "data_rust"),))
    plan = RetrainingPlan(
        "gold-on-rust",
        "Gold on rust",
        TrainingRanges(
            fractal_dimension=(1.51234567, 2.4),
            radius_means_nm=(3.3, 9.123456),
            largest_sizes=(90, 120),
            microscope=Microscope(200.0, 17.4321, 48.76543, 199.0, 0.0, 0.3, -7.0),
            pixel_size_nm=0.512345,
            imperfect=0.4,
            effects=("support", "drift"),
            system="my-pair",
            sensitivity=((50.0, 0.3), (120.0, 1.0)),
        ),
        (gold, rust),
        "",
        replace(EFFORTS["quick"], minutes=12.3456789, learning_rate=0.00123456789),
        "cpu",
        3,
        77,
    )
    monkeypatch.setattr(wizard_module, "missing_packages", lambda draft: "")
    write_plan(plan, tmp_path / "in.plan.json")
    program.to.retraining.open_plan(tmp_path / "in.plan.json")
    settled()
    assert "in.plan.json" in wizard.source.text()
    go_to_the_end(wizard, settled)
    monkeypatch.setattr(controller, "ask_path", lambda *_: tmp_path / "out.plan.json")
    wizard.save.click()
    assert read_plan(tmp_path / "out.plan.json") == plan
    assert "changed" not in wizard.source.text()
    wizard.go_to(2)
    wizard.microscope.image.rows["scan_noise_nm"].box.setValue(0.4)
    assert "changed" in wizard.source.text()


def test_a_damaged_plan_is_refused_and_nothing_is_lost(program, wizard, settled, tmp_path):
    told = []
    program.board.failed.connect(lambda _, error: told.append(str(error)))
    wizard.next.click()
    wizard.particles.radius.rows["radius_mean_nm"].box.setValue(7.0)
    (tmp_path / "x.json").write_text("{}")
    program.to.retraining.open_plan(tmp_path / "x.json")
    settled()
    assert "no plan of a training" in told[0]
    assert program.to.retraining.draft.radius_mean_nm == 7.0


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


def test_a_bad_name_can_not_be_started_or_saved(program, tab, wizard, settled):
    started = []
    tab.start_asked.connect(started.append)
    go_to_the_end(wizard, settled)
    assert wizard.steps.states[:4] == [DONE] * 4
    wizard.summary.name.setText("my net")
    wizard.summary.name.textEdited.emit("my net")
    assert "name of a network" in wizard.summary.lines["name"].text()
    assert not wizard.start.isEnabled()
    assert not wizard.save.isEnabled()
    program.to.retraining.start()
    assert started == []


def test_two_materials_of_ones_own(program, wizard, settled, monkeypatch):
    page = wizard.materials
    page.own.click()
    assert wizard.steps.states[0] == TO_DO
    assert not page.lines["materials.0.phases"].isVisible()
    wizard.next.click()
    assert wizard.page == "materials"
    assert "CIF" in page.lines["materials.0.phases"].text()
    assert drop(page.cards[0].widget, resource_path("crystals", "ceria.cif"))
    assert drop(page.cards[1].widget, resource_path("crystals", "rutile.cif"))
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
    assert drop(page.widget, path)
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
    assert drop(page.widget, micrographs / "image_0.tif")
    settled()
    assert wizard.draft.pixel_size_nm == 1.25
    assert page.image.rows["pixel_size_nm"].box.value() == 1.25
    assert "Not in it: voltage" in page.taken.text()
    assert drop(page.widget, broken)
    settled()
    assert page.refused.text().endswith(".")
    assert wizard.draft.pixel_size_nm == 1.25


def test_a_sensitivity_curve_is_used_and_taken_back(wizard, settled, tmp_path):
    wizard.next.click()
    wizard.next.click()
    path = tmp_path / "haadf.txt"
    path.write_text("50 0.5\n200 1.0\n")
    page = wizard.microscope
    assert drop(page.beam.widget, path)
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


def test_the_trial_tells_how_long_each_effort_takes(program, wizard, settled, until, child):
    stages = {"training": 480.0, "sets": 60.0, "heads": 40.0, "evaluation": 20.0}
    child["--trial"] = {"device_title": "CPU, 1 thread", "training": 50.0, "stages": stages}
    for _ in range(3):
        wizard.next.click()
    settled()
    page = wizard.effort
    assert page.device.itemText(1) == "cpu: CPU, 1 thread, 1 core"
    assert page.cards.cards["normal"].time.text() == "Time: not measured yet"
    page.measure.click()
    assert not page.measure.isEnabled()
    settled()
    assert page.measure.isEnabled()
    assert page.cards.cards["normal"].time.text() == "Time: about 10 min"
    assert "50 images/s" in page.measured.text()
    page.cards.cards["quick"].radio.click()
    assert wizard.draft.effort == EFFORTS["quick"]
    page.in_minutes.click()
    page.minutes.setValue(30.0)
    assert wizard.draft.effort == replace(EFFORTS["quick"], minutes=30.0)
    assert page.cards.cards["quick"].radio.isChecked()
    page.advanced.rows["heads"].box.setValue(7)
    assert not any(card.radio.isChecked() for card in page.cards.cards.values())
    assert "about" in page.measured.text()
    page.workers.setValue(3)
    assert "measure it again" in page.measured.text()
    assert page.cards.cards["quick"].time.text() == "Time: not measured yet"
    page.workers.setValue(1)
    assert "50 images/s" in page.measured.text()


def test_a_trial_can_be_cancelled_and_can_fail(program, wizard, settled, until, child):
    from heteroagg_gui.core.errors import HeteroaggError

    def endless(progress):
        while True:
            progress(0.0, "Training")

    def broken(progress):
        raise HeteroaggError("There is no graphics card: choose another device.")

    for _ in range(3):
        wizard.next.click()
    settled()
    page = wizard.effort
    child["--trial"] = endless
    page.measure.click()
    until(lambda: program.board.running)
    program.board.cancel_all()
    until(page.measure.isEnabled)
    assert page.trial is None
    child["--trial"] = broken
    page.measure.click()
    until(page.refused.text)
    assert "no graphics card" in page.refused.text()


def test_the_commands_can_be_copied(program, wizard, settled, tmp_path, monkeypatch):
    go_to_the_end(wizard, settled)
    for action in wizard.copy.menu().actions():
        action.trigger()
        assert "my-network.plan.json" in QGuiApplication.clipboard().text()
    assert "torchrun" in QGuiApplication.clipboard().text()
    path = tmp_path / "a b.plan.json"
    monkeypatch.setattr(controller, "ask_path", lambda *_: path)
    program.menus.actions["save_plan"].trigger()
    program.menus.actions["copy_retrain_command"].trigger()
    assert str(path) in QGuiApplication.clipboard().text()


def test_an_unfinished_draft_is_there_again(make_program, predictor, until):
    first = make_program()
    first.window.show_tab("retrain")
    wizard = first.retrain_tab.wizard
    wizard.next.click()
    wizard.particles.radius.rows["radius_mean_nm"].box.setValue(7.5)
    first.window.close()
    assert kept_draft().radius_mean_nm == 7.5
    second = make_program()
    second.window.show_tab("retrain")
    again = second.retrain_tab.wizard
    assert again.draft.radius_mean_nm == 7.5
    assert again.page == "materials"


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


def test_the_plan_of_a_training_can_be_edited(program, tab, wizard):
    tab.set_trainings(QLabel("trainings"))
    tab.show_trainings()
    plan = RetrainingPlan("again", "Again", TrainingRanges(mixing_ratio=(0.2, 0.4)), seed=9)
    program.to.retraining.edit_plan(plan)
    assert tab.pages.currentWidget() is wizard.widget
    assert (wizard.draft.name, wizard.draft.mixing_ratio, wizard.draft.seed) == (
        "again",
        (0.2, 0.4),
        9,
    )
    assert not program.to.retraining.unsaved


def test_back_and_next_have_keys(program, wizard, press, until):
    press(program, "Alt+N")
    until(lambda: wizard.page == "particles")
    press(program, "Alt+B")
    until(lambda: wizard.page == "materials")
