import csv
import io
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.gui.panels.badge import INSIDE, OUTSIDE, UNKNOWN
from heteroagg_gui.gui.panels.prediction import NO_MODEL
from heteroagg_gui.gui.report import as_csv, as_text

MODELS = Path(__file__).parents[2] / "models"


def open_and_predict(program, folder, until):
    program.to.files.open_paths([folder])
    until(lambda: program.session.state.prediction is not None and not program.board.running)


def button(program, name):
    return program.toolbar.widget.widgetForAction(program.menus.actions[name])


def test_theta_is_shown_with_its_doubt(program, micrographs, until):
    open_and_predict(program, micrographs, until)
    panel = program.views.prediction
    values = {row.quantity.key: row.value.text() for row in panel.rows}
    assert values == {
        "fractal_dimension": "1.81",
        "mixing_ratio": "0.44",
        "theta_0": "3",
        "theta_1": "2",
    }
    assert panel.rows[0].doubt.text() == "1.75 to 1.88"
    assert "3: 80 %" in panel.rows[2].picture.toolTip()
    assert panel.badge.words.text() == INSIDE
    assert panel.table.widget.rowCount() == 4
    assert panel.table.widget.item(1, 1).text() == "1.81"
    assert not panel.point.isVisible()


def test_images_outside_the_training_range_are_marked(program, predictor, micrographs, until):
    predictor.outside = True
    open_and_predict(program, micrographs, until)
    panel = program.views.prediction
    assert panel.badge.words.text() == OUTSIDE
    assert panel.badge.reason.text() == "Some images are unlike the training data."
    assert program.views.batch.details.text() == "too dark"
    assert "too dark" in program.views.batch.model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert panel.table.widget.item(0, 0).toolTip() == "too dark"


def test_point_estimate_says_so(program, predictor, micrographs, until):
    predictor.point = True
    open_and_predict(program, micrographs, until)
    assert program.views.prediction.point.isVisible()
    assert program.views.prediction.rows[0].doubt.text() == ""
    assert not program.toolbar.whole.isEnabled()
    assert program.views.prediction.badge.words.text() == UNKNOWN
    assert program.views.batch.details.text() == "Read and calibrated."
    assert "unknown to this network" in as_text(program.session.state)
    assert as_csv(program.session.state).splitlines()[1].endswith(",")


def test_without_a_network_the_panel_says_what_is_missing(
    make_program, no_model, micrographs, until
):
    program = make_program()
    program.to.files.open_paths([micrographs])
    until(lambda: len(program.session.state.usable_items) == 4 and not program.board.running)
    assert program.session.state.prediction is None
    assert program.views.prediction.empty.text() == NO_MODEL
    assert not button(program, "predict").isEnabled()


def test_predict_button_after_leaving_an_image_out(make_program, predictor, micrographs, until):
    program = make_program(draw_after_predict=False)
    open_and_predict(program, micrographs, until)
    batch = program.views.batch
    index = batch.model.index(1)
    batch.model.setData(index, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert program.session.state.prediction is None
    assert program.views.prediction.widget.currentIndex() == 0
    assert button(program, "predict").isEnabled()
    button(program, "predict").click()
    until(lambda: program.session.state.prediction is not None)
    assert len(program.session.state.prediction.images) == 3
    assert predictor.calls == [4, 3]


def test_space_leaves_out_and_undo_brings_back(program, micrographs, until, press):
    open_and_predict(program, micrographs, until)
    until(lambda: program.session.state.shadows is not None)
    press(program, "Space", program.views.batch.list)
    assert not program.session.state.items[0].included
    assert program.session.state.prediction is None
    press(program, "Ctrl+Z")
    assert program.session.state.items[0].included
    assert program.session.state.prediction is not None
    press(program, "Ctrl+Shift+Z")
    assert not program.session.state.items[0].included


def test_keys_walk_through_the_images(program, micrographs, until, press):
    open_and_predict(program, micrographs, until)
    names = []
    for key in ("J", "J", "K"):
        press(program, key, program.views.batch.list)
        names.append(program.session.state.selected_item.name)
    assert names == ["image_1.tif", "image_2.tif", "image_1.tif"]
    assert program.views.batch.list.currentIndex().row() == 1
    assert program.views.prediction.table.widget.currentRow() == 1


def test_picking_a_row_of_the_table_selects_the_image(program, micrographs, until):
    open_and_predict(program, micrographs, until)
    program.views.prediction.table.widget.selectRow(3)
    assert program.session.state.selected_item.name == "image_3.tif"
    assert program.views.micrograph.title.text().startswith("image_3.tif")


def test_cancel_answers_and_leaves_no_prediction(program, predictor, micrographs, until):
    predictor.hold.clear()
    program.to.files.open_paths([micrographs])
    until(lambda: predictor.calls)
    row = list(program.jobs._rows.values())[-1]
    row.cancel.click()
    assert not row.cancel.isEnabled()
    until(lambda: not program.board.running)
    assert program.session.state.prediction is None
    assert program.jobs.line.text() == "Predicting: cancelled"
    assert not program.errors.isVisible()


def test_a_second_prediction_replaces_the_first(program, predictor, micrographs, until):
    predictor.hold.clear()
    program.to.files.open_paths([micrographs])
    until(lambda: predictor.calls)
    program.menus.actions["predict"].trigger()
    predictor.hold.set()
    until(lambda: program.session.state.prediction is not None and not program.board.running)
    assert "cancelled" in "\n".join(program.jobs.lines)


def test_failing_network_leads_to_the_error_dialog(program, predictor, micrographs, until):
    predictor.error = ModelError("The weights are missing: install the network again.")
    program.to.files.open_paths([micrographs])
    until(program.errors.isVisible)
    assert program.errors.cause.text() == "The weights are missing: install the network again."
    assert not program.errors.remedy.isVisible()
    program.errors.close()


def test_theta_is_copied_as_text_and_as_table(program, micrographs, until, press):
    open_and_predict(program, micrographs, until)
    program.views.prediction.copy_text.click()
    text = QGuiApplication.clipboard().text()
    assert "theta_Df = 1.81  (90 % interval 1.75 to 1.88)" in text
    assert "Primary cluster size WO₃ theta_0 = 3" in text
    press(program, "Ctrl+Shift+C", program.views.batch.list)
    rows = list(csv.DictReader(io.StringIO(QGuiApplication.clipboard().text())))
    assert [row["image"] for row in rows] == [*(f"image_{k}.tif" for k in range(4)), "all"]
    assert rows[-1]["theta_1"] == "2"


def test_groups_are_predicted_apart(program, predictor, micrographs, until):
    open_and_predict(program, micrographs, until)
    keys = [item.key for item in program.session.state.items]
    program.to.files.set_group(keys[2:], "B")
    model = program.views.batch.model
    from heteroagg_gui.gui.panels.batch_model import HEADER_ROLE

    headers = [model.index(row).data(HEADER_ROLE) for row in range(4)]
    assert headers == ["Group A (2)", None, "Group B (2)", None]
    program.to.navigation.select_image(keys[3])
    program.to.analysis.predict()
    until(lambda: program.session.state.prediction is not None and not program.board.running)
    assert program.session.state.prediction_keys == tuple(keys[2:])
    assert "group B" in program.views.prediction.source.text()


@pytest.mark.skipif(not list(MODELS.glob("*/card.json")), reason="no network is bundled")
def test_bundled_network_predicts_the_sample_batch(make_program, until):
    program = make_program(n_shadows=20)
    program.to.files.open_sample()
    until(lambda: program.session.state.shadows is not None and not program.board.running)
    prediction = program.session.state.prediction
    assert len(prediction.images) == 12
    assert prediction.inside_training_range
    assert program.views.prediction.source.text().endswith(prediction.model)
    low, high = prediction.interval_90["fractal_dimension"]
    assert low < prediction.theta.fractal_dimension < high
    assert program.toolbar.device.text() in ("CPU", "GPU (CUDA)", "GPU (Metal)")
