"""The Simulate tab of the real window: what is set is what is seen, added, saved and copied."""

import json
import shlex
import threading

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from heteroagg_gui.cli.command_line import main
from heteroagg_gui.core.resources import resource_path
from heteroagg_gui.gui.latest import LatestWins
from heteroagg_gui.gui.material_look import color_word, look_named, typeset
from heteroagg_gui.gui.panels.field_rows import STEPS, position_of, value_at
from heteroagg_gui.gui.simulation_fields import Span, as_values, sections
from heteroagg_gui.gui.theme import SMALLEST_FONT_PT
from heteroagg_gui.micrograph.reading import read_micrograph
from heteroagg_gui.workflow.actions.simulate import IMPERFECTIONS, SIMULATE
from heteroagg_gui.workflow.places import user_materials_folder

SMALL = {"pixels": 128, "pixel_size_nm": 3.0, "size_range_low": 12, "size_range_high": 16}
FIELDS = [field for section in sections(("A", "B")) for field in section.fields]
NEEDED = {
    "flyback_share": {"flyback_nm": 2.0},
    **{
        name: {"support_intensity": 0.05, "support_granularity": 0.2}
        for name in ("support_slope_x", "support_slope_y", "support_grain_nm")
    },
    "support_granularity": {"support_intensity": 0.05},
    "quantisation_bits": {"detector_gain_counts": 65535.0},
    "saturation_counts": {"detector_gain_counts": 655350.0},
    "size_range_low": {"size_range_low": 16, "size_range_high": 16},
    "detector_outer_mrad": {"detector_outer_mrad": 250.0},
}
OTHER = {
    "mixing_ratio": 0.9,
    "theta_0": 6,
    "theta_1": 6,
    "size_range_low": 3,
    "size_range_high": 40,
    "detector_outer_mrad": 90.0,
    "pixels": 192,
    "quantisation_bits": 8,
    "neighbours": 2,
    "saturation_counts": 3000.0,
    "detector_gain_counts": 1000.0,
}


@pytest.fixture
def tab(program, until):
    """Return the open tab with a small image."""
    program.window.show_tab("simulate")
    panel = program.simulate_panel
    until(lambda: panel.preview is not None)
    show(program, until, **SMALL)
    return panel


def settled(program) -> bool:
    return not program.to.simulation.worker.busy


def show(program, until, **entries) -> np.ndarray:
    panel = program.simulate_panel
    panel.set_entries({**panel.entries(), **entries})
    until(lambda: settled(program))
    return panel.image.pixels


def move(row) -> None:
    """Set a row to another value, by its slider where nothing forbids the value there."""
    name = row.field.name
    if row.field.span is None:
        row.combo.setCurrentIndex(row.combo.findData(OTHER[name]))
    elif name in OTHER:
        row.box.setValue(OTHER[name])
    else:
        now = row.slider.value()
        row.slider.setValue(now - 300 if now > STEPS // 2 else now + 400)


def test_both_tabs_are_there_and_switching_keeps_what_is_open(program, micrographs, until, press):
    program.to.files.open_paths([micrographs])
    until(lambda: program.session.state.shadows is not None and not program.board.running)
    before = program.session.state
    assert [program.window.tabs.tabText(k) for k in range(2)] == ["Analyse", "Simulate"]
    press(program, "Ctrl+2")
    assert program.window.tab == "simulate"
    until(lambda: program.simulate_panel.preview is not None)
    press(program, "Ctrl+1")
    assert program.window.tab == "analyse"
    assert program.session.state is before
    assert program.window.pages.currentWidget() is program.views.workbench


def test_every_control_changes_the_image(program, tab, until):
    entries = tab.entries()
    unchanged = []
    for field in FIELDS:
        before = show(program, until, **(entries | NEEDED.get(field.name, {}))).copy()
        move(tab.form.rows[field.name])
        until(lambda: settled(program))
        assert tab.sentence.text() == "" or tab.preview.cut_off, field.name
        after = tab.image.pixels
        if before.shape == after.shape and np.array_equal(before, after):
            unchanged.append(field.name)
    assert unchanged == []


def test_the_form_asks_for_everything_the_action_takes(program, tab):
    asked = set(as_values(tab.form.entries()))
    elsewhere = {"seed", "count", "group", "add", "folder", "jobs", "voltage_kv", "semi_angle_mrad"}
    assert asked | elsewhere == {parameter.name for parameter in SIMULATE.parameters}
    assert {parameter.name for parameter in IMPERFECTIONS} <= asked
    SIMULATE.fill(program.session.state, as_values(tab.form.entries()))
    for row in tab.form.rows.values():
        assert row.field.help in row.title.toolTip()
    assert "300 kV" in tab.form.beam.text()
    assert "21.1 mrad" in tab.form.beam.text()


def test_the_same_seed_gives_the_same_aggregate(program, tab, until):
    first, pixels = tab.preview.aggregate, tab.image.pixels
    tab.dice.click()
    until(lambda: settled(program))
    assert not np.array_equal(tab.image.pixels, pixels)
    tab.seed.setValue(tab.seed.value() - 1)
    until(lambda: settled(program))
    np.testing.assert_array_equal(tab.image.pixels, pixels)
    np.testing.assert_array_equal(tab.preview.aggregate.positions_nm, first.positions_nm)


def test_a_change_of_the_microscope_keeps_the_aggregate(program, tab, until):
    aggregate = tab.preview.aggregate
    show(program, until, dose_e_per_a2=3.0, scan_noise_nm=2.0)
    assert tab.preview.aggregate is aggregate
    assert tab.aggregate.aggregate is aggregate
    facts = {key: label.text() for key, label in tab.facts.values.items()}
    assert facts["n_particles"] == str(len(aggregate))
    assert facts["z_hetero"] == f"{tab.preview.descriptors['z_hetero']:.2f}"


def test_images_are_made_beside_the_window(program, tab, until, monkeypatch):
    threads = []
    make = program.to.simulation._maker.make

    def noted(values):
        threads.append(threading.current_thread())
        return make(values)

    monkeypatch.setattr(program.to.simulation._maker, "make", noted)
    show(program, until, mixing_ratio=0.3)
    assert threads
    assert threading.main_thread() not in threads


def test_nonsense_is_one_sentence_in_the_panel(program, tab, until):
    show(program, until, detector_inner_mrad=120.0, detector_outer_mrad=90.0)
    assert tab.sentence.text().startswith("The detector ring from 120")
    assert tab.notice.isVisible()
    assert not tab.add.isEnabled()
    program.menus.actions["add_simulated"].trigger()
    program.menus.actions["copy_simulate_command"].trigger()
    assert not program.board.running
    assert program.errors.isHidden()
    show(program, until, detector_outer_mrad=200.0)
    assert not tab.notice.isVisible()
    assert tab.add.isEnabled()


def test_a_system_without_curves_is_a_sentence_too(program, tab, until):
    folder = user_materials_folder()
    folder.mkdir(parents=True)
    document = json.loads(resource_path("materials", "tio2-wo3.json").read_text())
    document["materials"][0]["phases"] = ["unobtainium"]
    (folder / "bare.json").write_text(json.dumps(document))
    tab.shown.emit()
    show(program, until, system="bare")
    assert "unobtainium" in tab.sentence.text()
    show(program, until, system="tio2-wo3")
    assert tab.sentence.text() == ""


def test_another_system_changes_names_and_colours(program, tab, until):
    folder = user_materials_folder()
    folder.mkdir(parents=True)
    document = json.loads(resource_path("materials", "tio2-wo3.json").read_text())
    document["name"] = "Al2O3-SiO2"
    for entry, (name, colour) in zip(
        document["materials"], (("SiO2", "#884488"), ("Al2O3", "#22aa44")), strict=True
    ):
        entry.update(name=name, colour=colour)
    (folder / "al2o3-sio2.json").write_text(json.dumps(document))
    tab.shown.emit()
    aggregate = tab.preview.aggregate
    tab.form.system.setCurrentIndex(tab.form.system.findData("al2o3-sio2"))
    until(lambda: settled(program))
    assert tab.form.system.currentText() == "Al₂O₃-SiO₂"
    assert tab.form.rows["mixing_ratio"].title.text().startswith("Mixing ratio (SiO₂)")
    assert "Al₂O₃" in tab.form.rows["theta_1"].slider.accessibleName()
    assert tab.aggregate.legend.accessibleName() == "Pink is SiO₂, green is Al₂O₃"
    assert tab.aggregate.look.colors == ("#884488", "#22aa44")
    assert "SiO₂" in tab.facts.values["mixing_ratio"].toolTip()
    assert tab.preview.aggregate is aggregate


def test_images_join_the_batch_and_undo_takes_them_back(program, tab, until):
    shown = tab.image.pixels
    tab.count.setValue(3)
    tab.group.setText("S")
    tab.add.click()
    until(lambda: len(program.session.state.items) == 3 and not program.board.running)
    items = program.session.state.items
    assert {item.group for item in items} == {"S"}
    np.testing.assert_array_equal(items[0].micrograph.pixels, shown)
    assert not np.array_equal(items[1].micrograph.pixels, shown)
    until(lambda: program.session.state.shadows is not None and not program.board.running)
    assert program.window.tab == "simulate"
    program.session.undo()
    assert program.session.state.items == ()


def test_images_are_saved_with_their_truth(program, tab, until, tmp_path, monkeypatch):
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    tab.count.setValue(2)
    tab.save.click()
    until(lambda: (folder / "truth.json").exists() and not program.board.running)
    image = read_micrograph(folder / "image_000.tif")
    np.testing.assert_array_equal(image.pixels, tab.image.pixels)
    assert image.pixel_size_nm == pytest.approx(3.0)
    assert len(list(folder.glob("aggregate_*.csv"))) == 2
    assert program.session.state.items == ()


def test_the_copied_command_makes_the_same_image(program, tab, until, tmp_path, monkeypatch):
    changed = {"support_intensity": 0.01, "drift_x_nm": -2.5, "dose_e_per_a2": 20.0, "seed": 7}
    pixels = show(program, until, **changed)
    tab.count.setValue(1)
    program.menus.actions["copy_simulate_command"].trigger()
    line = QGuiApplication.clipboard().text()
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(line)[1:]) == 0
    image = read_micrograph(tmp_path / "simulated" / "image_000.tif")
    np.testing.assert_array_equal(image.pixels, pixels)


def test_settings_are_remembered_and_can_be_the_usual_ones_again(
    make_program, predictor, until, tab, program
):
    show(program, until, theta_0=5, scan_noise_nm=1.25, seed=11, group="B", count=4)
    program.window.close()
    second = make_program()
    second.window.show_tab("simulate")
    panel = second.simulate_panel
    entries = panel.entries()
    assert {**SMALL, "theta_0": 5, "scan_noise_nm": 1.25, "seed": 11}.items() <= entries.items()
    assert (entries["group"], entries["count"]) == ("B", 4)
    until(lambda: panel.preview is not None)
    assert panel.preview.batch.theta.theta_0 == 5
    panel.form.usual.click()
    usual = {row.field.name: row.field.default for row in panel.form.rows.values()}
    assert usual.items() <= panel.entries().items()
    assert panel.seed.value() == 11


def test_remembered_nonsense_is_passed_over(program, tab):
    before = tab.entries()
    tab.set_entries({"theta_0": "many", "seed": -4.5, "group": 3, "system": "x", "count": 900})
    assert tab.entries() == {**before, "count": 64}


def test_menu_commands_work_only_in_the_tab(program, tab, press, until):
    seed = tab.seed.value()
    press(program, "Ctrl+G")
    assert tab.seed.value() == seed + 1
    program.window.show_tab("analyse")
    assert not program.menus.actions["add_simulated"].isEnabled()
    assert program.menus.actions["show_simulate"].isEnabled()


def test_files_dropped_on_the_tab_are_shown_in_analyse(program, tab, micrographs, until):
    program.window.dropped.emit((micrographs,))
    until(lambda: program.window.tab == "analyse" and not program.board.running)


def test_everything_can_be_reached_by_keyboard_and_fits(program, tab):
    program.window.resize(1100, 700)
    QApplication.processEvents()
    assert (program.window.width(), program.window.height()) == (1100, 700)
    assert tab.widget.minimumSizeHint().width() <= 1100
    for row in tab.form.rows.values():
        for widget in (getattr(row, "slider", None), getattr(row, "box", None)):
            if widget is not None:
                assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
                assert widget.accessibleName()
    fonts = [label.font().pointSizeF() for label in tab.facts.values.values()]
    assert min(fonts) >= SMALLEST_FONT_PT


def test_levels_follow_until_they_are_chosen(program, tab, until):
    automatic = tab.image.levels.levels
    show(program, until, detector_inner_mrad=30.0)
    assert tab.image.levels.levels != automatic
    tab.image.levels.changed.emit(0.01, 0.02)
    tab.image.levels.set_levels((0.01, 0.02))
    show(program, until, detector_inner_mrad=90.0)
    assert tab.image.levels.levels == (0.01, 0.02)
    tab.image.levels.changed.emit(float("nan"), float("nan"))
    assert tab.image.levels.levels != (0.01, 0.02)


def test_the_wheel_scrolls_the_form_unless_a_field_was_chosen(program, tab, qtbot):
    from PySide6.QtCore import QPoint, QPointF

    row = tab.form.rows["mixing_ratio"]

    def wheel() -> None:
        event = QWheelEvent(
            *(QPointF(5, 5), QPointF(5, 5), QPoint(0, 0), QPoint(0, -120)),
            *(Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier),
            *(Qt.ScrollPhase.NoScrollPhase, False),
        )
        QApplication.sendEvent(row.box, event)

    tab.seed.setFocus()
    before = row.box.value()
    wheel()
    assert row.box.value() == before


def test_only_the_latest_wish_is_done(qtbot):
    worker = LatestWins("test")
    gate, seen, done = threading.Event(), [], []
    worker.done.connect(done.append)

    def work(number: int):
        def run() -> int:
            gate.wait(5)
            seen.append(number)
            return number

        return run

    for number in range(5):
        worker.ask(work(number))
    gate.set()
    qtbot.waitUntil(lambda: done == [0, 4])
    assert seen == [0, 4]
    worker.stop()
    worker.ask(work(9))
    assert seen == [0, 4]
    assert isinstance(worker, QObject)


def test_errors_of_work_are_told_and_the_next_is_done(qtbot):
    worker = LatestWins("test")
    failures, done = [], []
    worker.failed.connect(failures.append)
    worker.done.connect(done.append)
    worker.ask(lambda: 1 / 0)
    worker.ask(lambda: 2)
    qtbot.waitUntil(lambda: done == [2])
    assert isinstance(failures[0], ZeroDivisionError)
    worker.stop()


@pytest.mark.parametrize(
    "span", [Span(0.0, 2.0, 2), Span(1.0, 1e4, 1, logarithmic=True), Span(-5.0, 5.0, 2)]
)
def test_sliders_and_numbers_agree(span):
    assert value_at(span, 0) == span.low
    assert value_at(span, STEPS) == pytest.approx(span.high)
    for position in (0, 250, 500, 900, STEPS):
        assert position_of(span, value_at(span, position)) == pytest.approx(position, abs=16)
    assert position_of(span, span.high * 10) == STEPS


def test_the_left_end_of_a_logarithmic_slider_is_none():
    span = Span(1.0, 100.0, 1, logarithmic=True, off=0.0)
    assert value_at(span, 0) == 0.0
    assert value_at(span, 1) == pytest.approx(1.0, abs=0.1)
    assert position_of(span, 0.0) == 0


def test_formulas_and_colours_in_words():
    assert [typeset(text) for text in ("TiO2-WO3", "Al2O3", "Au", "(NH4)2O")] == [
        *("TiO₂-WO₃", "Al₂O₃", "Au", "(NH₄)₂O"),
    ]
    assert [color_word(c) for c in ("#3b7dd8", "#e8871e", "#2a9d6f", "#808080")] == [
        *("blue", "orange", "green", "grey"),
    ]
    assert look_named("tio2-ceo2").names == ("CeO₂", "TiO₂")
    assert look_named("unheard-of").names == ("material-0", "material-1")


@pytest.mark.gl
def test_the_aggregate_is_seen_as_on_the_image_and_in_the_colours_of_its_system(
    program, tab, until, qtbot
):
    show(program, until, dose_e_per_a2=0.0, size_range_low=30, size_range_high=30)
    qtbot.wait(200)
    assert tab.aggregate.scene is not None
    tab.reset.click()
    shown = tab.aggregate.scene.picture(1).convertToFormat(QImage.Format.Format_RGB888)
    width, height = shown.width(), shown.height()
    rows = np.frombuffer(shown.constBits(), np.uint8).reshape(height, shown.bytesPerLine())
    colours = rows[:, : 3 * width].reshape(height, width, 3).astype(int)
    covered = (colours.max(axis=2) - colours.min(axis=2)) > 40
    scene, size_nm = tab.aggregate.scene.nm_per_point, tab.preview.micrograph.pixel_size_nm
    image = tab.image.pixels
    # the two views are centred on boxes of the centres and of the spheres
    places = np.argwhere(image > 0.01 * image.max()) * size_nm
    seen = np.argwhere(covered) * scene
    spread = np.cov((places - places.mean(axis=0)).T)
    assert np.cov((seen - seen.mean(axis=0)).T) == pytest.approx(spread, rel=0.1, abs=20.0)
    assert np.mean((seen - seen.mean(axis=0)) ** 3, axis=0) == pytest.approx(
        np.mean((places - places.mean(axis=0)) ** 3, axis=0), rel=0.25, abs=2000.0
    )
