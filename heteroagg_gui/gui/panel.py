"""What the window asks of every region."""

from typing import Protocol

from PySide6.QtWidgets import QWidget

from heteroagg_gui.workflow.state import SessionState


class Panel(Protocol):
    """A region of the window: a widget, and one method that shows what changed."""

    @property
    def widget(self) -> QWidget:
        """The widget to place in the window."""

    def show(self, before: SessionState, after: SessionState) -> None:
        """Push the differences between two states into the widget."""
