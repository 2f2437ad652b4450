from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from heteroagg_gui.workflow.merge import merge
from heteroagg_gui.workflow.state import BatchItem, ItemStatus, SessionState, Settings, new_key
from tests.workflow.fakes import make_item, make_micrograph, make_state


def reading(name: str) -> BatchItem:
    return make_item(name, status=ItemStatus.READING, micrograph=None)


def read(item: BatchItem) -> BatchItem:
    return replace(item, status=ItemStatus.READY, micrograph=make_micrograph(item.name))


def test_nothing_changed_gives_the_very_same_state():
    before, current = make_state("a"), make_state("b")
    assert merge(before, before, current) is current
    after = replace(before, selected_shadow=0)
    assert merge(before, after, before) is after


def test_an_item_read_keeps_what_the_user_said_of_it():
    item = reading("a")
    before = SessionState((item,))
    after = before.with_items((read(item),))
    current = before.with_items((replace(item, group="B", included=False),))
    merged = merge(before, after, current).items[0]
    assert (merged.status, merged.group, merged.included) == (ItemStatus.READY, "B", False)


def test_a_calibration_given_meanwhile_wins_over_the_file():
    item = make_item("a", status=ItemStatus.UNCALIBRATED)
    before = SessionState((item,))
    after = before.with_items((read(item),))
    given_size = replace(item, status=ItemStatus.READY, micrograph=make_micrograph("a", 0.5))
    current = before.with_items((given_size,))
    assert merge(before, after, current).items[0].micrograph.pixel_size_nm == 0.5


def test_an_item_removed_meanwhile_stays_removed():
    item = reading("a")
    before = SessionState((item,))
    after = before.with_items((read(item),))
    assert merge(before, after, SessionState()).items == ()


def test_an_item_opened_twice_at_the_same_time_is_there_once():
    empty = SessionState()
    first, second = reading("a"), reading("a")
    current = merge(empty, SessionState((first,)), replace(empty, selected_shadow=1))
    merged = merge(empty, SessionState((second,)), current)
    assert merged.items == (first,)


def test_a_selection_that_is_gone_is_given_up():
    state = make_state("a", "b")
    key = state.items[0].key
    before = replace(state, selected_key=key)
    after = before.with_items(state.items[1:])
    current = replace(before, selected_shadow=4)
    assert merge(before, after, current).selected_key is None


def test_settings_are_merged_one_by_one():
    before = SessionState()
    after = replace(before, settings=Settings(seed=5))
    current = replace(before, settings=Settings(n_shadows=7))
    assert merge(before, after, current).settings == Settings(seed=5, n_shadows=7)


users = st.lists(
    st.tuples(st.sampled_from(["remove", "group", "exclude", "add"]), st.integers(0, 4)),
    max_size=6,
)


def act(state: SessionState, what: str, place: int) -> SessionState:
    if what == "add":
        return state.with_items((*state.items, make_item(f"new{new_key()}.tif")))
    keys = {item.key for item in state.items[place : place + 1]}
    if what == "remove":
        return state.with_items(tuple(i for i in state.items if i.key not in keys))
    if what == "group":
        return state.change_items(keys, lambda item: replace(item, group="B"))
    return state.change_items(keys, lambda item: replace(item, included=False))


@given(users)
def test_whatever_the_user_did_while_files_were_read_is_kept(actions: list[tuple[str, int]]):
    before = SessionState(tuple(reading(f"{k}.tif") for k in range(5)))
    after = before.with_items(tuple(read(item) for item in before.items))
    current = before
    for what, place in actions:
        current = act(current, what, place)
    merged = merge(before, after, current)
    assert [(i.key, i.group, i.included) for i in merged.items] == [
        (i.key, i.group, i.included) for i in current.items
    ]
    assert all(item.status is ItemStatus.READY for item in merged.items)


def test_of_two_readings_of_a_file_the_first_counts_as_a_whole():
    item = reading("a")
    before = SessionState((item,))
    refused = replace(item, status=ItemStatus.REFUSED, reason="Locked.")
    current = before.with_items((read(item),))
    merged = merge(before, before.with_items((refused,)), current).items[0]
    assert (merged.status, merged.reason) == (ItemStatus.READY, None)
