"""The regions around the micrograph: docks that remember their place."""

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from heteroagg_gui.gui.panel import Panel

_TITLES = {
    "batch": "Batch",
    "viewer": "Digital shadows",
    "prediction": "Parameters θ",
    "descriptors": "Descriptors of the shadows",
}


class Workbench(QMainWindow):
    """Hosts the panels; lives inside the window as a widget."""

    def __init__(
        self,
        batch: Panel,
        micrograph: Panel,
        viewer: Panel,
        prediction: Panel,
        descriptors: Panel,
    ) -> None:
        super().__init__()
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setDockNestingEnabled(True)
        self.setCentralWidget(micrograph.widget)
        corner = Qt.Corner
        bottom = Qt.DockWidgetArea.BottomDockWidgetArea
        self.setCorner(corner.BottomLeftCorner, bottom)
        self.setCorner(corner.BottomRightCorner, bottom)
        self.docks = {
            "batch": self._dock("batch", batch.widget),
            "viewer": self._dock("viewer", viewer.widget),
            "prediction": self._dock("prediction", prediction.widget),
            "descriptors": self._dock("descriptors", descriptors.widget),
        }
        self._arranged = False
        self._stored: QByteArray | None = None
        self._place()

    def _dock(self, name: str, widget: QWidget) -> QDockWidget:
        dock = QDockWidget(_TITLES[name], self)
        dock.setObjectName(name)
        dock.setWidget(widget)
        return dock

    def _place(self) -> None:
        area = Qt.DockWidgetArea
        for dock in self.docks.values():
            dock.setFloating(False)
            dock.show()
        self.addDockWidget(area.LeftDockWidgetArea, self.docks["batch"])
        self.addDockWidget(area.RightDockWidgetArea, self.docks["viewer"])
        self.addDockWidget(area.BottomDockWidgetArea, self.docks["descriptors"])
        self.splitDockWidget(
            self.docks["viewer"], self.docks["prediction"], Qt.Orientation.Horizontal
        )

    @property
    def view_actions(self) -> Sequence[QAction]:
        """Actions that show or hide each region."""
        return [dock.toggleViewAction() for dock in self.docks.values()]

    def reset_layout(self) -> None:
        """Put every region back to where it was at first."""
        self._place()
        self._share_room()

    def _share_room(self) -> None:
        width, height = self.width(), self.height()
        side = 248 if width < 1500 else 272
        theta = 312 if width < 1500 else 340
        middle = (width - side - theta) // 2
        self.resizeDocks(
            [self.docks["batch"], self.docks["viewer"], self.docks["prediction"]],
            [side, middle, theta],
            Qt.Orientation.Horizontal,
        )
        self.resizeDocks(
            [self.docks["descriptors"]], [max(196, round(0.27 * height))], Qt.Orientation.Vertical
        )

    def restore(self, stored: QByteArray | None) -> None:
        """Take over the places of the last session once the size is known."""
        self._stored = stored

    def showEvent(self, event: QShowEvent) -> None:
        """Arrange the regions when they are first seen."""
        super().showEvent(event)
        if self._arranged:
            return
        self._arranged = True
        if self._stored is None or not self.restoreState(self._stored):
            self._share_room()
