import subprocess
import sys

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QPalette
from PySide6.QtWidgets import QMessageBox, QWidget

from heteroagg_gui.gui.command import Situation
from heteroagg_gui.gui.commands import COMMANDS
from heteroagg_gui.gui.handlers import make_handlers
from heteroagg_gui.gui.names import APPLICATION, DESKTOP_FILE, ORGANISATION
from heteroagg_gui.gui.theme import SMALLEST_FONT_PT
from heteroagg_gui.workflow.preferences import load_preferences
from heteroagg_gui.workflow.state import SessionState

HEAVY = {"torch", "pyqtgraph", "vispy", "numba", "scipy", "ncempy", "tifffile", "h5py", "OpenGL"}


def test_heavy_packages_wait_until_the_window_is_painted():
    code = (
        "import sys, heteroagg_gui.gui.app\n"
        f"print(*({HEAVY!r} & {{name.split('.')[0] for name in sys.modules}}))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == []


def test_names_are_set_for_desktop_and_settings(qapp):
    assert qapp.applicationName() == APPLICATION
    assert qapp.organizationName() == ORGANISATION
    assert qapp.desktopFileName() == DESKTOP_FILE


def test_every_command_has_a_handler_and_every_handler_a_command(program):
    assert set(make_handlers(program)) == {command.name for command in COMMANDS}
    for command in COMMANDS:
        assert isinstance(command.enabled(Situation(SessionState())), bool)


def test_shortcuts_are_valid_and_used_once():
    keys = [QKeySequence(key).toString() for c in COMMANDS for key in c.shortcuts]
    assert all(keys)
    assert len(keys) == len(set(keys))
    shortcuts = {c.name: c.shortcuts[0] for c in COMMANDS if c.shortcuts}
    wanted = {
        "open": "Ctrl+O",
        "predict": "Ctrl+R",
        "draw_shadows": "Ctrl+D",
        "export": "Ctrl+E",
        "toggle_included": "Space",
        "next_image": "J",
        "previous_image": "K",
        "next_shadow": "]",
        "previous_shadow": "[",
        "help": "F1",
        "full_screen": "F11",
    }
    assert wanted.items() <= shortcuts.items()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_is_readable(make_program, predictor, micrographs, until, theme):
    program = make_program(theme=theme, n_shadows=10)
    program.to.files.open_paths([micrographs])
    until(lambda: program.session.state.shadows is not None and not program.board.running)
    palette = program.window.palette()
    dark = palette.color(QPalette.ColorRole.Window).lightnessF() < 0.5
    assert dark == (theme == "dark")
    small = {
        type(widget).__name__: widget.font().pointSizeF()
        for widget in program.window.findChildren(QWidget)
        if 0 < widget.font().pointSizeF() < SMALLEST_FONT_PT
    }
    assert small == {}


def test_everything_fits_on_a_small_screen(program, micrographs, until):
    program.to.files.open_paths([micrographs])
    until(lambda: program.session.state.shadows is not None and not program.board.running)
    assert program.window.minimumSizeHint().width() <= 1366
    assert program.window.minimumSizeHint().height() <= 700
    assert (program.window.width(), program.window.height()) == (1366, 768)
    for dock in program.views.workbench.docks.values():
        assert dock.isVisible()
        assert dock.width() > 150


def test_appearance_changes_while_the_window_is_open(program, until):
    def lightness():
        return program.window.palette().color(QPalette.ColorRole.Window).lightnessF()

    options = program.side_menus.appearance.menu.actions()
    assert [option.data() for option in options] == ["system", "light", "dark"]
    options[2].trigger()
    until(lambda: lightness() < 0.5)
    options[1].trigger()
    until(lambda: lightness() > 0.5)


def test_layout_is_remembered_and_can_be_reset(make_program, predictor, micrographs, until, qtbot):
    first = make_program()
    first.to.files.open_paths([micrographs])
    until(lambda: first.session.state.shadows is not None and not first.board.running)
    first.views.workbench.docks["prediction"].close()
    first.window.close()
    second = make_program()
    second.to.files.open_paths([micrographs])
    until(lambda: second.session.state.shadows is not None and not second.board.running)
    dock = second.views.workbench.docks["prediction"]
    assert not dock.isVisible()
    second.menus.actions["reset_layout"].trigger()
    assert dock.isVisible()


def test_preferences_are_saved_when_the_window_closes(program):
    program.toolbar.count.setValue(123)
    program.menus.actions["draw_after_predict"].setChecked(False)
    program.window.close()
    saved = load_preferences()
    assert saved.n_shadows == 123
    assert saved.draw_after_predict is False
    assert saved.theme == "light"


@pytest.mark.parametrize("answer", ["Stop and close", "Go on"])
def test_closing_asks_once_while_a_job_runs(program, predictor, micrographs, until, answer):
    predictor.hold.clear()
    program.to.files.open_paths([micrographs])
    until(lambda: predictor.calls)
    asked = []

    def reply():
        box = program.window.findChild(QMessageBox)
        asked.append(box.text())
        next(b for b in box.buttons() if b.text().replace("&", "") == answer).click()

    QTimer.singleShot(200, program.window, reply)
    closed = program.window.close()
    assert asked == ["Still running: Predicting."]
    assert closed == (answer == "Stop and close")
    predictor.hold.set()


def test_log_shows_what_was_done(program, micrographs, until, press):
    program.to.files.open_paths([micrographs])
    until(lambda: program.session.state.shadows is not None and not program.board.running)
    press(program, "Ctrl+L")
    assert program.jobs.history.isVisible()
    text = program.jobs.history.toPlainText()
    for title in ("Reading micrographs: done", "Predicting: done", "Drawing shadows: done"):
        assert title in text


def test_help_opens_with_f1_and_tells_of_the_network(program, press, until):
    press(program, "F1")
    until(program.help.isVisible)
    assert "Draw shadows" in program.help._pages["help"].toPlainText()
    assert "Ctrl+R" in program.help._pages["keys"].toPlainText()
    program.menus.actions["about_model"].trigger()
    assert "Network fake" in program.help._pages["model"].toPlainText()
    program.help.close()


def test_another_network_is_used_after_choosing_it(program, predictor, micrographs, until):
    program.to.files.open_paths([micrographs])
    until(lambda: program.session.state.shadows is not None and not program.board.running)
    program.to.models.choose("other")
    assert program.session.state.settings.model == "other"
    until(lambda: program.session.state.prediction is not None and not program.board.running)
    assert predictor.calls == [4, 4]


def test_full_screen(program, press, until):
    press(program, "F11")
    until(program.window.isFullScreen)
    program.menus.actions["full_screen"].trigger()
    until(lambda: not program.window.isFullScreen())
