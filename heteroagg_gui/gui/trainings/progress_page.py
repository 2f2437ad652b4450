"""How a training goes: stages, curves, images."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from heteroagg_gui.gui.trainings.curve_grid import CurveGrid
from heteroagg_gui.gui.trainings.sample_strip import SampleStrip
from heteroagg_gui.gui.trainings.stage_strip import StageStrip
from heteroagg_gui.workflow.trainings.details import TrainingDetails
from heteroagg_gui.workflow.trainings.training import Training


class ProgressPage(QObject):
    """Stages over curves over images."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget = QScrollArea()
        self.stages = StageStrip(self)
        self.warnings = QLabel()
        self.curves = CurveGrid(self)
        self.samples = SampleStrip(self)
        self._warnings: tuple[str, ...] = ()
        self._build()

    def _build(self) -> None:
        self.widget.setWidgetResizable(True)
        self.widget.setFrameShape(QScrollArea.Shape.NoFrame)
        self.warnings.setWordWrap(True)
        self.warnings.hide()
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 8, 8, 0)
        layout.setSpacing(8)
        layout.addWidget(self.stages.widget)
        layout.addWidget(self.warnings)
        layout.addWidget(self.curves.widget, 1)
        layout.addWidget(self.samples.widget)
        self.widget.setWidget(inside)

    def show(self, training: Training) -> None:
        """Show how far a training is."""
        self.stages.show(training.status)
        self._warn(training.status.warnings if training.status is not None else ())

    def show_details(self, details: TrainingDetails) -> None:
        """Show the curves and images of a training."""
        self.curves.show(details)
        self.samples.show(details.samples)

    def _warn(self, warnings: tuple[str, ...]) -> None:
        if warnings != self._warnings:
            self._warnings = warnings
            self.warnings.setText("\n".join(f"Note: {sentence}" for sentence in warnings[-3:]))
            self.warnings.setToolTip("\n".join(warnings))
            self.warnings.setVisible(bool(warnings))
