"""Rows of a page under one heading, each with room for what is wrong with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from heteroagg_gui.gui.panels.field_rows import ChoiceRow, NumberRow, make_row
from heteroagg_gui.gui.retrain.page import Page, heading
from heteroagg_gui.gui.retrain.pair_row import PairField, PairRow
from heteroagg_gui.gui.simulation_fields import Field

TITLE_WIDTH = 160
NUMBER_WIDTH = 104

AnyField = Field | PairField
Row = NumberRow | ChoiceRow | PairRow


class FieldGroup(QObject):
    """A heading over rows; ``edited(name, value)`` tells what a person changed.

    Parameters
    ----------
    title
        The heading.
    fields
        What is asked for.
    page
        Keeps the sentences of what is wrong.
    folded
        Whether the heading folds the rows away, and has done so.
    """

    edited = Signal(str, object)

    def __init__(
        self, title: str, fields: Sequence[AnyField], page: Page, *, folded: bool | None = None
    ) -> None:
        super().__init__(page)
        self.widget = QWidget()
        self.body = QWidget()
        self.grid = QGridLayout(self.body)
        self.heading: QLabel | QToolButton = heading(title)
        if folded is not None:
            self.heading = self._folding(title)
        self.rows: dict[str, Row] = {field.name: self._row(field) for field in fields}
        self._build(page)
        if folded is not None:
            self._fold(open_=not folded)

    def _row(self, field: AnyField) -> Row:
        row = PairRow(field, self) if isinstance(field, PairField) else make_row(field, self)
        row.changed.connect(lambda: self.edited.emit(field.name, row.value()))
        return row

    def _folding(self, title: str) -> QToolButton:
        button = QToolButton()
        font = button.font()
        font.setBold(True)
        button.setFont(font)
        button.setText(title)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setToolTip("Show or hide these settings")
        button.toggled.connect(lambda on: self._fold(open_=on))
        return button

    def _fold(self, *, open_: bool) -> None:
        if isinstance(self.heading, QToolButton):
            self.heading.setChecked(open_)
            arrow = Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow
            self.heading.setArrowType(arrow)
        self.body.setVisible(open_)

    def _build(self, page: Page) -> None:
        self.grid.setContentsMargins(8, 0, 0, 0)
        self.grid.setHorizontalSpacing(8)
        self.grid.setVerticalSpacing(4)
        self.grid.setColumnStretch(1, 1)
        self.grid.setColumnMinimumWidth(0, TITLE_WIDTH)
        for number, (name, row) in enumerate(self.rows.items()):
            row.place(self.grid, 2 * number, NUMBER_WIDTH)
            box = row.combo if isinstance(row, ChoiceRow) else row.box
            self.grid.addWidget(page.line_for(name, box), 2 * number + 1, 0, 1, 3)
        column = QVBoxLayout(self.widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.heading)
        column.addWidget(self.body)

    def add(self, widget: QWidget) -> None:
        """Put something below the rows."""
        self.grid.addWidget(widget, self.grid.rowCount(), 0, 1, 3)

    def show(self, values: Mapping[str, Any]) -> None:
        """Show values by the names of the rows, without telling."""
        for name, row in self.rows.items():
            if values[name] is not None or isinstance(row, PairRow):
                row.set_value(values[name])

    def unfold_for(self, names: Sequence[str]) -> None:
        """Open the rows where one of these is among them."""
        if isinstance(self.heading, QToolButton) and set(names) & set(self.rows):
            self._fold(open_=True)
