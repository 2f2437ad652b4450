"""The page of the microscope: beam, detector, image, what varies, imperfections."""

from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from heteroagg_gui.core.progress import duration
from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.retrain.effect_boxes import EffectBoxes
from heteroagg_gui.gui.retrain.field_group import FieldGroup
from heteroagg_gui.gui.retrain.file_drop import FileDrop
from heteroagg_gui.gui.retrain.page import GAP, MARGIN, Page, note
from heteroagg_gui.gui.retrain.problem_line import ProblemLine
from heteroagg_gui.gui.retrain.wizard_fields import (
    BEAM_FIELDS,
    IMAGE_FIELDS,
    IMPERFECT_FIELD,
    VARIED_FIELDS,
)
from heteroagg_gui.workflow.retraining.curves import (
    curve_time,
    curves_to_compute,
    missing_packages,
)
from heteroagg_gui.workflow.retraining.draft import Draft

MICROGRAPH_SUFFIXES = (
    *(".dm3", ".dm4", ".emd", ".ser", ".mrc"),
    *(".tif", ".tiff", ".png", ".jpg", ".jpeg"),
)
SENSITIVITY_SUFFIXES = (".csv", ".txt", ".dat")
_NOTHING_TAKEN = (
    "Fill this page from the file of one of your micrographs, as far as it states the settings: "
    "choose one, or drop it here."
)


class MicroscopePage(Page):
    """Beam and image at the left, variation and imperfections at the right."""

    title = "Microscope"
    purpose = "How the images of your microscope are taken; the network learns from such images."

    micrograph_asked = Signal()
    micrograph_dropped = Signal(tuple)
    sensitivity_asked = Signal()
    sensitivity_dropped = Signal(tuple)

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.take = QPushButton("Take from a micrograph…")
        self.taken = note(_NOTHING_TAKEN)
        self.refused = ProblemLine()
        self.curve = QPushButton("Sensitivity curve…")
        self.no_curve = QPushButton("Without curve")
        self.curve_note = note()
        self.computed = note()
        self.beam = FieldGroup("Beam and detector", BEAM_FIELDS, self)
        self.image = FieldGroup("Most images", IMAGE_FIELDS, self)
        self.varied = FieldGroup("Images with other conditions", VARIED_FIELDS, self)
        self.imperfect = FieldGroup("Images with imperfections", (IMPERFECT_FIELD,), self)
        self.effects = EffectBoxes(self)
        self.groups = (self.beam, self.image, self.varied, self.imperfect)
        icons.dress(self.take, "measure")
        icons.dress(self.curve, "open")
        icons.dress(self.no_curve, "remove")
        self._build()
        for group in self.groups:
            group.edited.connect(self._on_edited)
        self.effects.changed.connect(lambda chosen: self.edited.emit({"effects": chosen}))
        self.take.clicked.connect(self.micrograph_asked)
        self.curve.clicked.connect(self.sensitivity_asked)
        self.no_curve.clicked.connect(
            lambda: self.edited.emit({"sensitivity": None, "sensitivity_source": ""})
        )
        images = FileDrop(self.widget, MICROGRAPH_SUFFIXES)
        images.dropped.connect(self.micrograph_dropped)
        curves = FileDrop(self.beam.widget, SENSITIVITY_SUFFIXES)
        curves.dropped.connect(self.sensitivity_dropped)

    def _build(self) -> None:
        self.take.setToolTip(
            "Read voltage, semi-angle, detector, pixel size and dose from a file, as far as it "
            "states them"
        )
        self.curve.setToolTip(
            "Measured response of the detector: a text file with two columns, angle in mrad and "
            "relative response, 1 where every electron is counted"
        )
        self.no_curve.setToolTip("Count every electron on the whole ring alike")
        self.imperfect.add(self.effects.widget)
        self.imperfect.add(self.line_for("effects", next(iter(self.effects.boxes.values()))))
        self.beam.add(self.computed)
        self.beam.add(self._sensitivity())
        self.beam.add(self.line_for("sensitivity", self.curve))
        head = QHBoxLayout()
        head.addWidget(self.take)
        head.addWidget(self.taken, 1)
        columns = QHBoxLayout()
        columns.setSpacing(3 * GAP)
        for groups in ((self.beam, self.image), (self.varied, self.imperfect)):
            column = QVBoxLayout()
            column.setSpacing(MARGIN)
            for group in groups:
                column.addWidget(group.widget)
            column.addStretch()
            columns.addLayout(column, 1)
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addLayout(head)
        layout.addWidget(self.refused)
        layout.addLayout(columns, 1)

    def _sensitivity(self) -> QWidget:
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.curve)
        row.addWidget(self.no_curve)
        row.addWidget(self.curve_note, 1)
        return place

    def _on_edited(self, name: str, value: Any) -> None:
        self.edited.emit({name: value})

    def show(self, draft: Draft) -> None:
        """Show the conditions."""
        super().show(draft)
        for group in self.groups:
            group.show(vars(draft))
        self.effects.show(draft.effects, enabled=draft.imperfect > 0.0)
        self._show_computed(draft)
        pairs = draft.sensitivity
        self.no_curve.setVisible(pairs is not None)
        if pairs is None:
            self.curve_note.setText("The ring counts every electron.")
        else:
            source = draft.sensitivity_source or "the plan"
            self.curve_note.setText(
                f"{source}: {pairs[0][0]:g} to {pairs[-1][0]:g} mrad, within the ring."
            )

    def _show_computed(self, draft: Draft) -> None:
        names = () if draft.own else curves_to_compute(draft)
        time = duration(curve_time(draft).all_s) if names else ""
        self.computed.setText(
            f"There are no reference curves for this beam: those of {', '.join(names)} are "
            f"computed first, about {time} here. {missing_packages(draft)}"
        )
        self.computed.setVisible(bool(names))

    def show_taken(self, words: str) -> None:
        """Say what was taken from a file."""
        self.refused.say("")
        self.taken.setText(words)

    def forget_taken(self) -> None:
        """Say nothing of a file any more."""
        self.refused.say("")
        self.taken.setText(_NOTHING_TAKEN)

    def show_refusal(self, sentence: str) -> None:
        """Say why a file can't be used."""
        self.refused.say(sentence)
