"""A heading that folds the rows below it away."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from heteroagg_gui.gui.panels.field_rows import ChoiceRow, NumberRow, make_row
from heteroagg_gui.gui.simulation_fields import Field, Section

_TITLE_WIDTH = 148
_NUMBER_WIDTH = 108


class FoldingSection(QObject):
    """The rows of one section; folded, its heading says how many differ from the usual."""

    changed = Signal()

    def __init__(self, section: Section, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._section = section
        self.widget = QWidget()
        self.heading = QToolButton()
        self.body = QWidget()
        self.grid = QGridLayout(self.body)
        self.rows: dict[str, NumberRow | ChoiceRow] = {
            field.name: make_row(field, self) for field in section.fields
        }
        self._build()
        self.heading.toggled.connect(self._on_toggled)
        self.heading.setChecked(not section.folded)
        self._on_toggled(not section.folded)

    def _build(self) -> None:
        font = self.heading.font()
        font.setBold(True)
        self.heading.setFont(font)
        self.heading.setCheckable(True)
        self.heading.setAutoRaise(True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.heading.setToolTip("Show or hide these settings")
        self.grid.setContentsMargins(8, 0, 4, 4)
        self.grid.setHorizontalSpacing(8)
        self.grid.setVerticalSpacing(3)
        self.grid.setColumnStretch(1, 1)
        self.grid.setColumnMinimumWidth(0, _TITLE_WIDTH)
        for number, row in enumerate(self.rows.values()):
            row.place(self.grid, number, _NUMBER_WIDTH)
            row.changed.connect(self._on_changed)
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.heading)
        layout.addWidget(self.body)

    def add_note(self, note: QWidget) -> None:
        """Put a line of text below the rows."""
        self.grid.addWidget(note, self.grid.rowCount(), 0, 1, 3)

    def set_words(self, fields: tuple[Field, ...]) -> None:
        """Take over the words of a material system."""
        for field in fields:
            self.rows[field.name].set_words(field)

    def refresh(self) -> None:
        """Say in the heading how many rows differ from the usual."""
        changed = sum(row.value() != row.field.default for row in self.rows.values())
        folded = not self.heading.isChecked()
        note = f"  ({changed} changed)" if changed and folded else ""
        self.heading.setText(f"{self._section.title}{note}")

    def _on_changed(self) -> None:
        self.refresh()
        self.changed.emit()

    def _on_toggled(self, open_: bool) -> None:
        arrow = Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow
        self.heading.setArrowType(arrow)
        self.body.setVisible(open_)
        self.refresh()
