"""What the states of a training are called and drawn as."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QColor

from heteroagg_gui.core.progress import duration
from heteroagg_gui.gui.theme import Tones
from heteroagg_gui.workflow.trainings.training import Training, TrainingState


@dataclass(frozen=True)
class StateLook:
    """Word, icon and the name of its colour among the tones."""

    word: str
    icon: str
    tone: str

    def color(self, tones: Tones) -> QColor:
        """Return the colour of the icon."""
        color: QColor = getattr(tones, self.tone)
        return color


LOOKS: Final = {
    TrainingState.WAITING: StateLook("Waiting", "reading", "quiet"),
    TrainingState.STARTING: StateLook("Starting", "reading", "accent"),
    TrainingState.RUNNING: StateLook("Running", "go_on", "accent"),
    TrainingState.PAUSING: StateLook("Pausing", "pause", "accent"),
    TrainingState.PAUSED: StateLook("Paused", "pause", "caution"),
    TrainingState.STOPPING: StateLook("Stopping", "cancel", "caution"),
    TrainingState.CANCELLED: StateLook("Cancelled", "cancel", "quiet"),
    TrainingState.INTERRUPTED: StateLook("Interrupted", "warning", "caution"),
    TrainingState.FAILED: StateLook("Failed", "refused", "bad"),
    TrainingState.FINISHED: StateLook("Finished", "ok", "good"),
}


def state_line(training: Training, *, held: bool = False) -> str:
    """Return what a training is doing, in a few words with its figures."""
    word = LOOKS[training.state].word
    status = training.status
    if training.state is TrainingState.WAITING:
        return "On hold since the last start" if held else f"{word}, place {training.place}"
    if training.state is TrainingState.FINISHED:
        name = training.request.adopted
        return f"{word}, installed as {name}" if name else word
    if status is None:
        return word
    share = f"{100 * status.fraction:.0f} %"
    if training.state is TrainingState.RUNNING and status.seconds_left is not None:
        return f"{word}, {share}, {duration(status.seconds_left)} left"
    return f"{word}, {share}"


def symbol_text(html: str) -> str:
    """Return a symbol written with subscripts as plain text."""
    return html.replace("<sub>", "_").replace("</sub>", "")
