"""The page of the particles: radii, aggregate sizes, ranges of theta."""

from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout

from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.material_look import typeset
from heteroagg_gui.gui.panels.field_rows import guard_wheel
from heteroagg_gui.gui.retrain.field_group import FieldGroup
from heteroagg_gui.gui.retrain.file_drop import FileDrop
from heteroagg_gui.gui.retrain.page import GAP, MARGIN, Page, heading, note
from heteroagg_gui.gui.retrain.problem_line import ProblemLine
from heteroagg_gui.gui.retrain.radius_plot import RadiusPlot
from heteroagg_gui.gui.retrain.wizard_fields import (
    MODEL_FIELDS,
    RADIUS_FIELDS,
    SIZE_FIELDS,
    UNKNOWN_RADII,
    theta_fields,
)
from heteroagg_gui.workflow.retraining.curves import short_curves
from heteroagg_gui.workflow.retraining.draft import Draft
from heteroagg_gui.workflow.retraining.summary import formulas_of

SIZE_SUFFIXES = (".csv", ".txt", ".tsv", ".dat")
_NOT_MEASURED = (
    "Measure the radii of some hundred particles, in TEM images for example, and let the "
    "distribution be fitted. A text file with one value a line is enough."
)


class ParticlesPage(Page):
    """Sizes at the left, their distribution at the right."""

    title = "Particles and aggregates"
    purpose = "How large the particles are, how many there are, and which θ the images show."

    sizes_asked = Signal()
    sizes_dropped = Signal(tuple)
    kind_chosen = Signal(str)

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        names = ("A", "B")
        self.radius = FieldGroup("Particle radius", (*RADIUS_FIELDS, *UNKNOWN_RADII), self)
        self.sizes = FieldGroup("Aggregate", SIZE_FIELDS, self)
        self.theta = FieldGroup("Parameters θ", theta_fields(names), self)
        self.model = FieldGroup("Constants of the model", MODEL_FIELDS, self, folded=True)
        self.groups = (self.radius, self.sizes, self.theta, self.model)
        self.plot = RadiusPlot(self)
        self.fit = QPushButton("Fit from measured radii…")
        self.kind = QComboBox()
        self.fitted = note()
        self.refused = ProblemLine()
        self.short = ProblemLine("warning")
        icons.dress(self.fit, "table")
        self._names = names
        self._build()
        for group in self.groups:
            group.edited.connect(self._on_edited)
        self.fit.clicked.connect(self.sizes_asked)
        self.kind.currentIndexChanged.connect(
            lambda _: self.kind_chosen.emit(str(self.kind.currentData()))
        )
        self.drop = FileDrop(self.widget, SIZE_SUFFIXES)
        self.drop.dropped.connect(self.sizes_dropped)

    def _build(self) -> None:
        self.fit.setToolTip(
            "Read radii or diameters in nm from a text file (CSV) and fit the log-normal "
            "distribution of the radius; the file can also be dropped here"
        )
        self.kind.addItem("The values are radii", "radius")
        self.kind.addItem("The values are diameters", "diameter")
        self.kind.setAccessibleName("What was measured")
        self.kind.setToolTip("Whether the values of the file are radii or diameters")
        self.kind.hide()
        guard_wheel(self.kind)
        left = QVBoxLayout()
        left.setSpacing(MARGIN)
        for group in self.groups:
            left.addWidget(group.widget)
        left.addStretch()
        buttons = QHBoxLayout()
        buttons.addWidget(self.fit)
        buttons.addWidget(self.kind)
        buttons.addStretch()
        right = QVBoxLayout()
        right.setSpacing(GAP)
        right.addWidget(heading("Distribution of the radius"))
        right.addWidget(self.plot.widget, 1)
        right.addLayout(buttons)
        right.addWidget(self.refused)
        right.addWidget(self.fitted)
        right.addWidget(self.short)
        columns = QHBoxLayout(self.widget)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(3 * GAP)
        columns.addLayout(left, 5)
        columns.addLayout(right, 4)

    def _on_edited(self, name: str, value: Any) -> None:
        self.edited.emit({name: value})

    def show(self, draft: Draft) -> None:
        """Show sizes and ranges."""
        super().show(draft)
        first, second = (typeset(name) for name in formulas_of(draft))
        if (first, second) != self._names:
            self._names = (first, second)
            for field in theta_fields(self._names):
                self.theta.rows[field.name].set_words(field)  # type: ignore[arg-type]
        for group in self.groups:
            group.show(vars(draft))
        self.plot.show(draft)
        self.short.say(short_curves(draft))
        if draft.measured is None:
            self.kind.hide()
            self.fitted.setText(_NOT_MEASURED)
        elif not self.fitted.text() or self.fitted.text() == _NOT_MEASURED:
            measured = draft.measured
            self.fitted.setText(f"Bars: {measured.count} values of {measured.source}.")

    def show_fit(self, words: str, what: str) -> None:
        """Say what was read from a file and fitted."""
        self.refused.say("")
        self.fitted.setText(words)
        with QSignalBlocker(self.kind):
            self.kind.setCurrentIndex(max(self.kind.findData(what), 0))
        self.kind.show()

    def show_refusal(self, sentence: str) -> None:
        """Say why a file can't be used."""
        self.refused.say(sentence)

    def forget_fit(self) -> None:
        """Say nothing of a file any more."""
        self.refused.say("")
        self.fitted.setText("")
        self.kind.hide()
