"""A training from the wizard's first page to a prediction, with the engine that trains."""

import json
from dataclasses import replace

import pytest

from heteroagg_gui.__main__ import main
from heteroagg_gui.gui.controllers import retraining as controller
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.plan import RetrainingPlan
from heteroagg_gui.learning.retraining.plan_file import plan_from, read_plan, write_plan
from heteroagg_gui.workflow.retraining import trial
from heteroagg_gui.workflow.retraining.draft import PAGES
from tests.gui.whole_training import (
    DEVICES,
    LEAST,
    PROJECT,
    START,
    adopt,
    finished,
    install_start,
    patience,
    simulated,
)

pytestmark = pytest.mark.slow

PATIENCE_MS = 600_000


@pytest.fixture
def patient(qtbot):
    return patience(qtbot, PATIENCE_MS)


def test_from_the_first_page_to_a_prediction(make_program, patient, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    monkeypatch.setattr(trial, "ask_child", lambda *_: DEVICES)
    install_start(tmp_path, "tio2-ceo2")
    images = tmp_path / "images"
    simulated(images)
    program = make_program(draw_after_predict=False)
    program.window.show_tab("retrain")
    patient(lambda: program.retrain_tab is not None)
    wizard = program.retrain_tab.wizard
    for page in PAGES[:-1]:
        assert wizard.page == page
        if page == "effort":
            patient(lambda: not program.board.running)
            wizard.effort.start.setCurrentIndex(wizard.effort.start.findData(START))
            for name, row in wizard.effort.advanced.rows.items():
                row.box.setValue(getattr(LEAST, name))
        wizard.next.click()
    patient(lambda: not program.board.running and not program.to.retraining.sampler.busy)
    wizard.summary.name.setText("mine")
    wizard.summary.name.textEdited.emit("mine")
    wizard.start.click()
    panel = program.trainings_panel
    assert program.retrain_tab.pages.currentWidget() is panel.widget
    finished(panel, patient)
    assert panel.training.plan.effort == LEAST
    before = program.session.state.settings.model
    assert before != adopt(program, patient, "mine") == "mine"
    program.window.show_tab("analyse")
    program.to.files.open_paths([images])
    patient(lambda: program.session.state.prediction is not None and not program.board.running)
    assert program.session.state.prediction.model == "mine"
    assert len(program.session.state.prediction.images) == 2


def test_plan_for_other_materials_on_the_command_line_and_in_the_wizard(
    make_program, patient, tmp_path, monkeypatch, capsys
):
    install_start(tmp_path, "tio2-wo3")
    plan = RetrainingPlan(
        "ceria",
        "TiO2 and CeO2",
        replace(TrainingRanges(), system="tio2-ceo2", largest_sizes=(20, 30)),
        start=START,
        effort=LEAST,
        device="cpu",
        workers=0,
    )
    path, out = tmp_path / "ceria.plan.json", tmp_path / "ceria"
    write_plan(plan, path)
    assert main(["retrain", str(path), "--out", str(out)]) == 0
    card = json.loads((out / "network" / "card.json").read_text(encoding="utf-8"))
    assert plan_from(card["plan"]) == plan
    assert card["trained_on"]["material_system"] == "tio2-ceo2"
    assert main(["models", "install", str(out / "network"), "--name", "ceria"]) == 0
    images = simulated(tmp_path / "images", "--system", "tio2-ceo2")
    capsys.readouterr()
    assert main(["predict", *images, "--model", "ceria", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["model"] == "ceria"
    assert 0.0 <= answer["theta"]["mixing_ratio"] <= 1.0

    monkeypatch.setattr(trial, "ask_child", lambda *_: DEVICES)
    program = make_program()
    program.window.show_tab("retrain")
    patient(lambda: program.retrain_tab is not None)
    wizard = program.retrain_tab.wizard
    program.to.retraining.open_plan(path)
    patient(lambda: not program.board.running and "ceria.plan.json" in wizard.source.text())
    for page in PAGES[:-1]:
        assert wizard.page == page
        wizard.next.click()
    patient(lambda: not program.board.running and not program.to.retraining.sampler.busy)
    monkeypatch.setattr(controller, "ask_path", lambda *_: tmp_path / "again.plan.json")
    wizard.save.click()
    assert read_plan(tmp_path / "again.plan.json") == plan
