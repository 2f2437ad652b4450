"""One of two materials of the user's own: crystals, formula, name, density, colour."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.panels.field_rows import guard_wheel
from heteroagg_gui.gui.retrain.colour_button import ColourButton
from heteroagg_gui.gui.retrain.file_drop import FileDrop
from heteroagg_gui.gui.retrain.page import GAP, Page, heading
from heteroagg_gui.gui.retrain.problem_line import ProblemLine
from heteroagg_gui.workflow.retraining.draft import MaterialDraft

TITLES = ("First material", "Second material")
CIF_SUFFIXES = (".cif",)
_LIST_HEIGHT = 64
_MEANING = (
    "Label 0: the mixing ratio is its share of the particles",
    "Label 1: the other particles",
)


class MaterialCard(QObject):
    """``edited`` carries the new description."""

    edited = Signal(object)
    files_asked = Signal()
    files_dropped = Signal(tuple)

    def __init__(self, label: int, icons: IconKeeper, page: Page) -> None:
        super().__init__(page)
        self.label = label
        self.material = MaterialDraft()
        self.widget = QFrame()
        self.phases = QListWidget()
        self.add = QPushButton("Add CIF files…")
        self.remove = QPushButton("Remove")
        self.formula = QLineEdit()
        self.title = QLineEdit()
        self.density = QDoubleSpinBox()
        self.colour = ColourButton()
        self.refused = ProblemLine()
        icons.dress(self.add, "open")
        icons.dress(self.remove, "remove")
        self._explain()
        self._build(page)
        self._connect()
        drop = FileDrop(self.widget, CIF_SUFFIXES)
        drop.dropped.connect(self.files_dropped)

    def _explain(self) -> None:
        self.phases.setFixedHeight(_LIST_HEIGHT)
        self.phases.setAccessibleName(f"Crystal structures of the {TITLES[self.label].lower()}")
        self.phases.setToolTip(
            "Each particle of this material takes one of these crystals at random"
        )
        self.add.setToolTip("Add crystal structures (CIF); they can also be dropped here")
        self.remove.setToolTip("Take the chosen crystal out again")
        self.formula.setPlaceholderText("such as Au or Fe2O3")
        self.formula.setMaxLength(40)
        self.title.setPlaceholderText("such as gold or iron oxide")
        self.title.setMaxLength(120)
        self.formula.setToolTip("Formula; numbers are shown as subscripts")
        self.title.setToolTip("Name of the material in full")
        self.density.setDecimals(3)
        self.density.setRange(0.0, 99.999)
        self.density.setSuffix(" g/cm³")
        self.density.setSpecialValueText("not given")
        self.density.setKeyboardTracking(False)
        self.density.setToolTip("Mass density; read from the CIF where that is possible")
        guard_wheel(self.density)
        for field, name in (
            (self.formula, "Formula"),
            (self.title, "Full name"),
            (self.density, "Density in g/cm³"),
        ):
            field.setAccessibleName(f"{name} of the {TITLES[self.label].lower()}")

    def _build(self, page: Page) -> None:
        self.widget.setFrameShape(QFrame.Shape.StyledPanel)
        buttons = QVBoxLayout()
        buttons.setSpacing(GAP)
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch()
        crystals = QHBoxLayout()
        crystals.addWidget(self.phases, 1, Qt.AlignmentFlag.AlignTop)
        crystals.addLayout(buttons)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        rows: tuple[tuple[str, str, QWidget], ...] = (
            ("Formula", "name", self.formula),
            ("Full name", "title", self.title),
            ("Density", "density_g_cm3", self.density),
            ("Colour", "colour", self.colour),
        )
        for number, (words, name, field) in enumerate(rows):
            caption = QLabel(words)
            caption.setBuddy(field)
            grid.addWidget(caption, 2 * number, 0)
            grid.addWidget(field, 2 * number, 1)
            line = page.line_for(f"materials.{self.label}.{name}", field)
            grid.addWidget(line, 2 * number + 1, 0, 1, 2)
        column = QVBoxLayout(self.widget)
        column.setContentsMargins(12, GAP, 12, GAP)
        column.setSpacing(GAP)
        title = heading(TITLES[self.label])
        meaning = QLabel(_MEANING[self.label])
        meaning.setWordWrap(True)
        for widget in (title, meaning, QLabel("Crystal structures")):
            column.addWidget(widget)
        column.addLayout(crystals)
        column.addWidget(page.line_for(f"materials.{self.label}.phases", self.add))
        column.addWidget(self.refused)
        column.addLayout(grid)
        column.addStretch()

    def _connect(self) -> None:
        self.add.clicked.connect(self.files_asked)
        self.remove.clicked.connect(self._remove)
        self.phases.currentRowChanged.connect(lambda row: self.remove.setEnabled(row >= 0))
        self.formula.textEdited.connect(lambda text: self._change(name=text.strip()))
        self.title.textEdited.connect(lambda text: self._change(title=text.strip()))
        self.density.valueChanged.connect(lambda value: self._change(density_g_cm3=value))
        self.colour.chosen.connect(lambda colour: self._change(colour=colour))

    def _change(self, **changes: Any) -> None:
        self.edited.emit(replace(self.material, **changes))

    def _remove(self) -> None:
        row = self.phases.currentRow()
        if row >= 0:
            kept = (*self.material.phases[:row], *self.material.phases[row + 1 :])
            self._change(phases=kept)

    def show(self, material: MaterialDraft) -> None:
        """Show a description; a text that is being written is left alone."""
        self.material = material
        names = [phase.name for phase in material.phases]
        if names != [self.phases.item(k).text() for k in range(self.phases.count())]:
            with QSignalBlocker(self.phases):
                self.phases.clear()
                self.phases.addItems(names)
        self.remove.setEnabled(self.phases.currentRow() >= 0)
        for edit, text in ((self.formula, material.name), (self.title, material.title)):
            if edit.text().strip() != text:
                edit.setText(text)
        with QSignalBlocker(self.density):
            self.density.setValue(material.density_g_cm3)
        self.colour.show_colour(material.colour)

    def set_busy(self, *, busy: bool) -> None:
        """Say that files are being read."""
        self.add.setEnabled(not busy)
        self.add.setText("Reading…" if busy else "Add CIF files…")
