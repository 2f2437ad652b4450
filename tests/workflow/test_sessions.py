import itertools
import threading
from dataclasses import replace

import pytest

from heteroagg_gui.workflow.session import HISTORY_LENGTH, Session
from heteroagg_gui.workflow.state import SessionState
from tests.workflow.fakes import make_state


def set_shadow(number: int):
    return lambda state: replace(state, selected_shadow=number)


def test_undo_and_redo_travel_through_the_states():
    session = Session()
    for number in (1, 2):
        session.update(set_shadow(number))
    session.undo()
    assert session.state.selected_shadow == 1
    session.undo()
    assert session.state.selected_shadow == 0
    assert not session.can_undo
    session.undo()
    session.redo()
    session.redo()
    assert session.state.selected_shadow == 2
    assert not session.can_redo


def test_a_new_step_forgets_what_was_undone():
    session = Session()
    session.update(set_shadow(1))
    session.undo()
    session.update(set_shadow(2))
    assert not session.can_redo


def test_an_update_that_changes_nothing_is_silent():
    session = Session()
    heard = []
    session.changed.connect(lambda: heard.append(1))
    session.update(lambda state: state)
    assert heard == []
    assert not session.can_undo


def test_the_history_is_bounded():
    session = Session()
    for number in range(3 * HISTORY_LENGTH):
        session.update(set_shadow(number + 1))
    steps = 0
    while session.can_undo:
        session.undo()
        steps += 1
    assert steps == HISTORY_LENGTH


def test_a_change_can_go_through_the_history():
    session = Session()
    session.update(set_shadow(1))
    session.update(set_shadow(2))
    session.undo()
    session.update(
        lambda state: replace(state, selected_key=8), undoable=False, through_history=True
    )
    session.redo()
    assert (session.state.selected_shadow, session.state.selected_key) == (2, 8)
    session.undo()
    session.undo()
    assert (session.state.selected_shadow, session.state.selected_key) == (0, 8)


def test_undo_keeps_the_selection_where_it_still_exists():
    state = make_state("a", "b")
    session = Session(state)
    session.update(set_shadow(1))
    key = state.items[1].key
    session.update(lambda s: replace(s, selected_key=key), undoable=False)
    session.undo()
    assert session.state.selected_key == key


def test_listeners_hear_every_change_in_order_from_many_threads():
    session = Session()
    heard: list[tuple[SessionState, SessionState]] = []
    session.changed.connect(lambda before, after: heard.append((before, after)))

    def count() -> None:
        for _ in range(200):
            session.update(lambda s: replace(s, selected_shadow=s.selected_shadow + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert session.state.selected_shadow == 800
    assert [after.selected_shadow for _, after in heard] == list(range(1, 801))
    assert all(a[1] is b[0] for a, b in itertools.pairwise(heard))


def test_a_listener_that_changes_the_state_is_heard_after_it():
    session = Session()
    heard: list[int] = []

    @session.changed.connect
    def follow(before: SessionState, after: SessionState) -> None:
        if after.selected_shadow == 1:
            session.update(set_shadow(2))

    session.changed.connect(lambda before, after: heard.append(after.selected_shadow))
    session.update(set_shadow(1))
    assert heard == [1, 2]


def test_a_change_that_fails_changes_nothing():
    session = Session()
    before = session.state
    with pytest.raises(ZeroDivisionError):
        session.update(lambda state: 1 / 0)
    assert session.state is before
    assert not session.can_undo
