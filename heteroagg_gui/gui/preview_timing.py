"""How long the Simulate tab takes from a slider to the repainted image.

    python -m heteroagg_gui.gui.preview_timing [--repeats 20] [--size 1440x900]

Opens the program, moves one slider after the other and waits each time until the new image
(and the 3D view, where the aggregate is another one) has been painted. Preferences and
remembered layouts of the user are left alone.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from heteroagg_gui.gui.panels.field_rows import NumberRow
from heteroagg_gui.gui.portrait import pause, size_of, wait_for
from heteroagg_gui.gui.scratch_home import scratch_home

if TYPE_CHECKING:
    from heteroagg_gui.gui.panels.simulate import SimulatePanel

SLIDERS = (
    *("dose_e_per_a2", "scan_noise_nm", "focus_offset_nm", "detector_inner_mrad", "row_jitter_nm"),
    *("support_intensity", "mixing_ratio", "fractal_dimension", "size_range_high", "theta_0"),
)
_PATIENCE_S = 20.0


class _Painted(QObject):
    """Waits for the first paint of a widget after another preview has been shown."""

    def __init__(self, panel: "SimulatePanel") -> None:
        super().__init__()
        self._panel = panel
        self._old = panel.preview
        self.seen = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the paint event."""
        if event.type() == QEvent.Type.Paint and self._panel.preview is not self._old:
            self.seen = True
        return False


def time_slider(panel: "SimulatePanel", name: str, position: int) -> float:
    """Return the seconds from moving a slider to the painted image."""
    painted = _Painted(panel)
    row = panel.form.rows[name]
    area = panel.image.view.widget
    if not isinstance(area, QAbstractScrollArea) or not isinstance(row, NumberRow):
        raise TypeError(f"{name} has no slider")
    view = area.viewport()
    view.installEventFilter(painted)
    start = perf_counter()
    row.slider.setValue(position)
    while not painted.seen:
        QApplication.processEvents()
        if perf_counter() - start > _PATIENCE_S:
            raise TimeoutError(name)
    QApplication.processEvents()
    view.removeEventFilter(painted)
    return perf_counter() - start


def measure(repeats: int, size: tuple[int, int]) -> dict[str, dict[str, float]]:
    """Return median and largest time in ms for each slider."""
    from heteroagg_gui.gui.app import make_application
    from heteroagg_gui.gui.program import Program
    from heteroagg_gui.workflow.preferences import Preferences

    program = Program(make_application(), Preferences(theme="light"))
    program.window.resize(*size)
    program.start()
    wait_for(lambda: program.views is not None and bool(program.to.models.devices), "start")
    program.window.show_tab("simulate")
    panel = program.simulate_panel
    if panel is None:
        raise RuntimeError("the tab was not built")
    wait_for(lambda: panel.preview is not None and not program.to.simulation.worker.busy, "render")
    pause(1000)
    figures = {}
    for name in SLIDERS:
        times = []
        for k in range(repeats):
            times.append(1000 * time_slider(panel, name, 300 + (37 * k) % 400))
            pause(30)
        figures[name] = {"median_ms": round(median(times), 1), "largest_ms": round(max(times), 1)}
    program.window.close()
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description="Time the preview of the Simulate tab.")
    parser.add_argument("--repeats", type=int, default=20, help="moves of each slider")
    parser.add_argument("--size", type=size_of, default=(1440, 900), help="points, as 1440x900")
    options = parser.parse_args(arguments)
    with scratch_home():
        print(json.dumps(measure(options.repeats, options.size), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
