"""Figures of a new network beside those of others, and in words what is better."""

import csv
import io
from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from heteroagg_gui.gui.symbols import subscript
from heteroagg_gui.gui.trainings.words import symbol_text
from heteroagg_gui.workflow.trainings.figures import Comparison, Figure, FigureInfo, Verdict


def figure_text(figure: Figure | None, info: FigureInfo) -> str:
    """Write a figure with its 95 % interval."""
    if figure is None:
        return "–"
    text = plain_figure(figure.value, info)
    if figure.low is None or figure.high is None:
        return text
    return f"{text} ({plain_figure(figure.low, info)} to {plain_figure(figure.high, info)})"


def plain_figure(value: float | None, info: FigureInfo) -> str:
    """Write a number as its quantity is written."""
    if value is None:
        return "–"
    if info.is_share:
        return f"{100 * value:.0f} %"
    return f"{value:.2f}" if info.key.startswith("n_particles") else f"{value:.3f}"


class FigureTable(QObject):
    """One row for each figure."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget = QFrame()
        self._grid = QGridLayout(self.widget)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(6)
        self.cells: list[list[QLabel]] = []
        self._plain: list[list[str]] = []

    def show(self, rows: Sequence[Comparison], names: Sequence[str]) -> None:
        """Show figures.

        Parameters
        ----------
        rows
            One for each figure.
        names
            What the networks are called: the new one, then those it is compared with.
        """
        against = f"compared with {names[1]}" if len(names) > 1 else ""
        head = ["", *names, "paper", against]
        lines = [
            [
                row.info.title,
                figure_text(row.new, row.info),
                *(figure_text(other, row.info) for other in row.others),
                plain_figure(row.paper, row.info),
                row.verdict.value,
            ]
            for row in rows
        ]
        self._plain = [head, *lines]
        self._clear()
        self.cells = [self._add(k, line, rows) for k, line in enumerate(self._plain)]

    def as_csv(self) -> str:
        """Return the table as comma-separated values."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([symbol_text(cell) for cell in line] for line in self._plain)
        return out.getvalue()

    def _add(self, place: int, line: list[str], rows: Sequence[Comparison]) -> list[QLabel]:
        labels = []
        for column, text in enumerate(line):
            label = QLabel(subscript(text))
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            verdict = rows[place - 1].verdict if place else Verdict.UNKNOWN
            strong = place == 0 or (
                column == len(line) - 1 and verdict in {Verdict.BETTER, Verdict.WORSE}
            )
            font = label.font()
            font.setBold(strong)
            label.setFont(font)
            middle = 0 < column < len(line) - 1
            side = Qt.AlignmentFlag.AlignRight if middle else Qt.AlignmentFlag.AlignLeft
            self._grid.addWidget(label, place, column, side | Qt.AlignmentFlag.AlignVCenter)
            labels.append(label)
        self._grid.setColumnStretch(len(line), 1)
        return labels

    def _clear(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget: QWidget | None = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
