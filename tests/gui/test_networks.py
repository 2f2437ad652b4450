"""The dialog of networks, driven as a person would."""

import threading
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from heteroagg_gui.gui.networks.dialog import NetworksDialog
from heteroagg_gui.gui.networks.pages import card_page, rich
from heteroagg_gui.learning.model_card import ModelCard
from heteroagg_gui.workflow import predictors
from heteroagg_gui.workflow.actions import predict as predict_action
from heteroagg_gui.workflow.model_store import (
    export_model,
    install_model,
    networks_at_hand,
    set_default_model,
)
from heteroagg_gui.workflow.places import user_models_folder
from heteroagg_gui.workflow.preferences import load_preferences
from tests.gui.conftest import FakePredictor
from tests.gui.dragging import drop
from tests.small_networks import small_network


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePredictor:
    """Give the program one bundled network and one of the user's own."""
    folder = tmp_path / "bundled"
    small_network(folder / "beta", title="Came along")
    monkeypatch.setattr(predictors, "models_folder", lambda: folder)
    install_model(small_network(tmp_path / "source" / "mine", title="For <ceria>"))
    predictor = FakePredictor()
    monkeypatch.setattr(predict_action, "load_predictor_named", lambda *_: predictor)
    return predictor


@pytest.fixture
def program(make_program, fake):
    return make_program()


@pytest.fixture
def dialog(program, until) -> NetworksDialog:
    until(lambda: program.to.models.cards)
    program.menus.actions["manage_models"].trigger()
    return program.to.networks.dialog


def rows(dialog: NetworksDialog) -> dict[str, tuple[str, ...]]:
    """Return what the list says of each network."""
    tree = dialog.list.widget
    items = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    return {item.text(0): tuple(item.text(c) for c in range(1, 5)) for item in items}


def enabled(dialog: NetworksDialog) -> set[str]:
    return {key for key, button in dialog.buttons.items() if button.isEnabled()}


def press(qtbot, widget: QWidget, keys: str) -> None:
    widget.setFocus()
    combination = QKeySequence(keys)[0]
    qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())


def idle(program, until) -> None:
    until(lambda: not program.board.running)


def test_the_networks_are_listed_and_their_cards_shown(program, dialog):
    assert dialog.isVisible()
    assert not dialog.isModal()
    assert rows(dialog) == {
        "beta": ("TiO₂-WO₃", "bundled", "2026-01-02", "in use, default"),
        "mine": ("TiO₂-WO₃", "own", "2026-01-02", ""),
    }
    assert dialog.list.current == "beta"
    assert "Came along" in dialog.page.toPlainText()
    dialog.look_at("mine")
    text = dialog.page.toPlainText()
    for words in ("For <ceria>", "60 % (50 to 70 %)", "48 %", "99.9 %", "91.0 %", "40 %"):
        assert words in text


def test_everything_can_be_reached_by_keyboard(program, until, press, qtbot):
    until(lambda: program.to.models.cards)
    press(program, "Ctrl+Shift+M")
    dialog = program.to.networks.dialog
    until(dialog.isActiveWindow)
    assert dialog.focusWidget() is dialog.list.widget
    qtbot.keyClick(dialog.list.widget, Qt.Key.Key_Down)
    assert dialog.list.current == "mine"
    reached, widget = set(), dialog.list.widget
    for _ in range(40):
        widget = widget.nextInFocusChain()
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.add(widget)
    buttons = [b for b in dialog.findChildren(QPushButton) if b.isVisible()]
    assert reached >= {*buttons, dialog.page}
    assert all(button.toolTip() for button in (*dialog.buttons.values(), dialog.install))
    assert dialog.page.accessibleName()


def test_bundled_networks_stay(dialog):
    dialog.look_at("beta")
    assert enabled(dialog) == {"export", "compare"}
    assert "came with the program" in dialog.buttons["delete"].toolTip()
    dialog.look_at("mine")
    assert enabled(dialog) == {"use", "default", "rename", "export", "compare", "delete"}


def test_another_network_is_used(program, dialog, micrographs, until, fake):
    program.to.files.open_paths([micrographs])
    until(lambda: program.session.state.shadows is not None and not program.board.running)
    dialog.look_at("mine")
    dialog.buttons["use"].click()
    assert program.session.state.settings.model == "mine"
    assert rows(dialog)["mine"][-1] == "in use"
    assert program.toolbar.model.currentData() == "mine"
    idle(program, until)
    assert fake.calls == [4, 4]


def test_the_default_outlives_the_window(program, dialog, make_program, until, fake):
    dialog.look_at("mine")
    dialog.buttons["default"].click()
    until(lambda: rows(dialog)["mine"][-1] == "in use, default")
    assert predictors.default_model().name == "mine"
    program.window.close()
    assert load_preferences().model == ""
    again = make_program()
    until(lambda: again.to.models.cards)
    assert again.to.models.active.name == "mine"


def test_making_the_network_in_use_the_default_keeps_what_it_predicted(
    program, dialog, micrographs, until, fake
):
    program.to.models.choose("mine")
    program.to.files.open_paths([micrographs])
    until(lambda: program.session.state.shadows is not None and not program.board.running)
    dialog.look_at("mine")
    dialog.buttons["default"].click()
    until(lambda: rows(dialog)["mine"][-1] == "in use, default")
    idle(program, until)
    assert program.session.state.settings.model == ""
    assert fake.calls == [4]


def test_a_network_in_use_gets_another_name(program, dialog, micrographs, until, fake):
    program.to.models.choose("mine")
    program.to.files.open_paths([micrographs])
    until(lambda: program.session.state.shadows is not None and not program.board.running)
    dialog.look_at("mine")
    dialog.buttons["rename"].click()
    naming = program.to.networks.naming
    assert (naming.name.text(), naming.title.text()) == ("mine", "For <ceria>")
    ok = naming.buttons.button(naming.buttons.StandardButton.Ok)
    naming.name.setText("a b")
    assert not ok.isEnabled()
    assert "can't be the name" in naming.complaint.text()
    naming.name.setText("ceria")
    naming.title.setText("For ceria")
    ok.click()
    until(lambda: "ceria" in rows(dialog))
    idle(program, until)
    assert program.session.state.settings.model == "ceria"
    assert dialog.list.current == "ceria"
    assert "For ceria" in dialog.page.toPlainText()
    assert fake.calls == [4]


def test_deleting_is_taken_back(program, dialog, until):
    program.to.models.choose("mine")
    dialog.look_at("mine")
    dialog.buttons["delete"].click()
    until(lambda: list(rows(dialog)) == ["beta"])
    assert dialog.undo_bar.isVisible()
    assert dialog.undo_bar.label.text() == "Deleted mine."
    assert program.to.models.active.name == "beta"
    assert program.session.state.settings.model == ""
    dialog.undo_bar.undo.click()
    until(lambda: "mine" in rows(dialog))
    assert not dialog.undo_bar.isVisible()
    assert program.to.models.active.name == "mine"
    assert dialog.list.current == "mine"


def test_keys_delete_and_take_back(program, dialog, until, qtbot):
    dialog.activateWindow()
    until(dialog.isActiveWindow)
    dialog.look_at("beta")
    press(qtbot, dialog.list.widget, "Delete")
    dialog.look_at("mine")
    press(qtbot, dialog.list.widget, "Delete")
    until(lambda: list(rows(dialog)) == ["beta"])
    press(qtbot, dialog.list.widget, "Ctrl+Z")
    until(lambda: "mine" in rows(dialog))
    dialog.look_at("mine")
    press(qtbot, dialog.list.widget, "F2")
    assert program.to.networks.naming.isVisible()
    program.to.networks.naming.reject()


def test_what_was_deleted_earlier_can_be_restored(program, dialog, until):
    dialog.look_at("mine")
    dialog.buttons["delete"].click()
    until(lambda: list(rows(dialog)) == ["beta"])
    (action,) = dialog._deleted.actions()
    assert action.text().startswith("mine, deleted on ")
    action.trigger()
    until(lambda: "mine" in rows(dialog))


@pytest.fixture
def exported(fake, tmp_path: Path) -> Path:
    """Return the file of a network."""
    return export_model("mine", tmp_path / "handed-on.zip")


def test_a_network_is_exported_to_one_file(program, dialog, until, tmp_path, monkeypatch):
    target = tmp_path / "out"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    dialog.look_at("mine")
    dialog.buttons["export"].click()
    idle(program, until)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist() == ["mine/card.json", "mine/weights.safetensors"]


def test_a_file_dropped_on_the_window_is_installed(program, exported, micrographs, until, tmp_path):
    fresh = exported.rename(tmp_path / "fresh.zip")
    with zipfile.ZipFile(fresh) as old, zipfile.ZipFile(tmp_path / "new.zip", "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename.replace("mine/", "ceria/"), old.read(entry))
    assert drop(program.window, [tmp_path / "new.zip"])
    until(lambda: (user_models_folder() / "ceria").is_dir() and not program.board.running)
    dialog = program.to.networks.dialog
    assert dialog.isVisible()
    assert dialog.list.current == "ceria"
    assert program.session.state.items == ()
    assert drop(program.window, [micrographs])
    until(lambda: len(program.session.state.items) == 4)


def test_a_name_that_is_taken_is_asked_for(program, dialog, exported, until):
    assert drop(dialog, [exported])
    until(lambda: program.to.networks.naming is not None)
    naming = program.to.networks.naming
    assert naming.name.text() == "mine-2"
    assert not naming.title.isVisible()
    naming.buttons.button(naming.buttons.StandardButton.Ok).click()
    until(lambda: dialog.list.current == "mine-2")


def test_a_folder_is_installed_beside_the_window(program, dialog, tmp_path, until, monkeypatch):
    threads = []

    def install(*arguments, **options):
        threads.append(threading.current_thread())
        return install_model(*arguments, **options)

    monkeypatch.setattr("heteroagg_gui.gui.controllers.models.install_model", install)
    source = small_network(tmp_path / "source" / "third")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(source))
    dialog._sources.actions()[1].trigger()
    until(lambda: dialog.list.current == "third")
    assert threads != [threading.main_thread()]
    assert len(threads) == 1
    assert "Added the network third" in "".join(program.jobs.lines)


@pytest.mark.parametrize("spoil", ["no zip", "weights"])
def test_a_broken_file_is_said_in_the_error_dialog(program, dialog, tmp_path, until, spoil):
    source = tmp_path / "source" / "broken"
    if spoil == "no zip":
        source = source.with_suffix(".zip")
        source.write_bytes(b"text")
    else:
        small_network(source, sha256="0" * 64)
    assert drop(program.window, [source])
    until(program.errors.isVisible)
    words = {"no zip": "is no network", "weights": "not those its card describes"}
    assert words[spoil] in program.errors.cause.text()
    idle(program, until)
    assert list(rows(dialog)) == ["beta", "mine"]
    assert [path.name for path in user_models_folder().iterdir()] == ["mine"]
    program.errors.close()


def test_two_networks_are_compared(program, dialog):
    dialog.look_at("mine")
    (action,) = dialog._others.actions()
    action.trigger()
    comparison = program.to.networks.comparison
    assert comparison.isVisible()
    assert not comparison.isModal()
    text = comparison.page.toPlainText()
    assert "Kind" in text
    assert text.count("≠") == 2
    comparison.differences.setChecked(True)
    text = comparison.page.toPlainText()
    assert "Kind" not in text
    assert "your own" in text
    comparison.close()


def test_a_network_that_went_away_meanwhile_is_not_used(program, dialog, until):
    program.to.models.choose("mine")
    (user_models_folder() / "mine" / "card.json").unlink()
    set_default_model("beta")
    program.to.models.set_shelf(networks_at_hand())
    assert program.session.state.settings.model == ""
    assert program.to.models.active.name == "beta"


def test_a_card_that_says_nothing_has_a_page(qapp):
    page = card_page(ModelCard("a", "<b>", "compact-set", Path("/x/a"), {}))
    assert "Network a" in page
    assert "&lt;b&gt;" in page
    assert "TiO₂-WO₃" in page


def test_symbols_and_formulas_are_printed_as_such():
    assert rich("theta_0 of TiO2 < 3") == "θ<sub>0</sub> of TiO₂ &lt; 3"
    assert rich("x86_64, k_f, row 2") == "x86_64, k<sub>f</sub>, row 2"
