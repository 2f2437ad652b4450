"""Saving what is open to one file, and opening it again."""

from collections.abc import Mapping
from typing import Any

from heteroagg_gui.core.progress import Progress
from heteroagg_gui.workflow.action import Action, Parameter, Steps
from heteroagg_gui.workflow.actions.open import session_steps
from heteroagg_gui.workflow.state import SessionState
from heteroagg_gui.workflow.values import Kind


def _save(state: SessionState, values: Mapping[str, Any], progress: Progress) -> SessionState:
    from heteroagg_gui.workflow.session_file.saving import save_session

    return save_session(values["path"], state, progress)


def _open(state: SessionState, values: Mapping[str, Any], progress: Progress) -> Steps:
    yield from session_steps(state, values["path"], progress)


SAVE_SESSION = Action(
    name="save_session",
    title="Save session",
    help="Save images, settings, prediction and shadows to one file.",
    parameters=(
        Parameter(
            "path",
            "Session file",
            Kind.FILE,
            required=True,
            help="Name of the file, which ends in .heteroagg.",
        ),
    ),
    run=_save,
    shortcut="Ctrl+S",
    command="predict",
    undoable=False,
)

OPEN_SESSION = Action(
    name="open_session",
    title="Open session...",
    help="Open a session that was saved, in place of what is open.",
    parameters=(
        Parameter(
            "path",
            "Session file",
            Kind.FILE,
            required=True,
            help="A file that ends in .heteroagg.",
        ),
    ),
    run=_open,
    command="session",
)
