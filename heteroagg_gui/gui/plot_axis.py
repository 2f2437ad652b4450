"""Axes that show numbers as they are."""

import pyqtgraph as pg


def show_plain_numbers(axis: pg.AxisItem) -> None:
    """Keep an axis from showing values below 1 in thousandths.

    Switching the prefixes off is not enough: pyqtgraph works out a scale once more then, and
    keeps it, if the label can be seen already.
    """
    axis.setSIPrefixEnableRanges(())
    axis.enableAutoSIPrefix(False)
