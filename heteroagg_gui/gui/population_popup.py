"""A small form that drops from the tool bar: sizes of aggregates and particles."""

from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSpinBox,
    QWidget,
    QWidgetAction,
)

from heteroagg_gui.workflow.state import Settings


class PopulationPopup(QObject):
    """Shows the settings of the population and asks for changes of them."""

    settings_asked = Signal(dict)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.menu = QMenu()
        self.fewest = self._count()
        self.most = self._count()
        self.mean = self._radius(0.1)
        self.spread = self._radius(0.0)
        self.usual = QPushButton("The paper's values")
        form = QWidget()
        layout = QFormLayout(form)
        layout.setContentsMargins(16, 12, 16, 12)
        sizes = QHBoxLayout()
        sizes.addWidget(self.fewest)
        sizes.addWidget(QLabel("to"))
        sizes.addWidget(self.most)
        layout.addRow("Particles per aggregate", sizes)
        layout.addRow("Mean particle radius", self.mean)
        layout.addRow("Standard deviation", self.spread)
        layout.addRow(self.usual)
        layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setToolTip(
            "Sizes between the two numbers are equally likely; radii are log-normal with this "
            "mean and standard deviation. Sections 2.1.1 and 2.1.2"
        )
        action = QWidgetAction(self.menu)
        action.setDefaultWidget(form)
        self.menu.addAction(action)
        self.fewest.valueChanged.connect(self._ask_sizes)
        self.most.valueChanged.connect(self._ask_sizes)
        self.mean.valueChanged.connect(lambda value: self._ask(radius_mean_nm=value))
        self.spread.valueChanged.connect(lambda value: self._ask(radius_sd_nm=value))
        self.usual.clicked.connect(self._use_usual)

    @staticmethod
    def _count() -> QSpinBox:
        box = QSpinBox()
        box.setRange(1, 10_000)
        return box

    @staticmethod
    def _radius(lowest: float) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setRange(lowest, 1000.0)
        box.setDecimals(2)
        box.setSuffix(" nm")
        box.setSingleStep(0.5)
        return box

    def _ask(self, **changes: Any) -> None:
        self.settings_asked.emit(changes)

    def _ask_sizes(self) -> None:
        low, high = self.fewest.value(), self.most.value()
        self._ask(size_range=(min(low, high), max(low, high)))

    def _use_usual(self) -> None:
        usual = Settings()
        self._ask(
            size_range=usual.size_range,
            radius_mean_nm=usual.radius_mean_nm,
            radius_sd_nm=usual.radius_sd_nm,
        )

    def show_settings(self, settings: Settings) -> None:
        """Show these values."""
        values: tuple[tuple[QSpinBox | QDoubleSpinBox, float], ...] = (
            (self.fewest, settings.size_range[0]),
            (self.most, settings.size_range[1]),
            (self.mean, settings.radius_mean_nm),
            (self.spread, settings.radius_sd_nm),
        )
        for box, value in values:
            if box.value() != value and not box.hasFocus():
                with QSignalBlocker(box):
                    box.setValue(value)  # type: ignore[arg-type]
