"""The page of the trainings in the real window: what is shown, asked and decided."""

import json
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox

from heteroagg_gui.gui.controllers import trainings as controller_module
from heteroagg_gui.gui.theme import SMALLEST_FONT_PT, Appearance, apply_appearance
from heteroagg_gui.gui.trainings.adopt_dialog import AdoptDialog
from heteroagg_gui.gui.trainings.curve_plot import LineKind
from heteroagg_gui.gui.trainings.panel import TrainingsPanel
from heteroagg_gui.gui.trainings.problem_box import CAREFUL, EDIT, GO_ON, SMALLER, next_steps
from heteroagg_gui.workflow.places import user_trainings_folder
from heteroagg_gui.workflow.trainings import adoption
from heteroagg_gui.workflow.trainings.training import TrainingState
from heteroagg_gui.workflow.trainings.watcher import TrainingWatcher
from tests.workflow.fake_trainings import PATIENCE_S, PROJECT, engine, plan

S = TrainingState


class Page:
    """The panel in the window, over a stand-in for the command that trains."""

    def __init__(self, program, until, mode: str) -> None:
        self.program, self.until = program, until
        self.controller = program.to.trainings
        self.mode = mode
        program.to.trainings.close()
        program.to.trainings._watcher = None
        watcher = TrainingWatcher(None, self.command, PATIENCE_S)
        self.controller.start(watcher)
        self.open()
        self.panel: TrainingsPanel = program.trainings_panel

    def command(self, folder, finish: bool) -> list[str]:
        return engine(self.mode)(folder, finish)

    def open(self) -> None:
        self.program.window.show_tab("retrain")
        self.program.retrain_tab.show_trainings()

    def submit(self, **changes) -> None:
        self.controller.submit(plan(**changes))

    @property
    def state(self) -> TrainingState | None:
        return self.panel.training.state if self.panel.training is not None else None

    def wait(self, *states: TrainingState) -> None:
        self.until(lambda: self.state in states)

    @property
    def buttons(self):
        return self.panel.heading.buttons


@pytest.fixture
def page(program, until, monkeypatch) -> Iterator[Callable[[str], Page]]:
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    pages = []

    def make(mode: str = "slow") -> Page:
        pages.append(Page(program, until, mode))
        return pages[-1]

    yield make
    for made in pages:
        made.controller.close()
        running = made.controller.running_title
        made.controller._state = None
        program.window.running_training = str
        assert running is not None


def test_empty_page_says_what_to_do(page):
    made = page()
    shown = made.panel._stack.currentWidget()
    assert "No trainings yet" in shown.text()


def test_running_training_is_shown_paused_and_cancelled(page, qtbot):
    made = page()
    made.submit(name="first")
    made.wait(S.RUNNING)
    panel = made.panel
    made.until(lambda: len(panel.progress.curves.plots["n_particles"].values) > 2)
    assert panel.heading.title.text() == "Network first"
    assert "21.5 images/s" in panel.heading.facts.text()
    assert "CPU, 1 thread" in panel.heading.facts.text()
    assert list(panel.progress.stages.cells) == ["training", "sets", "heads"]
    assert panel.progress.stages.cells["training"].title.font().bold()
    assert "Fewer images than usual." in panel.progress.warnings.text()
    levels = panel.progress.curves.plots["fractal_dimension"].levels
    card = json.loads((PROJECT / "models" / "compact" / "card.json").read_text())
    assert {level.kind: level.value for level in levels} == {
        LineKind.BUNDLED: card["figures"]["per_image"]["fractal_dimension_mae"]["value"],
        LineKind.PAPER: 0.0671,
    }
    row = made.program.training_row
    made.until(lambda: row.isVisible() and "%" in row.message.text())
    assert row.title.text() == "Training Network first"
    qtbot.mouseClick(made.buttons["pause"], Qt.MouseButton.LeftButton)
    made.wait(S.PAUSED)
    assert made.buttons["go_on"].isVisible()
    assert not made.buttons["pause"].isVisible()
    assert made.program.training_row.message.text() == "Paused"
    qtbot.mouseClick(made.buttons["go_on"], Qt.MouseButton.LeftButton)
    made.wait(S.RUNNING)
    qtbot.mouseClick(made.buttons["cancel"], Qt.MouseButton.LeftButton)
    made.wait(S.CANCELLED)
    assert not row.isVisible()
    assert made.buttons["finish"].isEnabled()
    assert "cancelled; what it has done is kept" in made.program.jobs.lines[-1]


def test_queue_is_ordered_with_the_buttons_and_others_can_be_looked_at(page, qtbot):
    made = page()
    for name in ("a", "b", "c"):
        made.submit(name=name)
    panel = made.panel
    made.until(lambda: panel.queue.list.count() == 3 and made.panel.state.running is not None)
    made.until(lambda: made.panel.training.title == "Network c")
    texts = [panel.queue.list.item(k).text() for k in range(3)]
    assert texts[1:] == ["Network b\nWaiting, place 1", "Network c\nWaiting, place 2"]
    qtbot.mouseClick(panel.queue.up, Qt.MouseButton.LeftButton)
    made.until(lambda: panel.queue.list.item(1).text().startswith("Network c"))
    assert made.panel.training.title == "Network c"
    assert not panel.queue.up.isEnabled()
    assert panel.queue.down.isEnabled()
    panel.queue.list.setCurrentRow(0)
    made.until(lambda: len(panel.progress.curves.plots["loss"].values) > 1)


def test_result_is_shown_and_nothing_is_used_before_the_user_says_so(page, qtbot, monkeypatch):
    made = page("finish")
    made.submit(name="fine")
    made.wait(S.FINISHED)
    panel = made.panel
    made.until(lambda: panel.pages.currentIndex() == 1)
    table = panel.result.table.as_csv().splitlines()
    assert table[0] == ",this network,bundled network,paper,compared with bundled network"
    card = json.loads((PROJECT / "models" / "compact" / "card.json").read_text())
    bundled = [
        "{value:.0%} ({low:.0%} to {high:.0%})".format(**card["figures"]["sets_of_12"][key])
        for key in ("theta_0_exact", "theta_1_exact")
    ]
    zero, one = (text.replace("%", " %") for text in bundled)
    assert f"θ_0 exactly right,50 % (40 % to 60 %),{zero},48 %,worse" in table
    assert f"θ_1 exactly right,62 % (58 % to 66 %),{one},32 %,no clear difference" in table
    assert made.program.to.models.active.name == "fake"
    assert not panel.result.report.isEnabled()
    installed = []
    monkeypatch.setattr(
        adoption,
        "install_model",
        lambda folder, name, materials: installed.append((name, materials)) or folder,
    )
    qtbot.mouseClick(panel.result.use, Qt.MouseButton.LeftButton)
    dialog = made.program.window.findChild(AdoptDialog)
    assert dialog.name.text() == "fine"
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    dialog.name.setText("compact")
    assert not ok.isEnabled()
    assert "came with the program" in dialog.reason.text()
    dialog.name.setText("mine")
    qtbot.mouseClick(ok, Qt.MouseButton.LeftButton)
    made.until(lambda: panel.training.request.adopted == "mine")
    assert installed == [("mine", None)]
    assert made.program.session.state.settings.model == "mine"
    made.until(lambda: "“mine”" in panel.result.decision.text())
    assert not panel.result.use.isEnabled()


def test_what_was_predicted_is_put_to_the_test(page):
    made = page("finish")
    made.submit()
    made.wait(S.FINISHED)
    made.until(lambda: made.panel.pages.currentIndex() == 1)
    result = made.panel.result
    made.until(lambda: result.reliability.lines and not result.plotting.busy)
    (diagonal, probabilities) = result.reliability.lines
    assert diagonal == [(0.0, 0.0), (100.0, 100.0)]
    assert probabilities == [(5.0, 10.0), (70.0, 50.0)]
    (sound, ranks) = result.ranks["fractal_dimension", "mixing_ratio"].lines
    assert sound == [(0.0, 1.0), (1.0, 1.0)]
    assert ranks[0] == pytest.approx((0.05, 2.0))
    assert ranks[-1] == pytest.approx((0.95, 40 / 15))
    assert sum(share for _, share in ranks) == pytest.approx(10.0)
    (_, even) = result.ranks["theta_0", "theta_1"].lines
    assert {share for _, share in even} == {1.0}


def test_network_can_be_kept_and_its_card_read(page, qtbot):
    made = page("finish")
    made.submit()
    made.wait(S.FINISHED)
    made.until(lambda: made.panel.pages.currentIndex() == 1)
    qtbot.mouseClick(made.panel.result.keep, Qt.MouseButton.LeftButton)
    made.until(lambda: made.panel.training.request.kept)
    made.until(lambda: "Kept" in made.panel.result.decision.text())
    assert made.panel.result.use.isEnabled()
    qtbot.mouseClick(made.panel.result.card, Qt.MouseButton.LeftButton)
    from heteroagg_gui.gui.trainings.card_dialog import CardDialog

    dialog = made.program.window.findChild(CardDialog)
    assert "A network of a test" in dialog.page.toPlainText()
    dialog.close()


def test_failure_offers_the_next_step(page, qtbot):
    made = page("oom")
    made.submit(name="large")
    made.wait(S.FAILED)
    box = made.panel.problem
    made.until(box.isVisible)
    assert (box.sentence.text(), box.remedy.text()) == ("It went wrong.", "Do this.")
    assert [name for name, b in box.buttons.items() if b.isVisible()] == [GO_ON, SMALLER]
    box.copy.click()
    assert "Traceback" in QGuiApplication.clipboard().text()
    made.mode = "slow"
    qtbot.mouseClick(box.buttons[SMALLER], Qt.MouseButton.LeftButton)
    made.wait(S.RUNNING)
    effort = made.panel.training.plan.effort
    assert (effort.batch, effort.batches) == (4, 4)


def test_each_kind_of_problem_has_a_step_of_its_own(page):
    assert next_steps("diverged")[0] == CAREFUL
    assert next_steps("input") == (EDIT,)
    assert next_steps("something new") == (GO_ON, EDIT)
    made = page("diverged")
    edited = []
    made.controller.edit_asked.connect(edited.append)
    made.submit(name="wild")
    made.wait(S.FAILED)
    made.panel.problem.buttons[EDIT].click()
    assert [p.name for p in edited] == ["wild"]
    made.mode = "slow"
    made.panel.problem.buttons[CAREFUL].click()
    made.wait(S.RUNNING)
    assert made.panel.training.plan.effort.learning_rate == pytest.approx(0.00033)


def test_removing_asks_and_frees_the_disk(page, monkeypatch):
    made = page("finish")
    made.submit()
    made.wait(S.FINISHED)
    folder = made.panel.training.folder
    answers = [False, True]
    monkeypatch.setattr(controller_module, "ask", lambda *_: answers.pop(0))
    made.buttons["remove"].click()
    assert folder.is_dir()
    made.buttons["remove"].click()
    made.until(lambda: made.panel.training is None)
    assert not folder.exists()


def test_files_of_a_training_are_opened_with_the_desktop(page, monkeypatch):
    made = page("finish")
    made.submit()
    made.wait(S.FINISHED)
    opened = []
    monkeypatch.setattr(controller_module, "open_path", opened.append)
    made.buttons["log"].click()
    made.buttons["folder"].click()
    folder = made.panel.training.folder
    assert opened == [folder / "log.txt", folder]


def test_closing_asks_once_and_keeps_the_work(page, monkeypatch):
    made = page()
    made.submit(name="long")
    made.wait(S.RUNNING)
    window = made.program.window
    asked = []
    monkeypatch.setattr(
        window, "_ask", lambda running, _q, yes, no: asked.append((running, yes, no)) or False
    )
    assert not window.close()
    assert asked == [(("the training Network long",), "Pause and close", "Stay")]
    assert made.state is S.RUNNING
    monkeypatch.setattr(window, "_ask", lambda *_: True)
    assert window.close()
    request = json.loads((made.panel.training.folder / "request.json").read_text())
    assert request["ended"] == "closed"
    assert (made.panel.training.folder / "work" / "checkpoint.json").exists()
    again = TrainingWatcher(None, engine("slow"), PATIENCE_S)
    states = []
    again.changed.connect(states.append)
    again.start()
    made.until(lambda: states)
    again.close()
    assert states[-1].trainings[0].state is S.INTERRUPTED


def test_what_waits_from_an_earlier_start_is_offered(page, program, until):
    from heteroagg_gui.workflow.trainings.training import begin_folder

    program.to.trainings.close()
    begin_folder(plan("old"), user_trainings_folder(), 1.0)
    made = page()
    made.until(made.panel.queue.notice.isVisible)
    assert "1 training waits" in made.panel.queue.sentence.text()
    assert made.panel.heading.state.text() == "On hold since the last start"
    made.panel.queue.release.click()
    made.wait(S.RUNNING)
    assert not made.panel.queue.notice.isVisible()


def test_everything_is_readable_and_has_a_name(page, qapp):
    made = page("finish")
    made.submit()
    made.wait(S.FINISHED)
    made.until(lambda: made.panel.pages.currentIndex() == 1)
    widgets = [made.panel.queue.list, *made.buttons.values()]
    before = made.panel.queue.widget.grab().toImage()
    apply_appearance(qapp, Appearance.DARK)
    made.until(lambda: made.panel.queue.widget.grab().toImage() != before)
    apply_appearance(qapp, Appearance.LIGHT)
    for widget in widgets:
        assert widget.font().pointSizeF() >= SMALLEST_FONT_PT
        assert widget.accessibleName() or widget.text()
    for button in made.buttons.values():
        assert button.toolTip()
