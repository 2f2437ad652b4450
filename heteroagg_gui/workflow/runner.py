"""Running an action on a session."""

from collections.abc import Mapping
from typing import Any

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.workflow.action import Action
from heteroagg_gui.workflow.actions import ACTIONS
from heteroagg_gui.workflow.merge import merge
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.state import SessionState


def find_action(name: str) -> Action:
    """Return the action of this name.

    Raises
    ------
    ParameterError
        If there is none.
    """
    try:
        return ACTIONS[name]
    except KeyError:
        known = ", ".join(ACTIONS)
        raise ParameterError(f"There is no action '{name}': choose one of {known}.") from None


def perform(
    session: Session,
    name: str,
    values: Mapping[str, Any],
    progress: Progress = no_progress,
) -> SessionState:
    """Run an action and bring what it changes into the session, step by step.

    Each state on the way is merged into the current one as soon as it is there, so that
    files appear one by one while the user goes on working. The whole action is one step
    of undo.

    Parameters
    ----------
    session
        What is open.
    name
        Key of the action.
    values
        Its values by name; what is missing is taken from the settings or the defaults.
    progress
        Receives the fraction done; may raise Cancelled.

    Returns
    -------
    SessionState
        The session's state afterwards.
    """
    action = find_action(name)
    before = session.state
    first = True
    for after in action.steps(before, values, progress):
        _bring_in(session, before, after, undoable=action.undoable and first)
        before, first = after, False
    return session.state


def _bring_in(
    session: Session, before: SessionState, after: SessionState, *, undoable: bool
) -> None:
    def change(current: SessionState) -> SessionState:
        return merge(before, after, current)

    session.update(change, undoable=undoable, through_history=not undoable)
