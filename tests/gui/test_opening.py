import time
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog

from heteroagg_gui.gui.dropping import paths_of
from heteroagg_gui.workflow.state import ItemStatus
from tests.gui.dragging import drop


def statuses(program) -> list[ItemStatus]:
    return [item.status for item in program.session.state.items]


def test_empty_window_invites(program):
    assert program.window.pages.currentWidget() is program.welcome.widget
    assert program.welcome.open_button.isVisible()
    assert program.welcome.sample_button.isVisible() == program.has_sample
    assert not program.menus.actions["predict"].isEnabled()


def test_dropped_folder_and_broken_file_are_listed_and_predicted(
    program, micrographs, broken, until
):
    assert drop(program.window, [micrographs, broken])
    until(lambda: program.session.state.shadows is not None)
    assert statuses(program) == [ItemStatus.READY] * 4 + [ItemStatus.REFUSED]
    assert program.views.batch.model.rowCount() == 5
    assert program.views.batch.summary.text() == "5 images, 4 used, 1 refused"
    assert program.session.state.prediction.theta.theta_0 == 3
    assert program.window.pages.currentWidget() is program.views.workbench


def test_files_can_be_dropped_on_every_region(program, micrographs, uncalibrated, until):
    drop(program.window, [micrographs])
    until(lambda: len(program.session.state.items) == 4)
    for target, path in zip(
        (program.views.batch.list.viewport(), program.views.viewer.widget),
        uncalibrated,
        strict=True,
    ):
        # an event for a child climbs to the window when the child takes no drops
        widget = target
        while not widget.acceptDrops():
            widget = widget.parentWidget()
        assert drop(widget, [path])
    until(lambda: len(program.session.state.items) == 6 and not program.board.running)


def test_drag_lights_up_the_target_and_foreign_things_are_left_alone(program):
    data = QMimeData()
    data.setText("not a path")
    event = QDragEnterEvent(
        QPoint(9, 9),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    QApplication.sendEvent(program.window, event)
    assert not event.isAccepted()
    assert paths_of(data) == ()


def test_refused_item_says_why_and_can_be_retried(program, broken, micrographs, until):
    program.to.files.open_paths([broken])
    until(lambda: statuses(program) == [ItemStatus.REFUSED])
    until(lambda: not program.board.running)
    batch = program.views.batch
    reason = program.session.state.items[0].reason
    index = batch.model.index(0)
    assert reason in batch.model.data(index, Qt.ItemDataRole.ToolTipRole)
    assert batch.details.text() == reason
    assert batch.retry_button.isVisible()
    broken.write_bytes((micrographs / "image_0.tif").read_bytes())
    batch.retry_button.click()
    until(lambda: statuses(program) == [ItemStatus.READY])
    until(lambda: program.session.state.prediction is not None)
    assert not batch.retry_button.isVisible()


def test_files_are_pasted(program, micrographs, until, press):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in sorted(micrographs.iterdir())])
    QGuiApplication.clipboard().setMimeData(data)
    press(program, "Ctrl+V")
    until(lambda: len(program.session.state.items) == 4)


def test_paste_without_files_says_so(program):
    QGuiApplication.clipboard().setText("just words")
    program.menus.actions["paste"].trigger()
    assert "no files" in program.jobs.line.text()


def test_open_dialog_takes_many_files(program, micrographs, until, monkeypatch):
    names = [str(path) for path in sorted(micrographs.iterdir())]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (names, ""))
    program.menus.actions["open"].trigger()
    until(lambda: len(program.session.state.items) == 4)
    assert program.session.state.selected_item.name == "image_0.tif"


def test_recent_batches_are_offered_again(make_program, predictor, micrographs, until):
    first = make_program()
    first.to.files.open_paths([micrographs])
    until(lambda: first.session.state.shadows is not None and not first.board.running)
    first.window.close()
    second = make_program()
    assert second.side_menus.recent.actions()[0].text().startswith("sample A")
    second.side_menus.recent.actions()[0].trigger()
    until(lambda: len(second.session.state.items) == 4)
    second.side_menus.recent.actions()[-1].trigger()
    assert second.remembered.recent() == []


@pytest.mark.skipif(
    not (Path(__file__).parents[2] / "resources" / "samples").is_dir(), reason="no sample batch"
)
def test_sample_batch_does_the_whole_job_with_one_click(make_program, predictor, until):
    program = make_program(predict_on_open=False, draw_after_predict=False)
    program.welcome.sample_button.click()
    until(lambda: program.session.state.shadows is not None)
    assert len(program.session.state.prediction.images) == 12
    assert len(program.session.state.shadows) == 800
    assert program.remembered.recent() == []


def test_files_given_at_the_start_are_open(qapp, predictor, make_program, micrographs, until):
    program = make_program()
    program.start([micrographs])
    until(lambda: program.session.state.shadows is not None)


def test_cancelled_reading_leaves_the_rest_to_be_retried(program, micrographs, until, monkeypatch):
    from heteroagg_gui.workflow.actions import open as open_action

    read = open_action.read_item

    def slowly(item):
        time.sleep(0.2)
        return read(item)

    monkeypatch.setattr(open_action, "read_item", slowly)
    program.to.files.open_paths([micrographs])
    until(lambda: ItemStatus.READY in statuses(program))
    row = next(iter(program.jobs._rows.values()))
    row.cancel.click()
    until(lambda: not program.board.running)
    assert ItemStatus.REFUSED in statuses(program)
    assert program.session.state.prediction is None
    assert "cancelled" in program.jobs.line.text()
