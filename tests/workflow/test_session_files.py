"""A session that is saved comes back as it was, wherever its files are by then."""

import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.core.errors import Cancelled, ParameterError
from heteroagg_gui.export.tiff import write_tiff
from heteroagg_gui.workflow.documents import image_entries
from heteroagg_gui.workflow.predictors import note_on_missing
from heteroagg_gui.workflow.reading import OTHER_IMAGE
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.session_file.opening import open_session
from heteroagg_gui.workflow.session_file.saving import save_session
from heteroagg_gui.workflow.state import ItemStatus, SessionState
from heteroagg_gui.workflow.unsaved import has_results, is_unsaved
from tests.workflow.fakes import make_item, write_image
from tests.workflow.saved_sessions import (
    PredictorOfAll,
    assert_same_results,
    facts,
    full_session,
    write_images,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "work"


@pytest.fixture
def saved(folder: Path, use_predictor) -> Session:
    """Return a session saved as ``results/all.heteroagg`` beside its folder of images."""
    use_predictor(PredictorOfAll())
    session = full_session(write_images(folder / "images"))
    perform(session, "save_session", {"path": folder / "results" / "all.heteroagg"})
    return session


def opened(path: Path) -> Session:
    session = Session()
    perform(session, "open_session", {"path": path})
    return session


def test_a_session_comes_back_as_it_was(saved: Session, folder: Path):
    before = saved.state
    after = opened(folder / "results" / "all.heteroagg").state
    assert [facts(item) for item in after.items] == [facts(item) for item in before.items]
    for ours, theirs in zip(after.items, before.items, strict=True):
        assert ours.path == theirs.path
        assert np.array_equal(ours.micrograph.pixels, theirs.micrograph.pixels)
    assert after.items[-1].micrograph.metadata == {"material system": "x"}
    assert after.settings == before.settings
    assert after.selected_item.name == before.selected_item.name
    assert after.selected_shadow == 3
    assert_same_results(after, before)
    assert not is_unsaved(after)


def test_what_was_saved_twice_is_the_same_file(saved: Session, folder: Path):
    first = (folder / "results" / "all.heteroagg").read_bytes()
    again = folder / "results" / "again.heteroagg"
    perform(opened(folder / "results" / "all.heteroagg"), "save_session", {"path": again})
    assert again.read_bytes() == first


def test_a_folder_that_moved_is_found_beside_the_session(saved: Session, folder: Path):
    moved = folder.with_name("elsewhere")
    folder.rename(moved)
    after = opened(moved / "results" / "all.heteroagg").state
    assert after.items[0].path == moved / "images" / "image 0.tif"
    assert {item.status for item in after.items} == {ItemStatus.READY}
    assert_same_results(after, saved.state)


def test_a_session_that_moved_alone_finds_the_files_where_they_were(saved: Session, folder: Path):
    alone = folder.parent / "far" / "away" / "all.heteroagg"
    alone.parent.mkdir(parents=True)
    shutil.move(folder / "results" / "all.heteroagg", alone)
    after = opened(alone).state
    assert after.items[0].path == folder / "images" / "image 0.tif"
    assert {item.status for item in after.items} == {ItemStatus.READY}


def test_missing_and_changed_files_are_named_and_can_be_read_again(saved: Session, folder: Path):
    gone, changed = (folder / "images" / f"image {k}.tif" for k in (0, 2))
    old = changed.read_bytes()
    gone.rename(folder / "kept.tif")
    write_image(changed, seed=99)
    session = opened(folder / "results" / "all.heteroagg")
    state = session.state
    assert "gone" in state.items[0].reason
    assert str(gone) in state.items[0].reason
    assert state.items[2].reason == OTHER_IMAGE
    assert [item.status for item in state.items].count(ItemStatus.REFUSED) == 2
    assert_same_results(state, saved.state)
    refused = image_entries(state)[0]
    assert (refused["status"], refused["fractal_dimension"]) == ("refused", 1.7)
    assert "gone" in refused["reason"]

    (folder / "kept.tif").rename(gone)
    changed.write_bytes(old)
    perform(session, "retry", {"keys": [item.key for item in state.items]})
    state = session.state
    assert [facts(item) for item in state.items] == [facts(item) for item in saved.state.items]
    assert_same_results(state, saved.state)
    assert not is_unsaved(state)


def test_saving_again_forgets_no_place_of_a_missing_file(saved: Session, folder: Path):
    away = folder.parent / "far" / "all.heteroagg"
    away.parent.mkdir()
    shutil.move(folder / "results" / "all.heteroagg", away)
    path = folder / "images" / "image 0.tif"
    path.rename(folder / "kept.tif")
    session = opened(away)
    perform(session, "save_session", {"path": away})
    (folder / "kept.tif").rename(path)
    assert opened(away).state.items[0].path == path
    (folder / "images").rename(folder.parent / "images")
    assert opened(away).state.items[0].path == folder.parent / "images" / "image 0.tif"


def test_a_moved_copy_is_found_behind_another_image_of_the_same_name(saved: Session, folder: Path):
    other = folder.parent / "other"
    shutil.copytree(folder, other)
    write_image(other / "images" / "image 0.tif", seed=99)
    state = opened(other / "results" / "all.heteroagg").state
    assert state.items[0].path == folder / "images" / "image 0.tif"
    assert state.items[0].status is ItemStatus.READY


def test_the_same_image_in_another_format_is_the_same_image(saved: Session, folder: Path):
    path = folder / "images" / "image 0.tif"
    write_tiff(path, saved.state.items[0].micrograph.pixels, 99.0)
    item = opened(folder / "results" / "all.heteroagg").state.items[0]
    assert (item.status, item.pixel_size_nm) == (ItemStatus.READY, 1.25)


def test_results_go_with_what_they_were_made_from(saved: Session, folder: Path):
    (folder / "images" / "image 0.tif").unlink()
    path = folder / "results" / "all.heteroagg"
    for name, values in (
        ("remove", {"keys": 0}),
        ("include", {"keys": 0, "included": False}),
        ("include", {"keys": 1, "included": True}),
        ("set_pixel_size", {"keys": 2, "pixel_size_nm": 1.0}),
        ("set_group", {"keys": 0, "group": "C"}),
    ):
        session = opened(path)
        key = session.state.items[values["keys"]].key
        perform(session, name, values | {"keys": (key,)})
        assert session.state.prediction is None, name
        assert session.state.shadows is None, name
        assert is_unsaved(session.state), name
        session.undo()
        assert not is_unsaved(session.state), name


def test_an_image_that_comes_back_ends_a_prediction_made_without_it(saved: Session, folder: Path):
    path = folder / "images" / "image 0.tif"
    path.rename(folder / "kept.tif")
    session = opened(folder / "results" / "all.heteroagg")
    perform(session, "predict", {"group": "A"})
    assert len(session.state.prediction.images) == 2
    (folder / "kept.tif").rename(path)
    perform(session, "retry", {"keys": (session.state.items[0].key,)})
    assert session.state.items[0].status is ItemStatus.READY
    assert session.state.prediction is None


def test_refused_and_uncalibrated_images_stay_so(tmp_path: Path):
    write_image(tmp_path / "plain.tif", None)
    (tmp_path / "broken.tif").write_bytes(b"II*\0")
    session = Session()
    perform(session, "open", {"paths": [tmp_path / "plain.tif", tmp_path / "broken.tif"]})
    unfit = make_item("unfit", path=None, status=ItemStatus.REFUSED, reason="No particle.")
    session.update(lambda state: state.with_items((*state.items, unfit)))
    perform(session, "save_session", {"path": tmp_path / "a.heteroagg"})
    after = opened(tmp_path / "a.heteroagg").state
    assert [facts(item) for item in after.items] == [facts(item) for item in session.state.items]
    assert [item.status for item in after.items] == [
        ItemStatus.UNCALIBRATED,
        ItemStatus.REFUSED,
        ItemStatus.REFUSED,
    ]


def test_open_takes_a_session_and_adds_what_else_is_named(saved: Session, folder: Path):
    more = write_image(folder / "more.tif", seed=50)
    session = Session()
    perform(session, "open", {"paths": [more]})
    old = session.state
    perform(session, "open", {"paths": [more, folder / "results" / "all.heteroagg"], "group": "Z"})
    assert [item.name for item in session.state.items][-1] == "more.tif"
    assert len(session.state.items) == len(saved.state.items) + 1
    assert_same_results(session.state, saved.state)
    session.undo()
    assert session.state.items == old.items
    with pytest.raises(ParameterError, match="one after the other"):
        perform(session, "open", {"paths": ["a.heteroagg", "b.HETEROAGG"]})


def test_a_file_that_is_open_already_belongs_to_the_session_then(saved: Session, folder: Path):
    session = Session()
    perform(session, "open", {"paths": [folder / "images"]})

    def look_elsewhere(fraction: float, message: str) -> None:
        session.update(lambda state: replace(state, selected_key=None), undoable=False)

    path = folder / "results" / "all.heteroagg"
    perform(session, "open_session", {"path": path}, look_elsewhere)
    assert len(session.state.items) == len(saved.state.items)
    assert_same_results(session.state, saved.state)


def test_shadows_of_a_given_theta_need_no_images(tmp_path: Path):
    session = Session()
    perform(session, "draw_shadows", {"count": 2, "theta": (2.0, 1.0, 1, 6), "seed": 2**70})
    perform(session, "save_session", {"path": tmp_path / "a.heteroagg"})
    after = opened(tmp_path / "a.heteroagg").state
    assert after.shadows_of_given_theta
    assert after.shadows.seed == 2**70
    assert np.isnan(after.shadows.descriptors["s_tio2"]).all()
    assert after.shadows.thetas == session.state.shadows.thetas


def test_descriptors_of_a_later_version_are_computed(
    saved: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    kept = dict(saved.state.shadows.descriptors)
    missing = kept.pop("z_total")
    shadows = replace(saved.state.shadows, descriptors=kept)
    path = folder / "old.heteroagg"
    save_session(path, replace(saved.state, shadows=shadows))
    found = open_session(path).shadows.descriptors
    assert list(found) == list(saved.state.shadows.descriptors)
    assert np.array_equal(found["z_total"], missing)


def test_the_device_is_that_of_this_computer(tmp_path: Path):
    session = Session()
    session.update(lambda state: replace(state, settings=replace(state.settings, device="cuda")))
    perform(session, "save_session", {"path": tmp_path / "a.heteroagg"})
    assert opened(tmp_path / "a.heteroagg").state.settings.device == "auto"


def test_a_network_that_is_not_here_is_named_and_its_results_stay(saved: Session, folder: Path):
    state = opened(folder / "results" / "all.heteroagg").state
    assert "'fake'" in note_on_missing(state)
    assert "not installed" in note_on_missing(state)
    assert note_on_missing(SessionState()) is None


def test_a_name_of_another_kind_is_refused(tmp_path: Path):
    with pytest.raises(ParameterError, match=r"ends in \.heteroagg"):
        save_session(tmp_path / "a.zip", SessionState())


def test_a_write_that_is_interrupted_leaves_the_old_file(saved: Session, folder: Path):
    path = folder / "results" / "all.heteroagg"
    before = path.read_bytes()

    def stop(fraction: float, message: str) -> None:
        if fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        save_session(path, saved.state, stop)
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ParameterError, match="choose another place"):
        save_session(tmp_path / "file" / "a.heteroagg", SessionState())


def test_the_arrays_are_plain_numpy_files(saved: Session, folder: Path):
    with np.load(folder / "results" / "all.heteroagg", allow_pickle=False) as archive:
        assert archive["shadows/positions_nm"].shape[1] == 3
    with zipfile.ZipFile(folder / "results" / "all.heteroagg") as archive:
        assert archive.namelist()[0] == "mimetype"


# What would be lost


def test_only_results_are_worth_saving():
    assert not has_results(SessionState((make_item(),)))
    assert not is_unsaved(SessionState((make_item(),)))
    assert is_unsaved(SessionState((make_item(path=None),)))


def test_a_change_after_saving_is_unsaved_until_it_is_saved(saved: Session, folder: Path):
    assert not is_unsaved(saved.state)
    perform(saved, "draw_shadows", {"count": 2, "seed": 8})
    assert is_unsaved(saved.state)
    perform(saved, "save_session", {"path": folder / "b.heteroagg"})
    assert not is_unsaved(saved.state)
    assert saved.state.file.path == folder / "b.heteroagg"


def test_undo_after_saving_elsewhere_keeps_the_new_file(saved: Session, folder: Path):
    perform(saved, "set_group", {"keys": (saved.state.items[3].key,), "group": "D"})
    perform(saved, "save_session", {"path": folder / "b.heteroagg"})
    saved.undo()
    assert saved.state.file.path == folder / "b.heteroagg"
    assert is_unsaved(saved.state)
    saved.redo()
    assert not is_unsaved(saved.state)


def test_what_happens_while_a_session_is_saved_is_unsaved(saved: Session, folder: Path):
    key = saved.state.items[3].key

    def meddle(fraction: float, message: str) -> None:
        if saved.state.items[3].group != "E":
            perform(saved, "set_group", {"keys": (key,), "group": "E"})

    perform(saved, "save_session", {"path": folder / "b.heteroagg"}, meddle)
    assert is_unsaved(saved.state)
    assert opened(folder / "b.heteroagg").state.items[3].group == "B"


def test_looking_at_another_image_changes_nothing(saved: Session):
    saved.update(lambda state: replace(state, selected_key=None, selected_shadow=0))
    assert not is_unsaved(saved.state)
