"""A curve of a training with horizontal lines of other networks."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from heteroagg_gui.gui.plot_axis import dress_axis
from heteroagg_gui.gui.symbols import subscript
from heteroagg_gui.gui.theme import Tones, tones

_HIGHEST = 5.0
_TITLE_HEIGHT = 22

Reals = NDArray[np.float64]


class LineKind(Enum):
    """Whose figure a line shows; each has a colour and a dash of its own."""

    OWN = "this training"
    BUNDLED = "bundled network"
    START = "network it began with"
    PAPER = "paper"


_STYLES = {
    LineKind.OWN: ("accent", Qt.PenStyle.SolidLine),
    LineKind.BUNDLED: ("caution", Qt.PenStyle.DashLine),
    LineKind.START: ("good", Qt.PenStyle.DashDotLine),
    LineKind.PAPER: ("quiet", Qt.PenStyle.DotLine),
}


def pen_of(kind: LineKind, colors: Tones, width: float = 2.0) -> QPen:
    """Return the pen of a line."""
    tone, style = _STYLES[kind]
    pen: QPen = pg.mkPen(getattr(colors, tone), width=width, style=style)
    return pen


@dataclass(frozen=True)
class Level:
    """A horizontal line."""

    kind: LineKind
    title: str
    value: float


@dataclass(frozen=True)
class CurveInfo:
    """What a curve shows: its key, symbol and words, and the digits of its figures."""

    key: str
    symbol: str
    title: str
    digits: int = 3


class CurvePlot(QObject):
    """One curve over the images seen, its newest value, and lines to compare it with."""

    def __init__(
        self, info: CurveInfo, parent: QObject | None = None, *, with_label: bool = True
    ) -> None:
        super().__init__(parent)
        self.info = info
        self._with_label = with_label
        self._plot: Any = pg.PlotWidget(enableMenu=False)
        self._plot.setMinimumSize(200, 152)
        self._plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        self._plot.getPlotItem().layout.setContentsMargins(0, 4, 8, 0)
        self._plot.setAccessibleName(info.title)
        self._plot.installEventFilter(self)
        self._curve: Any = pg.PlotDataItem([], [])
        self._plot.addItem(self._curve)
        self._lines: list[tuple[Level, Any]] = []
        self._levels: tuple[Level, ...] = ()
        self.values: Reals = np.empty(0)
        self._dress()
        self.show(np.empty(0), np.empty(0), ())

    @property
    def widget(self) -> QWidget:
        """The widget to place in the window."""
        widget: QWidget = self._plot
        return widget

    @property
    def levels(self) -> tuple[Level, ...]:
        """The lines that are shown."""
        return self._levels

    def show(self, images: Reals, values: Reals, levels: Sequence[Level]) -> None:
        """Show a curve.

        Parameters
        ----------
        images, values
            Images seen and the figure, shape (n,); NaN where it is not known.
        levels
            Lines beside it.
        """
        known = np.isfinite(values)
        self.values = values[known]
        self._curve.setData(images[known] / 1000.0, self.values)
        if tuple(levels) != self._levels:
            self._levels = tuple(levels)
            self._redraw_lines()
            self._dress()
        self._set_title()
        self._set_range(images[known] / 1000.0)

    def _redraw_lines(self) -> None:
        for _, line in self._lines:
            self._plot.removeItem(line)
        self._lines = [
            (level, pg.InfiniteLine(pos=level.value, angle=0, movable=False))
            for level in self._levels
        ]
        for _, line in self._lines:
            self._plot.addItem(line)

    def _set_title(self) -> None:
        digits = self.info.digits
        now = f": {self.values[-1]:.{digits}f}" if len(self.values) else ""
        size = f"{max(self._plot.font().pointSizeF(), 9.0):g}pt"
        text = self._plot.palette().windowText().color().name()
        self._plot.setTitle(subscript(f"{self.info.symbol}{now}"), color=text, size=size)
        item = self._plot.getPlotItem()
        item.titleLabel.setMaximumHeight(_TITLE_HEIGHT)
        item.layout.setRowFixedHeight(0, _TITLE_HEIGHT)
        beside = [f"{level.title}: {level.value:.{digits}f}" for level in self._levels]
        latest = f"Newest value{now}" if now else "No value yet"
        self._plot.setToolTip("\n".join([self.info.title, latest, *beside]))

    def _set_range(self, thousands: Reals) -> None:
        last = float(thousands[-1]) if len(thousands) else 1.0
        self._plot.setXRange(0.0, max(last, 1e-3), padding=0.02)
        levels = [level.value for level in self._levels]
        top = max(levels, default=0.0)
        bottom = 0.0
        if len(self.values):
            typical = float(np.median(self.values))
            limit = max(_HIGHEST * abs(typical), top)
            top = max(top, min(float(self.values.max()), limit))
            bottom = min(bottom, float(self.values.min()))
        self._plot.setYRange(bottom, top * 1.08 if top > bottom else bottom + 1.0, padding=0.0)

    def _dress(self) -> None:
        palette = self._plot.palette()
        colors = tones(palette)
        text = palette.windowText().color()
        self._plot.setBackground(palette.window().color())
        for name in ("left", "bottom"):
            dress_axis(self._plot, name, colors, text)
        self._plot.getAxis("left").setWidth(48)
        lines = 2 if self._with_label else 1
        self._plot.getAxis("bottom").setHeight(lines * self._plot.fontMetrics().height() + 8)
        size = f"{max(self._plot.font().pointSizeF(), 9.0):g}pt"
        if self._with_label:
            self._plot.setLabel(
                "bottom", "thousand images", color=text.name(), **{"font-size": size}
            )
        self._curve.setPen(pen_of(LineKind.OWN, colors))
        for level, line in self._lines:
            line.setPen(pen_of(level.kind, colors, 1.5))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the palette."""
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
            self._set_title()
        return False
