"""What every page of the wizard has: fields, and a sentence below each that is wrong."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QWidget

from heteroagg_gui.gui.retrain.problem_line import ProblemLine
from heteroagg_gui.workflow.retraining.draft import Draft

MARGIN = 16
GAP = 8


class Page(QObject):
    """Shows its part of a draft and tells what a person changes.

    ``edited`` carries the changed fields of the draft and their new values.
    """

    edited = Signal(dict)

    title = ""
    purpose = ""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget = QWidget()
        self.draft = Draft()
        self.lines: dict[str, ProblemLine] = {}
        self.rest = ProblemLine()
        self._fields: dict[str, QWidget] = {}

    def line_for(self, name: str, field: QWidget) -> ProblemLine:
        """Return the line that says what is wrong with a field; the field can be focused."""
        self.lines[name] = ProblemLine()
        self._fields[name] = field
        return self.lines[name]

    def show(self, draft: Draft) -> None:
        """Show a draft without telling."""
        self.draft = draft

    def set_problems(self, problems: Mapping[str, str]) -> None:
        """Say what is wrong, by the names of the fields."""
        for name, line in self.lines.items():
            line.say(problems.get(name, ""))
        self.rest.say(" ".join(s for name, s in problems.items() if name not in self.lines))

    def focus(self, name: str) -> None:
        """Bring the cursor to a field."""
        if name in self._fields:
            self._fields[name].setFocus()


def heading(text: str) -> QLabel:
    """Return a bold line above some fields."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def note(text: str = "") -> QLabel:
    """Return a line of explanation that wraps."""
    label = QLabel(text)
    label.setWordWrap(True)
    return label
