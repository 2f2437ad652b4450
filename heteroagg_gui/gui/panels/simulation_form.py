"""Everything a simulation can be told, in sections."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.core.materials import DEFAULT_SYSTEM
from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.material_look import look_named
from heteroagg_gui.gui.panels.field_rows import ChoiceRow, NumberRow
from heteroagg_gui.gui.panels.folding_section import FoldingSection
from heteroagg_gui.gui.simulation_fields import sections, theta_fields

WIDTH = 392


class SimulationForm(QObject):
    """Built from the description of the fields; the seed is not part of it."""

    changed = Signal()

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.look = look_named()
        self.widget = QWidget()
        self.system = QComboBox()
        self.usual = QPushButton("Usual settings")
        self.beam = QLabel()
        self.sections = {
            section.key: FoldingSection(section, self) for section in sections(self.look.names)
        }
        self.rows: dict[str, NumberRow | ChoiceRow] = {
            name: row for part in self.sections.values() for name, row in part.rows.items()
        }
        icons.dress(self.usual, "reset")
        self._build()
        for part in self.sections.values():
            part.changed.connect(self.changed)
        self.system.currentIndexChanged.connect(self._on_system)
        self.usual.clicked.connect(self._use_usual)

    def _build(self) -> None:
        self.system.setToolTip("The two materials the particles are made of")
        self.system.setAccessibleName("Material system")
        self.usual.setToolTip("Set everything here to the values of the paper")
        self.beam.setWordWrap(True)
        self.beam.setToolTip(
            "Voltage and semi-angle are those the reference curves of the materials were "
            "computed with; for others compute curves with “heteroagg reference”."
        )
        self.sections["microscope"].add_note(self.beam)
        head = QHBoxLayout()
        head.setContentsMargins(8, 4, 4, 4)
        head.addWidget(QLabel("Materials"))
        head.addWidget(self.system, 1)
        head.addWidget(self.usual)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(6)
        for part in self.sections.values():
            column.addWidget(part.widget)
        column.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(head)
        layout.addWidget(area, 1)
        self.widget.setFixedWidth(WIDTH)

    def set_systems(self, names: Sequence[str]) -> None:
        """List the material systems; the chosen one stays where it is still there."""
        chosen = self.system.currentData() or DEFAULT_SYSTEM
        with QSignalBlocker(self.system):
            self.system.clear()
            for name in names:
                self.system.addItem(look_named(name).title, name)
            self.system.setCurrentIndex(max(self.system.findData(chosen), 0))
        self._show_words()

    def show_beam(self, voltage_kv: float, semi_angle_mrad: float) -> None:
        """Say what the curves were made for."""
        self.beam.setText(f"Curves for {voltage_kv:g} kV and {semi_angle_mrad:g} mrad semi-angle")

    def entries(self) -> dict[str, Any]:
        """Return what stands in the form, by the names of its fields."""
        values: dict[str, Any] = {name: row.value() for name, row in self.rows.items()}
        values["system"] = self.system.currentData() or DEFAULT_SYSTEM
        return values

    def set_entries(self, entries: Mapping[str, Any]) -> None:
        """Show values; those that are no numbers, or of no field, are passed over."""
        for name, row in self.rows.items():
            value = entries.get(name)
            if isinstance(value, int | float) and not isinstance(value, bool):
                row.set_value(value)
        index = self.system.findData(entries.get("system"))
        if index >= 0:
            with QSignalBlocker(self.system):
                self.system.setCurrentIndex(index)
        self._show_words()
        for part in self.sections.values():
            part.refresh()
        self.changed.emit()

    def _use_usual(self) -> None:
        self.set_entries({name: row.field.default for name, row in self.rows.items()})

    def _on_system(self) -> None:
        self._show_words()
        self.changed.emit()

    def _show_words(self) -> None:
        self.look = look_named(self.system.currentData() or DEFAULT_SYSTEM)
        self.sections["theta"].set_words(theta_fields(self.look.names))
