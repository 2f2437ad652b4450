import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from heteroagg_gui.gui.export_dialog import ExportDialog
from heteroagg_gui.gui.symbols import SHOWN_DESCRIPTORS


@pytest.fixture
def drawn(make_program, predictor, micrographs, until):
    program = make_program(n_shadows=60)
    program.to.files.open_paths([micrographs])
    until(lambda: program.session.state.shadows is not None and not program.board.running)
    return program


def test_histograms_show_the_population(drawn):
    histograms = drawn.views.descriptors.histograms
    shown = [key for key, h in histograms.items() if not h.widget.isHidden()]
    assert shown == list(SHOWN_DESCRIPTORS)
    assert all(h.bars.counts.sum() == 60 for k, h in histograms.items() if k == "n_particles")
    assert drawn.views.viewer.number.maximum() == 60
    assert "N = " in drawn.views.viewer.facts.text()


def test_draw_button_uses_count_seed_and_distribution(drawn, until):
    first = drawn.session.state.shadows
    drawn.toolbar.count.setValue(25)
    drawn.toolbar.seed.setValue(7)
    drawn.toolbar.whole.setChecked(True)
    drawn.toolbar.widget.widgetForAction(drawn.menus.actions["draw_shadows"]).click()
    until(lambda: drawn.session.state.shadows is not first)
    shadows = drawn.session.state.shadows
    assert (len(shadows), shadows.seed) == (25, 7)
    assert {theta.theta_0 for theta in shadows.thetas} == {2, 3}


def test_sizes_are_set_in_the_popup(drawn, until):
    popup = drawn.toolbar.popup
    popup.fewest.setValue(5)
    popup.most.setValue(9)
    popup.mean.setValue(6.5)
    assert drawn.session.state.settings.size_range == (5, 9)
    first = drawn.session.state.shadows
    drawn.menus.actions["draw_shadows"].trigger()
    until(lambda: drawn.session.state.shadows is not first)
    assert max(len(a) for a in drawn.session.state.shadows.aggregates) <= 12
    popup.usual.click()
    assert drawn.session.state.settings.size_range == (20, 80)
    assert popup.mean.value() == 12.0


def test_brackets_walk_through_the_shadows(drawn, press):
    where = drawn.views.batch.list
    press(drawn, "]", where)
    press(drawn, "]", where)
    assert drawn.session.state.selected_shadow == 2
    press(drawn, "[", where)
    assert drawn.views.viewer.number.value() == 2
    drawn.views.viewer.number.setValue(40)
    assert drawn.session.state.selected_shadow == 39
    marked = drawn.views.descriptors.histograms["n_particles"]._current.value()
    assert marked == len(drawn.session.state.shadows.aggregates[39])


def test_clicked_bar_is_highlighted_everywhere_and_walked_through(drawn):
    panel = drawn.views.descriptors
    bars = panel.histograms["fractal_dimension"].bars
    bar = bars.bar(int(bars.counts.argmax()))
    panel.histograms["fractal_dimension"].clicked.emit(bar)
    assert drawn.session.state.selected_shadow == bar.members[0]
    for histogram in panel.histograms.values():
        part = histogram._part.opts["height"]
        finite = np.isfinite(drawn.session.state.shadows.descriptors[histogram.info.key])
        assert np.sum(part) == finite[bar.members].sum()
    seen = []
    for _ in bar.members:
        seen.append(drawn.session.state.selected_shadow)
        drawn.menus.actions["next_shadow"].trigger()
    assert seen == list(bar.members)
    assert drawn.session.state.selected_shadow == bar.members[0]
    assert f"{len(bar.members)} of 60 shadows" in panel.summary.text()
    panel.histograms["fractal_dimension"].clicked.emit(bar)
    assert drawn.highlight.pinned is None


def test_hovering_a_bar_highlights_until_the_mouse_leaves(drawn):
    panel = drawn.views.descriptors
    histogram = panel.histograms["z_hetero"]
    histogram.hovered.emit(histogram.bars.bar(0))
    assert drawn.highlight.bar is not None
    histogram.hovered.emit(None)
    assert drawn.highlight.bar is None


def test_optional_descriptor_can_be_shown(drawn):
    panel = drawn.views.descriptors
    action = panel.choice.menu().actions()[-1]
    assert action.text() == "Mean WO₃ cluster size"
    action.setChecked(True)
    assert panel.histograms["s_wo3"].widget.isVisible()


def test_pictures_and_data_are_taken_out(drawn, tmp_path, monkeypatch, until):
    path = tmp_path / "out.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), "PNG (*.png)"))
    drawn.menus.actions["save_histograms"].trigger()
    assert path.stat().st_size > 1000
    drawn.menus.actions["copy_histograms"].trigger()
    image = QGuiApplication.clipboard().image()
    assert image.width() == 2 * drawn.views.descriptors.plots.width()
    drawn.menus.actions["copy_micrograph"].trigger()
    assert QGuiApplication.clipboard().image().width() > 300
    table = tmp_path / "data.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(table), "CSV (*.csv)"))
    drawn.views.descriptors.data.click()
    lines = table.read_text().splitlines()
    assert len(lines) == 61
    assert lines[0].startswith("aggregate,n_particles,fractal_dimension")


def test_export_dialog_writes_what_it_lists(drawn, tmp_path, until):
    drawn.menus.actions["export"].trigger()
    dialog = drawn.window.findChild(ExportDialog)
    assert dialog.isVisible()
    dialog.folder.setText(str(tmp_path / "results"))
    dialog.formats["xyz"][0].setChecked(True)
    dialog.formats["xyz"][1].setValue(3)
    dialog.save.click()
    until(lambda: (tmp_path / "results" / "summary.json").exists() and not drawn.board.running)
    names = {path.name for path in (tmp_path / "results").rglob("*")}
    assert {"prediction.json", "particles.csv", "descriptors.csv"} <= names
    assert sum(name.endswith(".xyz") for name in names) == 3
    assert "Exported to" in "\n".join(drawn.jobs.lines)


def test_export_to_an_impossible_place_says_so(drawn, tmp_path, until):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    drawn.to.results.export({"folder": blocked / "inside"})
    until(drawn.errors.isVisible)
    assert "can't be" in drawn.errors.cause.text()
    assert "Traceback" in drawn.errors.details.toPlainText()
    drawn.errors.close()


def test_closing_the_batch_empties_the_window(drawn):
    drawn.menus.actions["close_batch"].trigger()
    assert drawn.session.state.items == ()
    assert drawn.window.pages.currentWidget() is drawn.welcome.widget
    drawn.menus.actions["undo"].trigger()
    assert len(drawn.session.state.items) == 4
