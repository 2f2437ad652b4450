"""Axes of plots: colours of the palette, and numbers as they are."""

import pyqtgraph as pg
from PySide6.QtGui import QColor

from heteroagg_gui.gui.theme import Tones


def show_plain_numbers(axis: pg.AxisItem) -> None:
    """Keep an axis from showing values below 1 in thousandths.

    Switching the prefixes off is not enough: pyqtgraph works out a scale once more then, and
    keeps it, if the label can be seen already.
    """
    axis.setSIPrefixEnableRanges(())
    axis.enableAutoSIPrefix(False)


def dress_axis(plot: pg.PlotWidget, name: str, colors: Tones, text: QColor) -> None:
    """Give an axis of a small plot its colours, the plot's font and short ticks outwards."""
    axis = plot.getAxis(name)
    show_plain_numbers(axis)
    axis.setPen(colors.line)
    axis.setTextPen(text)
    axis.setStyle(tickFont=plot.font(), tickTextOffset=3, tickLength=-4)
