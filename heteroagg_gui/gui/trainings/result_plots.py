"""Plots of a finished network: its intervals put to the test, and its error over the images."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QSizePolicy, QWidget

from heteroagg_gui.gui.plot_axis import dress_axis
from heteroagg_gui.gui.symbols import subscript
from heteroagg_gui.gui.theme import tones
from heteroagg_gui.gui.trainings.curve_plot import LineKind, pen_of
from heteroagg_gui.workflow.trainings.figures import Figure

_SYMBOLS = ("o", "s")

Pairs = Sequence[tuple[float, float]]


class ResultPlot(QObject):
    """A few lines with dots over one axis.

    Parameters
    ----------
    title
        What is shown, as rich text.
    axes
        Labels of the horizontal and the vertical axis.
    tip
        A sentence for the tooltip.
    """

    def __init__(
        self, title: str, axes: tuple[str, str], tip: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._title, self._axes = title, axes
        self._plot: Any = pg.PlotWidget(enableMenu=False)
        self._plot.setMinimumSize(240, 208)
        self._plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        self._plot.getPlotItem().layout.setContentsMargins(0, 4, 12, 4)
        self._plot.setToolTip(tip)
        self._plot.setAccessibleName(tip)
        self._plot.installEventFilter(self)
        self._lines: list[tuple[Pairs, LineKind, int]] = []

    @property
    def widget(self) -> QWidget:
        """The widget to place in the window."""
        widget: QWidget = self._plot
        return widget

    @property
    def lines(self) -> list[Pairs]:
        """What is drawn: points of each line."""
        return [pairs for pairs, _, _ in self._lines]

    def show_coverage(self, found: dict[str, Pairs]) -> None:
        """Show stated against found shares, one symbol for each quantity, and the diagonal."""
        self._lines = [([(0.0, 0.0), (100.0, 100.0)], LineKind.PAPER, -1)]
        for place, pairs in enumerate(found.values()):
            percent = [(100.0 * stated, 100.0 * share) for stated, share in pairs]
            self._lines.append((percent, LineKind.OWN, place))
        self._redraw()
        self._plot.setXRange(0.0, 100.0, padding=0.03)
        self._plot.setYRange(0.0, 100.0, padding=0.03)

    def show_ranks(self, found: Mapping[str, Sequence[float]]) -> None:
        """Show shares of test sets over equal parts of the prediction, and what is sound."""
        self._lines = [([(0.0, 1.0), (1.0, 1.0)], LineKind.PAPER, -1)]
        for place, shares in enumerate(found.values()):
            parts = len(shares)
            self._lines.append(
                (
                    [((k + 0.5) / parts, parts * share) for k, share in enumerate(shares)],
                    LineKind.OWN,
                    place,
                )
            )
        self._redraw()
        top = max((value for pairs, _, _ in self._lines for _, value in pairs), default=1.0)
        self._plot.setXRange(0.0, 1.0, padding=0.03)
        self._plot.setYRange(0.0, 1.08 * max(top, 1.5), padding=0.0)

    def show_errors(self, lines: Sequence[tuple[LineKind, Sequence[tuple[int, Figure]]]]) -> None:
        """Show an error over the number of images, for each network."""
        self._lines = [
            ([(count, figure.value) for count, figure in points], kind, 0)
            for kind, points in lines
            if points
        ]
        self._redraw()
        everything = np.array([pair for pairs, _, _ in self._lines for pair in pairs])
        if len(everything):
            self._plot.setXRange(0.0, float(everything[:, 0].max()), padding=0.05)
            self._plot.setYRange(0.0, 1.08 * float(everything[:, 1].max()), padding=0.0)

    def _redraw(self) -> None:
        self._plot.clear()
        palette = self._plot.palette()
        colors = tones(palette)
        for pairs, kind, symbol in self._lines:
            x, y = np.array(pairs, dtype=float).T
            pen = pen_of(kind, colors, 1.5)
            options: dict[str, Any] = {"pen": pen}
            if symbol >= 0:
                brush = pen.color() if symbol == 0 else palette.window().color()
                options |= {"symbol": _SYMBOLS[symbol % 2], "symbolSize": 8}
                options |= {"symbolPen": pg.mkPen(pen.color()), "symbolBrush": brush}
            self._plot.addItem(pg.PlotDataItem(x, y, **options))
        self._dress()

    def _dress(self) -> None:
        palette = self._plot.palette()
        colors = tones(palette)
        text = palette.windowText().color()
        self._plot.getAxis("bottom").setHeight(2 * self._plot.fontMetrics().height() + 8)
        size = f"{max(self._plot.font().pointSizeF(), 9.0):g}pt"
        self._plot.setBackground(palette.window().color())
        self._plot.setTitle(subscript(self._title), color=text.name(), size=size)
        for name, label in zip(("bottom", "left"), self._axes, strict=True):
            dress_axis(self._plot, name, colors, text)
            self._plot.setLabel(name, label, color=text.name(), **{"font-size": size})

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the palette."""
        if event.type() == QEvent.Type.PaletteChange:
            self._redraw()
        return False
