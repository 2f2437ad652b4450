"""The distribution of the particle radius, with what was measured behind it."""

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.gui.plot_axis import show_plain_numbers
from heteroagg_gui.gui.theme import blend, tones
from heteroagg_gui.workflow.retraining.draft import Draft

_POINTS = 240
_WIDTHS = 4.0


class RadiusPlot(QObject):
    """A curve of the log-normal density over bars of the measured radii."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plot: Any = pg.PlotWidget(enableMenu=False)
        self._plot.setMinimumSize(240, 180)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        self._plot.getPlotItem().layout.setContentsMargins(0, 8, 8, 0)
        self._plot.setToolTip(
            "Share of particles per nm of radius: the log-normal distribution that training "
            "images are drawn with, and the measured radii as bars"
        )
        self._plot.setAccessibleName("Distribution of the particle radius")
        self._bars: Any = pg.BarGraphItem(x0=[], x1=[], height=[])
        self._curve: Any = pg.PlotCurveItem()
        self._plot.addItem(self._bars)
        self._plot.addItem(self._curve)
        self._plot.installEventFilter(self)
        self._dress()

    @property
    def widget(self) -> QWidget:
        """The widget to place in the window."""
        widget: QWidget = self._plot
        return widget

    @property
    def curve(self) -> tuple[Any, Any]:
        """Radii in nm and the density per nm that is drawn."""
        radii, density = self._curve.getData()
        return radii, density

    def show(self, draft: Draft) -> None:
        """Show the sizes of a draft; nothing where they make no sense."""
        measured = np.array(draft.measured.radii_nm if draft.measured is not None else ())
        self._show_bars(measured)
        try:
            sizes = AggregationParameters(draft.radius_mean_nm, draft.radius_sd_nm)
        except ParameterError:
            self._curve.setData([], [])
            return
        location, width = sizes.log_radius
        width = max(width, 0.005)
        low = math.exp(location - _WIDTHS * width)
        high = math.exp(location + _WIDTHS * width)
        if len(measured):
            low, high = min(low, measured[0]), max(high, measured[-1])
        radii = np.linspace(low, high, _POINTS)
        scaled = (np.log(radii) - location) / width
        self._curve.setData(
            radii, np.exp(-0.5 * scaled**2) / (radii * width * math.sqrt(2.0 * math.pi))
        )

    def _show_bars(self, measured: Any) -> None:
        if not len(measured):
            self._bars.setOpts(x0=[], x1=[], height=[])
            return
        count = min(max(round(math.sqrt(len(measured))), 5), 40)
        density, edges = np.histogram(measured, bins=count, density=True)
        self._bars.setOpts(x0=edges[:-1], x1=edges[1:], height=density)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the palette."""
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        return False

    def _dress(self) -> None:
        palette = self._plot.palette()
        colors = tones(palette)
        text = palette.text().color()
        self._plot.setBackground(colors.canvas)
        for side in ("bottom", "left"):
            axis = self._plot.getAxis(side)
            show_plain_numbers(axis)
            axis.setPen(colors.line)
            axis.setTextPen(text)
        self._plot.setLabel("bottom", "radius / nm", color=text.name())
        self._plot.setLabel("left", "share per nm", color=text.name())
        self._bars.setOpts(brush=blend(colors.canvas, text, 0.3), pen=colors.canvas)
        self._curve.setPen(pg.mkPen(colors.accent, width=2))
