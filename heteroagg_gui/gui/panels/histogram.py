"""Histogram of one descriptor over the shadows."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from heteroagg_gui.aggregation.descriptors import DescriptorInfo
from heteroagg_gui.gui.binning import Bars, make_bars
from heteroagg_gui.gui.highlight import Bar
from heteroagg_gui.gui.plot_axis import dress_axis
from heteroagg_gui.gui.symbols import descriptor_symbol
from heteroagg_gui.gui.theme import blend, tones


def axis_label(info: DescriptorInfo) -> str:
    """Return symbol and unit for the axis."""
    symbol = descriptor_symbol(info)
    return f"{symbol} / {info.unit}" if info.unit else symbol


def tool_tip(info: DescriptorInfo) -> str:
    """Return what the descriptor means, in a sentence and with its equation."""
    source = f" {info.equation}." if info.equation else ""
    return f"{info.title}: {info.help}{source}"


class Histogram(QObject):
    """Bars, a line at the mean, a line at the current shadow, and highlighted parts."""

    hovered = Signal(object)
    clicked = Signal(object)

    def __init__(self, info: DescriptorInfo, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.info = info
        self.bars: Bars | None = None
        self._values: NDArray[np.float64] = np.empty(0)
        self._plot: Any = pg.PlotWidget(enableMenu=False)
        self._plot.setMinimumSize(168, 140)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        self._plot.getPlotItem().layout.setContentsMargins(0, 8, 4, 0)
        self._plot.setToolTip(tool_tip(info))
        self._plot.setAccessibleName(f"Histogram of {info.title}")
        self._all: Any = pg.BarGraphItem(x0=[], x1=[], height=[])
        self._part: Any = pg.BarGraphItem(x0=[], x1=[], height=[])
        self._mean: Any = pg.InfiniteLine(angle=90, movable=False)
        self._current: Any = pg.InfiniteLine(angle=90, movable=False)
        for item in (self._all, self._part, self._mean, self._current):
            self._plot.addItem(item)
        self._plot.scene().sigMouseMoved.connect(self._on_moved)
        self._plot.scene().sigMouseClicked.connect(self._on_clicked)
        self._plot.installEventFilter(self)
        self._dress()
        self.set_values(np.empty(0))

    @property
    def widget(self) -> QWidget:
        """The widget to place in the window."""
        widget: QWidget = self._plot
        return widget

    @property
    def item(self) -> Any:
        """The plot item, for export."""
        return self._plot.getPlotItem()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the palette, and forget the bar when the mouse leaves."""
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        elif event.type() == QEvent.Type.Leave:
            self.hovered.emit(None)
        return False

    def _dress(self) -> None:
        palette = self._plot.palette()
        colors = tones(palette)
        text: QColor = palette.windowText().color()
        self._plot.setBackground(palette.window().color())
        for name in ("left", "bottom"):
            dress_axis(self._plot, name, colors, text)
        size = f"{max(self._plot.font().pointSizeF(), 9.0):g}pt"
        self._plot.setLabel(
            "bottom", axis_label(self.info), color=text.name(), **{"font-size": size}
        )
        self._plot.setLabel("left", "shadows", color=text.name(), **{"font-size": size})
        self._all.setOpts(brush=colors.bars, pen=pg.mkPen(palette.window().color(), width=1))
        part = blend(colors.accent, palette.base().color(), 0.3)
        self._part.setOpts(brush=part, pen=pg.mkPen(palette.window().color(), width=1))
        ratio = self._plot.devicePixelRatioF()
        self._mean.setPen(pg.mkPen(text, width=1.5 * ratio, style=pg.QtCore.Qt.PenStyle.DashLine))
        self._current.setPen(pg.mkPen(colors.accent, width=2 * ratio))

    def set_info(self, info: DescriptorInfo) -> None:
        """Take over the words of a material system."""
        self.info = info
        self._plot.setToolTip(tool_tip(info))
        self._plot.setAccessibleName(f"Histogram of {info.title}")
        self._dress()

    def set_values(self, values: NDArray[np.float64]) -> None:
        """Show the distribution of these values."""
        self._values = values
        self.bars = make_bars(self.info.key, values)
        self._part.setOpts(x0=[], x1=[], height=[])
        for line in (self._mean, self._current):
            line.setVisible(False)
        if self.bars is None:
            self._all.setOpts(x0=[], x1=[], height=[])
            return
        edges, counts = self.bars.edges, self.bars.counts
        self._all.setOpts(x0=edges[:-1], x1=edges[1:], height=counts)
        self._mean.setValue(float(np.nanmean(values)))
        self._mean.setVisible(True)
        self._plot.setXRange(float(edges[0]), float(edges[-1]), padding=0.03)
        self._plot.setYRange(0, max(int(counts.max()), 1) * 1.06, padding=0)

    def set_current(self, index: int) -> None:
        """Mark the value of one shadow."""
        known = 0 <= index < len(self._values) and bool(np.isfinite(self._values[index]))
        self._current.setVisible(known)
        if known:
            self._current.setValue(float(self._values[index]))

    def set_highlight(self, bar: Bar | None) -> None:
        """Show how the shadows of a bar, of this or another histogram, are spread here."""
        if self.bars is None or bar is None:
            self._part.setOpts(x0=[], x1=[], height=[])
            return
        counts = self.bars.counts_of(bar.members)
        edges = self.bars.edges
        self._part.setOpts(x0=edges[:-1], x1=edges[1:], height=counts)

    def _bar_at(self, position: QPointF) -> Bar | None:
        box = self._plot.getViewBox()
        if self.bars is None or not box.sceneBoundingRect().contains(position):
            return None
        index = self.bars.index_at(box.mapSceneToView(position).x())
        return None if index is None else self.bars.bar(index)

    def _on_moved(self, position: QPointF) -> None:
        bar = self._bar_at(position)
        self.hovered.emit(bar)
        self._plot.setToolTip(self._tip(bar))

    def _tip(self, bar: Bar | None) -> str:
        if bar is None or len(self._values) == 0:
            return tool_tip(self.info)
        share = 100 * len(bar.members) / len(self._values)
        unit = f" {self.info.unit}" if self.info.unit else ""
        return (
            f"{bar.low:.4g} to {bar.high:.4g}{unit}: {len(bar.members)} shadows ({share:.1f} %)\n"
            "Click to keep them highlighted and step through them"
        )

    def _on_clicked(self, event: Any) -> None:
        self.clicked.emit(self._bar_at(event.scenePos()))
