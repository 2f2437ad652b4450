"""The question asked once before results that were not saved would go."""

from collections.abc import Sequence
from enum import Enum

from PySide6.QtWidgets import QMessageBox, QWidget

_BUTTONS = QMessageBox.StandardButton


class Answer(Enum):
    """What to do with results that were not saved."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


def ask_about_results(parent: QWidget, name: str, running: Sequence[str] = ()) -> Answer:
    """Ask whether to save what was found.

    Parameters
    ----------
    parent
        The window.
    name
        Name of the session file; empty where there is none yet.
    running
        Titles of jobs that would be stopped.
    """
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setText(f"Save the changes to “{name}”?" if name else "Save the results as a session?")
    loss = "Otherwise what has changed since it was saved is lost."
    if not name:
        loss = "Otherwise prediction, shadows and simulated images are lost; files stay."
    stopped = f"Still running, and stopped then: {', '.join(dict.fromkeys(running))}."
    box.setInformativeText(f"{loss}\n{stopped}" if running else loss)
    box.setStandardButtons(_BUTTONS.Save | _BUTTONS.Discard | _BUTTONS.Cancel)
    box.setDefaultButton(_BUTTONS.Save)
    box.setEscapeButton(_BUTTONS.Cancel)
    chosen = {_BUTTONS.Save: Answer.SAVE, _BUTTONS.Discard: Answer.DISCARD}
    return chosen.get(QMessageBox.StandardButton(box.exec()), Answer.CANCEL)
