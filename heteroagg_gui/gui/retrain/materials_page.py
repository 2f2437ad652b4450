"""The page of the materials: a pair from the list, or two of the user's own."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.core.progress import duration
from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.material_look import look_named, typeset
from heteroagg_gui.gui.panels.field_rows import guard_wheel
from heteroagg_gui.gui.retrain.colour_button import swatch
from heteroagg_gui.gui.retrain.material_card import MaterialCard
from heteroagg_gui.gui.retrain.page import GAP, MARGIN, Page, note
from heteroagg_gui.gui.retrain.problem_line import ProblemLine
from heteroagg_gui.workflow.materials import system_or_stand_in
from heteroagg_gui.workflow.retraining.conversion import usual_own_name
from heteroagg_gui.workflow.retraining.curves import (
    curve_time,
    missing_packages,
    tables_of,
)
from heteroagg_gui.workflow.retraining.draft import Draft, MaterialDraft


class MaterialsPage(Page):
    """Which two materials the particles are made of."""

    title = "Materials"
    purpose = "Which two materials the particles of your aggregates are made of."

    files_asked = Signal(int)
    files_dropped = Signal(int, tuple)
    take_over_asked = Signal()

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.from_list = QRadioButton("A pair from the list")
        self.own = QRadioButton("Two materials of your own")
        self.choice = QButtonGroup(self)
        self.system = QComboBox()
        self.materials = [QLabel(), QLabel()]
        self._swatches = [QLabel(), QLabel()]
        self.beam = QLabel()
        self.cards = tuple(MaterialCard(label, icons, self) for label in (0, 1))
        self.own_name = QLineEdit()
        self.take_over = QPushButton("Take over the pair of the list")
        self.time = note()
        self.missing = ProblemLine("warning")
        self.listed = QWidget()
        self.described = QWidget()
        icons.dress(self.take_over, "copy")
        self._explain()
        self._build()
        self._connect()

    def _explain(self) -> None:
        self.choice.addButton(self.from_list)
        self.choice.addButton(self.own)
        self.from_list.setToolTip("Materials whose reference curves are at hand")
        self.own.setToolTip("Describe two materials by their crystals; curves are computed first")
        self.system.setAccessibleName("Material system")
        self.system.setToolTip("The two materials the particles are made of")
        guard_wheel(self.system)
        self.own_name.setAccessibleName("Name of the pair")
        self.own_name.setToolTip(
            "What the pair is called in lists and files: letters, digits, dots and hyphens"
        )
        self.own_name.setMaxLength(64)
        self.take_over.setToolTip(
            "Begin with the crystals, names and colours of the pair chosen in the list, for "
            "example to compute its curves for another voltage"
        )

    def _build(self) -> None:
        grid = QGridLayout(self.listed)
        grid.setContentsMargins(24, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setColumnStretch(2, 1)
        grid.addWidget(self.system, 0, 0, 1, 3, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.line_for("system", self.system), 1, 0, 1, 3)
        self.system.setMinimumWidth(280)
        for label in (0, 1):
            grid.addWidget(self._swatches[label], 2 + label, 0)
            grid.addWidget(self.materials[label], 2 + label, 1, 1, 2)
        grid.addWidget(self.beam, 4, 1, 1, 2)
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.from_list)
        layout.addWidget(self.listed)
        layout.addSpacing(GAP)
        layout.addWidget(self.own)
        layout.addWidget(self._own_part())
        layout.addStretch()

    def _own_part(self) -> QWidget:
        cards = QHBoxLayout()
        cards.setSpacing(MARGIN)
        for card in self.cards:
            cards.addWidget(card.widget, 1)
        row = QHBoxLayout()
        row.addWidget(QLabel("Name of the pair"))
        row.addWidget(self.own_name)
        row.addStretch()
        row.addWidget(self.take_over)
        self.own_name.setMinimumWidth(200)
        column = QVBoxLayout(self.described)
        column.setContentsMargins(24, 0, 0, 0)
        column.setSpacing(GAP)
        column.addLayout(row)
        column.addWidget(self.line_for("own_name", self.own_name))
        column.addLayout(cards)
        column.addWidget(self.time)
        column.addWidget(self.missing)
        return self.described

    def _connect(self) -> None:
        self.own.toggled.connect(lambda on: self.edited.emit({"own": on}))
        self.system.currentIndexChanged.connect(
            lambda _: self.edited.emit({"system": self.system.currentData()})
        )
        self.own_name.textEdited.connect(lambda text: self.edited.emit({"own_name": text.strip()}))
        self.take_over.clicked.connect(self.take_over_asked)
        for card in self.cards:
            label = card.label
            card.edited.connect(lambda m, label=label: self._on_material(label, m))
            card.files_asked.connect(lambda label=label: self.files_asked.emit(label))
            card.files_dropped.connect(lambda p, label=label: self.files_dropped.emit(label, p))

    def _on_material(self, label: int, material: MaterialDraft) -> None:
        self.edited.emit({"materials": self.draft.with_material(label, material).materials})

    def set_systems(self, names: Sequence[str]) -> None:
        """List the material systems; one that the draft names and is not here is listed as such."""
        with QSignalBlocker(self.system):
            self.system.clear()
            for name in names:
                self.system.addItem(look_named(name).title, name)
            self._choose(self.draft.system)

    def _choose(self, system: str) -> None:
        if self.system.findData(system) < 0:
            self.system.addItem(f"{look_named(system).title} (not here)", system)
        self.system.setCurrentIndex(self.system.findData(system))

    def show(self, draft: Draft) -> None:
        """Show which materials are chosen or described."""
        super().show(draft)
        with QSignalBlocker(self.own), QSignalBlocker(self.from_list):
            (self.own if draft.own else self.from_list).setChecked(True)
        with QSignalBlocker(self.system):
            self._choose(draft.system)
        self.system.setEnabled(not draft.own)
        self.described.setVisible(draft.own)
        for words in (*self.materials, *self._swatches, self.beam):
            words.setHidden(draft.own)
        for label, material in enumerate(system_or_stand_in(draft.system).materials):
            self._swatches[label].setPixmap(
                swatch(material.colour, self.widget.devicePixelRatioF())
            )
            self.materials[label].setText(
                f"{typeset(material.name)}: {material.title}, {material.density_g_cm3:g} g/cm³, "
                f"as {' or '.join(material.phases)}"
            )
        for card, described in zip(self.cards, draft.materials, strict=True):
            card.show(described)
        if self.own_name.text().strip() != draft.own_name:
            self.own_name.setText(draft.own_name)
        self.own_name.setPlaceholderText(usual_own_name(draft) or "made from the formulas")
        self.beam.setText(_beam_words(draft))
        self._show_time(draft)
        self.missing.say(missing_packages(draft) if draft.own else "")

    def _show_time(self, draft: Draft) -> None:
        time = curve_time(draft)
        several = draft.own and time.crystals > 1
        total = f", {duration(time.all_s)} for these {time.crystals}" if several else ""
        self.time.setText(
            "Before the training, reference curves are computed by multislice: here about "
            f"{duration(time.each_s)} for each crystal{total}, up to {time.thickness_nm:g} nm, the "
            "thickest particles of the next page. They are kept with the network."
        )


def _beam_words(draft: Draft) -> str:
    """Return what the curves at hand were made for."""
    try:
        beams = {(table.voltage_kv, table.semi_angle_mrad) for table in tables_of(draft.system)}
    except HeteroaggError:
        return ""
    words = " and ".join(f"{kv:g} kV, {mrad:g} mrad" for kv, mrad in sorted(beams))
    return f"Reference curves are at hand for {words}; for another beam they are computed first."
