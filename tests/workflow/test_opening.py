from pathlib import Path

import pytest

from heteroagg_gui.core.errors import Cancelled
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.state import ItemStatus
from tests.workflow.fakes import write_image


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(3):
        write_image(tmp_path / "batch" / f"image_{number}.tif", seed=number)
    return tmp_path / "batch"


def statuses(session: Session) -> list[ItemStatus]:
    return [item.status for item in session.state.items]


def test_files_appear_one_by_one(session: Session, folder: Path):
    seen: list[list[ItemStatus]] = []
    session.changed.connect(lambda: seen.append(statuses(session)))
    perform(session, "open", {"paths": [folder]})
    reading, ready = ItemStatus.READING, ItemStatus.READY
    assert seen == [
        [reading, reading, reading],
        [ready, reading, reading],
        [ready, ready, reading],
        [ready, ready, ready],
    ]


def test_the_first_file_is_selected_and_a_selection_is_kept(session: Session, folder: Path):
    state = perform(session, "open", {"paths": [folder / "image_1.tif"]})
    selected = state.selected_key
    assert selected == state.items[0].key
    assert perform(session, "open", {"paths": [folder]}).selected_key == selected


def test_one_bad_file_does_not_stop_the_rest(session: Session, folder: Path):
    (folder / "image_1.tif").write_bytes(b"II*\0 no image")
    paths = [folder / "missing.tif", *sorted(folder.iterdir()), folder / "note.txt"]
    (folder / "note.txt").write_text("no image")
    state = perform(session, "open", {"paths": paths})
    assert [item.status for item in state.items] == [
        ItemStatus.REFUSED,
        ItemStatus.READY,
        ItemStatus.REFUSED,
        ItemStatus.READY,
        ItemStatus.REFUSED,
    ]
    assert all(item.reason for item in state.items if item.status is ItemStatus.REFUSED)


def test_a_file_without_pixel_size_waits_for_one(session: Session, tmp_path: Path):
    write_image(tmp_path / "a.tif", pixel_size_nm=None)
    state = perform(session, "open", {"paths": [tmp_path / "a.tif"]})
    assert state.items[0].status is ItemStatus.UNCALIBRATED
    assert not state.usable_items
    keys = [state.items[0].key]
    state = perform(session, "set_pixel_size", {"keys": keys, "pixel_size_nm": 0.8})
    assert state.items[0].status is ItemStatus.READY
    assert state.items[0].reason is None
    assert state.items[0].micrograph.pixel_size_nm == 0.8


def test_a_folder_without_micrographs_is_refused_by_name(session: Session, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    state = perform(session, "open", {"paths": [tmp_path / "empty"]})
    assert [item.name for item in state.items] == ["empty"]
    assert state.items[0].status is ItemStatus.REFUSED


def test_a_file_is_open_only_once(session: Session, folder: Path, monkeypatch):
    perform(session, "open", {"paths": [folder, folder / "image_0.tif"]})
    monkeypatch.chdir(folder)
    before = session.state
    assert perform(session, "open", {"paths": [folder, "image_2.tif"]}) is before


def test_groups_are_kept(session: Session, folder: Path):
    perform(session, "open", {"paths": [folder / "image_0.tif"], "group": "B"})
    perform(session, "open", {"paths": [folder]})
    assert [item.group for item in session.state.items] == ["B", "A", "A"]
    assert session.state.groups == ("B", "A")


def test_a_refused_file_can_be_read_again(session: Session, folder: Path):
    path = folder / "image_0.tif"
    path.write_bytes(b"")
    state = perform(session, "open", {"paths": [folder]})
    bad, good = state.items[0], state.items[1]
    assert bad.status is ItemStatus.REFUSED
    path.unlink()
    write_image(path)
    state = perform(session, "retry", {"keys": [bad.key, good.key]})
    assert state.items[0].status is ItemStatus.READY
    assert state.items[0].reason is None
    assert state.items[1] is good


def test_cancelling_leaves_the_rest_refused_and_retriable(session: Session, folder: Path):
    calls = []

    def stop_at_second(fraction: float, message: str) -> None:
        calls.append(message)
        if len(calls) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        perform(session, "open", {"paths": [folder]}, stop_at_second)
    assert statuses(session) == [ItemStatus.READY, ItemStatus.REFUSED, ItemStatus.REFUSED]
    perform(session, "retry", {"keys": [item.key for item in session.state.items]})
    assert statuses(session) == [ItemStatus.READY] * 3


def test_what_the_user_does_while_files_are_read_stays(session: Session, folder: Path):
    def meddle(fraction: float, message: str) -> None:
        keys = [item.key for item in session.state.items]
        if len(keys) == 3 and "image_1" in message:
            perform(session, "remove", {"keys": keys[2:]})
            perform(session, "set_group", {"keys": keys[:2], "group": "B"})

    perform(session, "open", {"paths": [folder]}, meddle)
    assert [item.name for item in session.state.items] == ["image_0.tif", "image_1.tif"]
    assert [item.group for item in session.state.items] == ["B", "B"]
    assert statuses(session) == [ItemStatus.READY] * 2


def test_opening_is_one_step_of_undo(session: Session, folder: Path):
    perform(session, "open", {"paths": [folder]})
    session.undo()
    assert session.state.items == ()
    assert not session.can_undo
    session.redo()
    assert statuses(session) == [ItemStatus.READY] * 3


def test_undo_never_leads_back_to_a_file_being_read(session: Session, folder: Path):
    def meddle(fraction: float, message: str) -> None:
        if "image_2" in message:
            keys = [session.state.items[0].key]
            perform(session, "include", {"keys": keys, "included": False})

    perform(session, "open", {"paths": [folder]}, meddle)
    session.undo()
    assert session.state.items[0].included
    assert statuses(session) == [ItemStatus.READY] * 3
