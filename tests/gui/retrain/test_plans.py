"""Plans and drafts of the wizard: kept, opened, measured, copied as a command."""

from dataclasses import replace

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from heteroagg_gui.gui.controllers import retraining as controller
from heteroagg_gui.gui.retrain import wizard as wizard_module
from heteroagg_gui.gui.retrain.step_list import DONE
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.effort import EFFORTS
from heteroagg_gui.learning.retraining.plan import OwnMaterial, OwnPhase, RetrainingPlan
from heteroagg_gui.learning.retraining.plan_file import read_plan, write_plan
from heteroagg_gui.stem.microscope import Microscope
from heteroagg_gui.workflow.retraining.draft_file import kept_draft
from tests.gui.retrain.driving import go_to_the_end


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
