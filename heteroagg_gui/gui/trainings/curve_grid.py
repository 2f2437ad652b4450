"""Loss and errors of a training, side by side."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from heteroagg_gui.gui.trainings.curve_plot import CurveInfo, CurvePlot, Level, LineKind
from heteroagg_gui.gui.trainings.line_legend import LineLegend
from heteroagg_gui.workflow.trainings.details import TrainingDetails
from heteroagg_gui.workflow.trainings.figures import references_for

CURVES: Final = (
    CurveInfo("loss", "Loss", "Loss of the training; has no unit", 2),
    CurveInfo(
        "theta_fractal_dimension",
        "Error of θ<sub>Df</sub>",
        "Mean absolute error of the preset fractal dimension from one image, Eq. (5); no unit",
    ),
    CurveInfo(
        "theta_mixing_ratio",
        "Error of θ<sub>ρ</sub>",
        "Mean absolute error of the preset mixing ratio from one image, Eq. (3); no unit",
    ),
    CurveInfo(
        "n_particles",
        "Error of N / particles",
        "Mean absolute error of the number of particles of the image, Eq. (1)",
        1,
    ),
    CurveInfo(
        "fractal_dimension",
        "Error of D<sub>f</sub>(A)",
        "Mean absolute error of the fractal dimension of the aggregate, Eq. (5); no unit",
    ),
    CurveInfo(
        "mixing_ratio",
        "Error of ρ(A)",
        "Mean absolute error of the mixing ratio of the aggregate, Eq. (3); no unit",
    ),
)
_COLUMNS = 3


class CurveGrid(QObject):
    """Six curves and one legend for all of them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget = QWidget()
        last = len(CURVES) - _COLUMNS
        self.plots = {
            info.key: CurvePlot(info, self, with_label=place >= last)
            for place, info in enumerate(CURVES)
        }
        self.legend = LineLegend()
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, plot in enumerate(self.plots.values()):
            grid.addWidget(plot.widget, *divmod(place, _COLUMNS))
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.legend, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(grid, 1)

    def show(self, details: TrainingDetails) -> None:
        """Show the curves of a training."""
        curves = details.curves
        for key, plot in self.plots.items():
            values = curves.loss if key == "loss" else curves.errors.get(key)
            if values is None:
                values = np.full(len(curves.images), np.nan)
            levels = () if key == "loss" else _levels(key, details)
            plot.show(curves.images, values, levels)
        kinds = dict.fromkeys(level.kind for plot in self.plots.values() for level in plot.levels)
        words = {kind: _WORDS[kind] for kind in (LineKind.OWN, *kinds)}
        if words != self.legend.words:
            self.legend.set_words(words)


_WORDS = {
    LineKind.OWN: "this training, running mean",
    LineKind.BUNDLED: "bundled network",
    LineKind.START: "network it began with",
    LineKind.PAPER: "paper (θ from 12 images)",
}


def _levels(key: str, details: TrainingDetails) -> tuple[Level, ...]:
    found: list[Level] = []
    cards: tuple[tuple[LineKind, Mapping[str, Any] | None], ...] = (
        (LineKind.BUNDLED, details.bundled),
        (LineKind.START, details.start),
    )
    for kind, card in cards:
        for reference in references_for(key, card, _WORDS[kind]):
            from_paper = reference.title != _WORDS[kind]
            if from_paper and any(level.kind is LineKind.PAPER for level in found):
                continue
            title = f"{reference.title}, {reference.note}" if reference.note else reference.title
            found.append(Level(LineKind.PAPER if from_paper else kind, title, reference.value))
    return tuple(found)
