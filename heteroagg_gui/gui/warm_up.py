"""Heavy packages, imported beside the window after it was painted."""

from contextlib import suppress
from importlib import import_module

from PySide6.QtCore import QThread, Signal

VIEWS = (
    "numpy",
    "numba",
    "vispy.scene",
    "vispy.app.backends._pyside6",
    "vispy.gloo.gl.glplus",
    "heteroagg_gui.gui.views",
)
NETWORK = ("heteroagg_gui.learning.predictor",)


class WarmUp(QThread):
    """Imports what the views need, then what the network needs, and says what it found.

    Attributes
    ----------
    views_ready
        The views can be built.
    cards_found
        The networks that are installed.
    device_found
        The device that ``auto`` stands for, and those that can be chosen.
    """

    views_ready = Signal()
    cards_found = Signal(object)
    device_found = Signal(str, object)
    failed = Signal(object)

    def run(self) -> None:
        """Import in the order in which things are needed."""
        try:
            for name in VIEWS:
                if self.isInterruptionRequested():
                    return
                import_module(name)
            self.views_ready.emit()
            self._find_cards()
            for name in NETWORK:
                if self.isInterruptionRequested():
                    return
                import_module(name)
            self._find_device()
        except Exception as error:
            self.failed.emit(error)

    def _find_cards(self) -> None:
        from heteroagg_gui.workflow.model_store import forget_old, networks_at_hand

        with suppress(OSError):
            forget_old()
        self.cards_found.emit(networks_at_hand())

    def _find_device(self) -> None:
        from heteroagg_gui.core.errors import ModelError
        from heteroagg_gui.learning.compact import device_named

        available = []
        for name in ("cpu", "cuda", "mps"):
            try:
                available.append(device_named(name))
            except ModelError:
                continue
        self.device_found.emit(device_named("auto"), tuple(available))
