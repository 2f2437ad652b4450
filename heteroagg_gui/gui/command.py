"""One line of a menu, and what decides whether it can be chosen."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from heteroagg_gui.workflow.state import SessionState


@dataclass(frozen=True, eq=False)
class Situation:
    """What decides whether a command can be chosen.

    Parameters
    ----------
    state
        What is open.
    can_undo, can_redo
        Whether there is a step to take back, or to take again.
    has_model
        Whether a network is installed.
    has_sample
        Whether the sample batch came with the program.
    ready
        Whether the views are built.
    busy
        Whether a job runs.
    tab
        Name of the tab that is shown.
    """

    state: SessionState
    can_undo: bool = False
    can_redo: bool = False
    has_model: bool = False
    has_sample: bool = False
    ready: bool = True
    busy: bool = False
    tab: str = "analyse"


Condition = Callable[[Situation], bool]


class Scope(Enum):
    """Where a shortcut counts: everywhere, or where it can't take a key from a button."""

    WINDOW = "window"
    IMAGES = "images"


@dataclass(frozen=True)
class Command:
    """One line of a menu.

    Parameters
    ----------
    name
        Key of its handler.
    menu
        Menu it belongs to, in the order of first mention.
    text
        What the menu says, with the mnemonic's ampersand.
    shortcuts
        Keys in portable notation; the first is shown.
    enabled
        When it can be chosen.
    icon
        Name of its icon.
    tip
        One sentence for tooltip and status.
    checkable
        Whether it is on or off; its handler gets the new value.
    parted
        Whether a line goes before it.
    scope
        Where its shortcuts count.
    """

    name: str
    menu: str
    text: str
    shortcuts: tuple[str, ...] = ()
    enabled: Condition = lambda _: True
    icon: str = ""
    tip: str = ""
    checkable: bool = False
    parted: bool = False
    scope: Scope = Scope.WINDOW
