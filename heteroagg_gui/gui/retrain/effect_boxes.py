"""Boxes for the kinds of imperfections that training images may have."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from heteroagg_gui.stem.imperfection_ranges import EFFECTS

HELP: Mapping[str, str] = MappingProxyType(
    {
        "row jitter": "Scan lines are shifted against each other.",
        "drift": "The specimen moves while the image is scanned.",
        "flyback": "Lines are bent where the beam has just come back.",
        "support": "The support film scatters, unevenly and with grain.",
        "background": "Electrons are counted everywhere alike.",
        "neighbours": "Other aggregates reach into the field.",
        "detector": "The signal has gain, offset and whole numbers.",
        "saturation": "Bright places reach the largest signal; needs Detector.",
    }
)
"""One sentence for each effect."""


class EffectBoxes(QObject):
    """One box an effect; ``changed`` carries the chosen ones in their usual order."""

    changed = Signal(tuple)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget = QWidget()
        self.boxes = {name: QCheckBox(name.capitalize()) for name in EFFECTS}
        self._notes = [QLabel(HELP[name]) for name in EFFECTS]
        grid = QGridLayout(self.widget)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for number, (name, box) in enumerate(self.boxes.items()):
            share = EFFECTS[name].share
            tip = f"{HELP[name]} In {share:.0%} of the imperfect images."
            box.setToolTip(tip)
            box.setAccessibleDescription(tip)
            self._notes[number].setToolTip(tip)
            self._notes[number].setWordWrap(True)
            box.toggled.connect(lambda _: self.changed.emit(self.chosen()))
            grid.addWidget(box, number, 0)
            grid.addWidget(self._notes[number], number, 1)

    def chosen(self) -> tuple[str, ...]:
        """Return the names of the chosen effects."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    def show(self, effects: tuple[str, ...], *, enabled: bool) -> None:
        """Show which are chosen, and whether any image has some."""
        for name, box in self.boxes.items():
            with QSignalBlocker(box):
                box.setChecked(name in effects)
        self.widget.setEnabled(enabled)
