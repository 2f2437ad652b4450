"""Progress bars that are painted with everything else."""

from PySide6.QtWidgets import QProgressBar


def show_progress(bar: QProgressBar, value: int) -> None:
    """Set the value of a bar.

    Qt paints a bar at once when its value changes, and with it all that waits to be painted, plots
    included, which may take longer than the turn of the event loop should.
    """
    if value == bar.value():
        return
    bar.setUpdatesEnabled(False)
    bar.setValue(value)
    bar.setUpdatesEnabled(True)
