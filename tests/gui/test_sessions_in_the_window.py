"""Sessions in the window: saved, opened again, and asked about before they are lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from heteroagg_gui.gui.dropped_on_icon import DroppedOnIcon
from heteroagg_gui.gui.program import Program
from heteroagg_gui.workflow import predictors
from heteroagg_gui.workflow.preferences import load_preferences
from heteroagg_gui.workflow.session_file.saving import save_session
from heteroagg_gui.workflow.state import ItemStatus
from heteroagg_gui.workflow.unsaved import is_unsaved


@pytest.fixture
def done(program: Program, micrographs: Path, until) -> Iterator[Program]:
    """Yield a program with a prediction and shadows that were not saved, and that asks."""
    program.to.sessions.may_ask = True
    program.to.files.open_paths([micrographs])
    until(lambda: program.session.state.shadows is not None and not program.board.running)
    yield program
    program.to.sessions.may_ask = False


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a day's work.heteroagg"


@pytest.fixture
def saved(done: Program, path: Path, until) -> Program:
    done.to.sessions.save_to(path)
    until(lambda: not done.board.running and not is_unsaved(done.presenter.state))
    return done


@pytest.fixture
def answer(until):
    """Return a function that answers the next question and collects what was asked."""
    asked: list[str] = []

    def reply_with(program: Program, button: str) -> list[str]:
        def reply() -> None:
            boxes = [
                box
                for box in program.window.findChildren(QMessageBox)
                if box.isVisible() and box is not program.errors
            ]
            if not boxes:
                return
            timer.stop()
            asked.append(boxes[0].text())
            boxes[0].button(getattr(QMessageBox.StandardButton, button)).click()

        timer = QTimer(program.window)
        timer.timeout.connect(reply)
        timer.start(20)
        return asked

    return reply_with


def choose(monkeypatch: pytest.MonkeyPatch, name: Path | str) -> None:
    for method in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, method, lambda *_: (str(name), ""))


def test_the_title_names_the_file_and_marks_what_is_not_saved(done, path, until, monkeypatch):
    assert done.window.windowTitle() == "4 images[*] – Heteroagg"
    assert done.window.isWindowModified()
    choose(monkeypatch, path)
    done.menus.actions["save_session"].trigger()
    until(lambda: not done.window.isWindowModified())
    assert done.window.windowTitle() == f"{path.name}[*] – Heteroagg"
    assert f"Saved {path}" in done.jobs.line.text()
    key = done.session.state.items[0].key
    done.to.files.set_group([key], "B")
    until(done.window.isWindowModified)
    done.menus.actions["undo"].trigger()
    until(lambda: not done.window.isWindowModified())
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: pytest.fail("asked"))
    path.unlink()
    done.menus.actions["save_session"].trigger()
    until(lambda: path.exists() and not done.board.running)


def test_a_name_without_its_ending_gets_it(done, tmp_path, until, monkeypatch, answer):
    choose(monkeypatch, tmp_path / "batch 1.25nm")
    done.menus.actions["save_session_as"].trigger()
    until((tmp_path / "batch 1.25nm.heteroagg").exists)
    until(lambda: not done.board.running)
    before = (tmp_path / "batch 1.25nm.heteroagg").stat().st_mtime_ns
    asked = answer(done, "No")
    done.menus.actions["save_session_as"].trigger()
    assert len(asked) == 1
    assert "Replace" in asked[0]
    assert not done.board.running
    assert (tmp_path / "batch 1.25nm.heteroagg").stat().st_mtime_ns == before


def test_a_session_opens_however_it_is_given(saved, path, qapp, until):
    before = saved.session.state
    saved.to.files.close_batch()
    until(lambda: saved.window.windowTitle() == "Heteroagg")
    assert saved.session.state.file is None
    for give in (
        lambda: saved.window.dropped.emit((path,)),
        lambda: _open_as_macos_does(qapp, saved, path),
        lambda: saved.start([path]),
        lambda: [saved.side_menus.recent.actions()[0].trigger()],
        lambda: saved.welcome.batch_asked.emit((path,)),
    ):
        give()
        until(lambda: saved.session.state.shadows is not None and not saved.board.running)
        after = saved.presenter.state
        assert len(after.usable_items) == 4
        assert after.prediction == before.prediction
        assert len(after.shadows) == len(before.shadows)
        assert saved.window.pages.currentWidget() is saved.window.workbench
        assert saved.window.windowTitle() == f"{path.name}[*] – Heteroagg"
        assert not saved.window.isWindowModified()
        saved.to.files.close_batch()
        until(lambda: not saved.presenter.state.items)


def _open_as_macos_does(application: QApplication, program: Program, path: Path) -> None:
    listener = DroppedOnIcon(application, program.to.files.open_paths)
    QApplication.sendEvent(application, QFileOpenEvent(str(path)))
    listener.setParent(program)


def test_a_missing_file_and_a_missing_network_are_named(
    saved, path, micrographs, until, monkeypatch
):
    saved.to.files.close_batch()
    (micrographs / "image_2.tif").rename(micrographs.parent / "kept.tif")
    monkeypatch.undo()
    monkeypatch.setattr(predictors, "model_folders", list)
    saved.to.files.open_paths([path])
    until(lambda: saved.session.state.items and not saved.board.running)
    item = saved.session.state.items[2]
    assert item.status is ItemStatus.REFUSED
    assert "gone" in item.reason
    assert saved.session.state.prediction is not None
    assert saved.session.state.shadows is not None
    assert "'fake'" in saved.jobs.line.text()
    (micrographs.parent / "kept.tif").rename(micrographs / "image_2.tif")
    saved.menus.actions["retry"].trigger()
    until(lambda: len(saved.session.state.usable_items) == 4 and not saved.board.running)
    assert saved.session.state.prediction is not None
    assert not is_unsaved(saved.session.state)


def test_a_damaged_session_gets_a_sentence_and_nothing_is_lost(saved, path, until):
    path.write_bytes(path.read_bytes()[:-200])
    items = saved.session.state.items
    saved.to.files.open_paths([path])
    until(saved.errors.isVisible)
    assert saved.session.state.items == items
    saved.errors.close()


def test_settings_of_a_session_do_not_become_preferences(done, path, until):
    state = done.session.state
    settings = replace(state.settings, model="theirs", radius_mean_nm=99.0, n_shadows=5)
    save_session(path, replace(state, settings=settings, file=None))
    done.to.sessions.may_ask = False
    done.to.files.open_paths([path])
    until(lambda: done.session.state.settings.model == "theirs" and not done.board.running)
    done.toolbar.count.setValue(7)
    done.window.close()
    kept = load_preferences()
    assert (kept.model, kept.radius_mean_nm, kept.n_shadows) == ("", 12.0, 7)


# Closing


def test_closing_asks_nothing_where_there_is_nothing_to_save(
    make_program, predictor, micrographs, until
):
    program = make_program(predict_on_open=False)
    program.to.sessions.may_ask = True
    program.to.files.open_paths([micrographs])
    until(lambda: len(program.session.state.usable_items) == 4 and not program.board.running)
    assert not program.window.isWindowModified()
    assert program.window.close()


def test_closing_can_be_called_off_and_can_discard(done, monkeypatch, answer):
    asked = answer(done, "Cancel")
    assert not done.window.close()
    assert asked == ["Save the results as a session?"]
    choose(monkeypatch, "")
    answer(done, "Save")
    assert not done.window.close()
    assert not done.board.running
    assert done.window.isVisible()
    answer(done, "Discard")
    assert done.window.close()
    assert len(asked) == 3


def test_closing_can_save_and_asks_nothing_then(done, path, until, monkeypatch, answer):
    choose(monkeypatch, path)
    asked = answer(done, "Save")
    assert not done.window.close()
    until(lambda: not done.window.isVisible())
    assert path.is_file()
    assert len(asked) == 1


def test_closing_asks_once_about_results_and_what_still_runs(
    done, predictor, path, until, monkeypatch, answer
):
    choose(monkeypatch, path)
    predictor.hold.clear()
    done.to.analysis.predict()
    until(lambda: len(predictor.calls) == 2)
    asked = answer(done, "Save")
    assert not done.window.close()
    until(lambda: not done.window.isVisible())
    predictor.hold.set()
    assert path.is_file()
    assert asked == ["Save the results as a session?"]


def test_opening_a_session_asks_about_what_would_be_replaced(saved, path, until, answer):
    saved.to.analysis.draw_shadows()
    until(lambda: is_unsaved(saved.session.state) and not saved.board.running)
    shadows = saved.session.state.shadows
    asked = answer(saved, "Cancel")
    saved.to.files.open_paths([path])
    assert asked == [f"Save the changes to “{path.name}”?"]
    assert not saved.board.running
    assert saved.session.state.shadows is shadows
    answer(saved, "Discard")
    saved.to.files.open_paths([path])
    until(lambda: not is_unsaved(saved.session.state) and not saved.board.running)
    assert saved.session.state.shadows is not shadows
    saved.menus.actions["undo"].trigger()
    assert saved.session.state.shadows is shadows
