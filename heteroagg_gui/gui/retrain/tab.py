"""The Retrain tab: the wizard, and the trainings once there is a page of them."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.retrain.wizard import Wizard

NEW, TRAININGS = "New training", "Trainings"


class RetrainTab(QObject):
    """Two pages; the second is there once :meth:`set_trainings` was called.

    ``start_asked`` carries the plan of a training that is to be started.
    """

    start_asked = Signal(object)

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget = QWidget()
        self.wizard = Wizard(icons, self)
        self.bar = QTabBar()
        self.pages = QStackedWidget()
        self.bar.setDocumentMode(True)
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setAccessibleName("Pages of the Retrain tab")
        self.bar.addTab(NEW)
        self.bar.setTabToolTip(0, "Describe a network that suits your materials and microscope")
        self.bar.hide()
        self.pages.addWidget(self.wizard.widget)
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self.pages, 1)
        self.bar.currentChanged.connect(self.pages.setCurrentIndex)

    def set_trainings(self, widget: QWidget) -> None:
        """Add the page of the trainings that run, wait or are over."""
        if self.bar.count() == 1:
            self.pages.addWidget(widget)
            self.bar.addTab(TRAININGS)
            self.bar.setTabToolTip(1, "Trainings that run, wait or are over")
            self.bar.show()

    @property
    def has_trainings(self) -> bool:
        """Whether there is a page of trainings."""
        return self.bar.count() > 1

    def show_new(self) -> None:
        """Show the wizard."""
        self.bar.setCurrentIndex(0)

    def show_trainings(self) -> None:
        """Show the trainings, where there is a page of them."""
        if self.has_trainings:
            self.bar.setCurrentIndex(1)
