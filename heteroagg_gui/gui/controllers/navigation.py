"""Which image and which shadow is looked at."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject

from heteroagg_gui.gui.highlight import Highlight
from heteroagg_gui.gui.panels.batch_model import in_groups
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.state import SessionState


class NavigationController(QObject):
    """Moves the selection; no step of undo."""

    def __init__(
        self, session: Session, highlight: Highlight, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._highlight = highlight

    def select_image(self, key: int) -> None:
        """Look at an image."""
        self._session.update(
            lambda state: state if state.selected_key == key else replace(state, selected_key=key),
            undoable=False,
        )

    def step_image(self, step: int) -> None:
        """Look at the next image of the list, or the one before; stops at the ends."""
        keys = [item.key for item in in_groups(self._session.state.items)]
        if not keys:
            return
        selected = self._session.state.selected_key
        place = keys.index(selected) + step if selected in keys else 0
        self.select_image(keys[min(max(place, 0), len(keys) - 1)])

    def select_shadow(self, index: int) -> None:
        """Look at a shadow."""

        def change(state: SessionState) -> SessionState:
            count = len(state.shadows) if state.shadows is not None else 0
            if not 0 <= index < count or index == state.selected_shadow:
                return state
            return replace(state, selected_shadow=index)

        self._session.update(change, undoable=False)

    def step_shadow(self, step: int) -> None:
        """Look at the next shadow, of those in the clicked bar if one was clicked."""
        state = self._session.state
        if state.shadows is None or len(state.shadows) == 0:
            return
        pinned = self._highlight.pinned
        if pinned is None or len(pinned.members) == 0:
            self.select_shadow((state.selected_shadow + step) % len(state.shadows))
            return
        members = pinned.members
        place = int(np.searchsorted(members, state.selected_shadow))
        inside = place < len(members) and members[place] == state.selected_shadow
        if inside or step < 0:
            place += step
        self.select_shadow(int(members[place % len(members)]))
