"""Collects garbage in the thread of the window alone.

Python collects cycles in whichever thread happens to allocate. Were that a worker, it would
destroy widgets outside the window's thread, which Qt does not survive.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 500


class Collector(QObject):
    """Stands in for Python's automatic collection while it is on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """Take over."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()

    def spare_what_stays(self) -> None:
        """Leave the packages, imported by now, out of every later collection: they stay."""
        if gc.get_freeze_count() == 0:
            gc.collect()
            gc.freeze()

    def collect(self) -> None:
        """Collect the generations that are due."""
        counts, limits = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > limits[generation] > 0:
                gc.collect(generation)
                return
