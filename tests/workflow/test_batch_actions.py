import pytest

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.workflow.runner import find_action, perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.state import ItemStatus
from tests.workflow.fakes import make_item, make_state


@pytest.fixture
def session() -> Session:
    return Session(make_state("a.tif", "b.tif", "c.tif"))


def keys(session: Session, *places: int) -> list[int]:
    return [session.state.items[place].key for place in places]


def test_removing_selects_the_next_image(session: Session):
    first, second, third = keys(session, 0, 1, 2)
    session.update(lambda state: type(state)(state.items, selected_key=second))
    assert perform(session, "remove", {"keys": [second]}).selected_key == third
    assert perform(session, "remove", {"keys": [third]}).selected_key == first
    assert perform(session, "remove", {"keys": [first]}).selected_key is None


def test_including_and_leaving_out(session: Session):
    chosen = keys(session, 0, 2)
    state = perform(session, "include", {"keys": chosen, "included": False})
    assert [item.included for item in state.items] == [False, True, False]
    assert len(state.usable_items) == 1
    state = perform(session, "include", {"keys": chosen})
    assert all(item.included for item in state.items)


def test_groups_are_named(session: Session):
    state = perform(session, "set_group", {"keys": keys(session, 1), "group": " B "})
    assert state.groups == ("A", "B")
    with pytest.raises(ParameterError):
        perform(session, "set_group", {"keys": keys(session, 1), "group": " "})


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("remove", {}),
        ("include", {"included": True}),
        ("set_group", {"group": "A"}),
        ("set_pixel_size", {"pixel_size_nm": 1.25}),
        ("retry", {}),
    ],
)
def test_what_changes_nothing_is_no_step_of_undo(session: Session, name: str, values: dict):
    before = session.state
    chosen = [] if name == "remove" else keys(session, 0, 1, 2)
    assert perform(session, name, {"keys": chosen, **values}) is before
    assert not session.can_undo


def test_a_pixel_size_can_be_corrected_but_not_given_to_a_file_that_was_not_read():
    refused = make_item("x.tif", status=ItemStatus.REFUSED, reason="Bad.", micrograph=None)
    good = make_item("y.tif")
    session = Session(make_state())
    session.update(lambda state: state.with_items((refused, good)))
    both = [refused.key, good.key]
    state = perform(session, "set_pixel_size", {"keys": both, "pixel_size_nm": 0.5})
    assert state.items[0] is refused
    assert state.items[1].micrograph.pixel_size_nm == 0.5
    assert good.micrograph.pixel_size_nm == 1.25


@pytest.mark.parametrize("size", [0.0, -1.0, "nan", 1e5])
def test_impossible_pixel_sizes_are_refused(session: Session, size: object):
    with pytest.raises(ParameterError):
        perform(session, "set_pixel_size", {"keys": keys(session, 0), "pixel_size_nm": size})


def test_an_unknown_action_is_refused():
    with pytest.raises(ParameterError, match="predict"):
        find_action("teleport")
