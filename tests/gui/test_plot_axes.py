"""Numbers on the axes of plots are the numbers that are plotted."""

import pyqtgraph as pg
import pytest

from heteroagg_gui.gui.plot_axis import show_plain_numbers


@pytest.mark.parametrize("largest", [0.003, 0.4, 1.0, 50.0, 3e9])
@pytest.mark.parametrize("side", ["left", "bottom"])
def test_an_axis_is_not_scaled_however_often_it_is_dressed(qtbot, largest: float, side: str):
    plot = pg.PlotWidget()
    qtbot.addWidget(plot)
    plot.show()
    plot.plot([0.0, largest], [0.0, largest])
    axis = plot.getAxis(side)
    for _ in range(2):
        show_plain_numbers(axis)
        plot.setLabel(side, "error")
        plot.setXRange(0.0, largest)
        plot.setYRange(0.0, largest)
        assert axis.autoSIPrefixScale == 1.0
        assert axis.labelUnitPrefix == ""
