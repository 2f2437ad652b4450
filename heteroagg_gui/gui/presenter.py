"""Keeps the panels in step with the session, whichever thread changed it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from heteroagg_gui.gui.panel import Panel
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.state import SessionState


class Presenter(QObject):
    """Shows the newest state in every panel, in the thread of the window.

    Changes that arrive faster than they can be painted are shown together: a panel is told
    the last state it has seen and the newest one.
    """

    shown = Signal(object)
    _stale = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._panels: list[Panel] = []
        self._shown = SessionState()
        self._busy = False
        self._stale.connect(self.refresh, Qt.ConnectionType.AutoConnection)
        session.changed.connect(self._on_changed, check_nargs=False)

    @property
    def state(self) -> SessionState:
        """The state that the panels show."""
        return self._shown

    def add(self, panels: Sequence[Panel]) -> None:
        """Show the current state in these panels, and every later one."""
        for panel in panels:
            panel.show(SessionState(), self._shown)
            self._panels.append(panel)
        self.refresh()

    def _on_changed(self, *_: Any) -> None:
        self._stale.emit()

    @Slot()
    def refresh(self) -> None:
        """Bring all panels to the session's current state."""
        if self._busy:
            return
        self._busy = True
        try:
            while (after := self._session.state) is not self._shown:
                before, self._shown = self._shown, after
                for panel in self._panels:
                    panel.show(before, after)
                self.shown.emit(after)
        finally:
            self._busy = False
