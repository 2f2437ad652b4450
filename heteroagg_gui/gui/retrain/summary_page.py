"""The last page: everything in words, sample images, name, and what can be done with it."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.material_look import typeset
from heteroagg_gui.gui.retrain.page import GAP, MARGIN, Page, heading, note
from heteroagg_gui.gui.retrain.problem_line import ProblemLine
from heteroagg_gui.gui.retrain.sample_grid import SampleGrid
from heteroagg_gui.workflow.retraining.curves import curves_to_compute, missing_packages
from heteroagg_gui.workflow.retraining.draft import Draft
from heteroagg_gui.workflow.retraining.samples import NETWORK_PIXEL_NM, NO_CURVES_YET, Sample
from heteroagg_gui.workflow.retraining.summary import in_words
from heteroagg_gui.workflow.retraining.trial import NOT_MEASURED

HEADINGS = {
    "materials": "Materials",
    "particles": "Particles and aggregates",
    "microscope": "Microscope",
    "effort": "Network and effort",
}
DRAWING = "Drawing…"
_CAPTION_WIDTH = 168


class SummaryPage(Page):
    """Words at the left, images at the right, the name below."""

    title = "Summary"
    purpose = "What will be done; look at the images: do they resemble yours?"

    shown = Signal()

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.time = NOT_MEASURED
        self.name = QLineEdit()
        self.network_title = QLineEdit()
        self.samples = SampleGrid()
        self.sample_note = note(DRAWING)
        self.missing = ProblemLine("warning")
        self.words = QWidget()
        self._grid = QGridLayout(self.words)
        self._explain()
        self._build()
        self.name.textEdited.connect(lambda text: self.edited.emit({"name": text.strip()}))
        self.network_title.textEdited.connect(
            lambda text: self.edited.emit({"title": text.strip()})
        )

    def _explain(self) -> None:
        self.name.setMaxLength(64)
        self.network_title.setMaxLength(200)
        for edit, name, tip in (
            (self.name, "Name", "Folder name: letters, digits, dots, hyphens and underscores"),
            (self.network_title, "Title", "One line that tells people what the network is for"),
        ):
            edit.setAccessibleName(f"{name} of the network")
            edit.setToolTip(tip)

    def _build(self) -> None:
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        form = QFormLayout()
        form.setHorizontalSpacing(GAP)
        form.setVerticalSpacing(4)
        form.addRow("Name of the network", self.name)
        form.addRow(self.line_for("name", self.name))
        form.addRow("Title", self.network_title)
        form.addRow(self.line_for("title", self.network_title))
        left = QVBoxLayout()
        left.setSpacing(GAP)
        left.addLayout(form)
        left.addWidget(self.words)
        left.addWidget(self.missing)
        left.addStretch()
        right = QVBoxLayout()
        right.setSpacing(GAP)
        right.addWidget(heading("Images as the network will see them"))
        right.addWidget(self.sample_note)
        right.addWidget(self.samples, 1)
        right.addStretch()
        columns = QHBoxLayout(self.widget)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(MARGIN)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)

    def show(self, draft: Draft) -> None:
        """Show everything in words."""
        super().show(draft)
        for edit, text in ((self.name, draft.name), (self.network_title, draft.title)):
            if edit.text().strip() != text:
                edit.setText(text)
        self._write(draft)
        self.missing.say(missing_packages(draft))
        if draft.own or curves_to_compute(draft):
            self.show_samples((), NO_CURVES_YET)

    def _write(self, draft: Draft) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        row = 0
        for page, lines in in_words(draft).items():
            self._grid.addWidget(heading(HEADINGS[page]), row, 0, 1, 2)
            row += 1
            time = (("Time", self.time),) if page == "effort" else ()
            for caption, words in (*lines, *time):
                title, value = QLabel(typeset(caption)), QLabel(words)
                title.setMinimumWidth(_CAPTION_WIDTH)
                title.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
                value.setWordWrap(True)
                value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self._grid.addWidget(title, row, 0)
                self._grid.addWidget(value, row, 1)
                row += 1

    def show_drawing(self) -> None:
        """Say that images are being drawn; the old ones stay until then."""
        self.samples.show()
        self.sample_note.setText(DRAWING)

    def show_samples(self, samples: Sequence[Sample], words: str = "") -> None:
        """Show sample images, or say why there are none."""
        self.samples.show_samples(samples)
        self.samples.setVisible(bool(samples))
        self.sample_note.setText(
            words
            or f"All at one scale, {NETWORK_PIXEL_NM:g} nm a pixel; the mouse tells θ of each."
        )
