"""What came of a training: its figures beside others, its intervals put to the test."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.in_turns import InTurns
from heteroagg_gui.gui.trainings.curve_plot import LineKind
from heteroagg_gui.gui.trainings.figure_table import FigureTable
from heteroagg_gui.gui.trainings.line_legend import LineLegend
from heteroagg_gui.gui.trainings.result_plots import ResultPlot
from heteroagg_gui.workflow.trainings.details import TrainingDetails
from heteroagg_gui.workflow.trainings.figures import (
    by_number_of_images,
    compare,
    coverage_of,
    ranks_of,
    reliability_of,
)
from heteroagg_gui.workflow.trainings.training import Training

NOTE = (
    "In brackets: 95 % interval. “Better” and “worse” are said only where the intervals do not "
    "overlap. Each network is judged on test sets of its own range; the figures of the paper are "
    "for TiO₂ and WO₃ on its grid."
)
_NUMBERS = "images of a set"
COVERAGE_TIP = (
    "How often central intervals hold the truth on test sets, against what they state: "
    "circles theta_Df, squares theta_rho; sound intervals lie on the dotted line"
)
RANKS_TIP = (
    "Where in the predicted distribution the truth of test sets lies, in ten equal parts: {}; "
    "sound predictions lie on the dotted line, too narrow ones rise at both ends"
)
RELIABILITY_TIP = (
    "How often a stated probability of a cluster size came true on test sets: circles theta_0, "
    "squares theta_1; sound probabilities lie on the dotted line"
)
_RANK_AXES = ("place in the prediction", "share / sound share")


def decision_words(name: str, *, kept: bool) -> str:
    """Return what was decided about a network."""
    if name:
        return f"Installed as “{name}”: choose it wherever networks are chosen."
    if kept:
        return "Kept without being used; you can still use it."
    return "The network is finished. It is not used before you say so."


def _rank_plots(parent: QObject) -> dict[tuple[str, str], ResultPlot]:
    """Return a plot for each pair of quantities whose ranks are shown together."""
    return {
        keys: ResultPlot(title, _RANK_AXES, RANKS_TIP.format(words), parent)
        for keys, title, words in (
            (
                ("fractal_dimension", "mixing_ratio"),
                "Place of the true θ<sub>Df</sub>, θ<sub>ρ</sub>",
                "circles theta_Df, squares theta_rho",
            ),
            (
                ("theta_0", "theta_1"),
                "Place of the true θ<sub>0</sub>, θ<sub>1</sub>",
                "circles theta_0, squares theta_1",
            ),
        )
    }


def _error_plots(parent: QObject) -> dict[str, ResultPlot]:
    """Return a plot for each error over the number of images."""
    return {
        key: ResultPlot(
            f"Error of {symbol}",
            (_NUMBERS, "mean abs. error"),
            f"Mean absolute error of {plain} over the number of images it is made from",
            parent,
        )
        for key, symbol, plain in (
            ("theta_fractal_dimension_mae", "θ<sub>Df</sub>", "theta_Df"),
            ("theta_mixing_ratio_mae", "θ<sub>ρ</sub>", "theta_rho"),
        )
    }


class ResultPage(QObject):
    """Figures, plots, and what to do with the network."""

    use_asked = Signal()
    keep_asked = Signal()
    export_asked = Signal()
    report_asked = Signal()
    card_asked = Signal()

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.widget = QScrollArea()
        self.table = FigureTable(self)
        self.coverage = ResultPlot(
            "Intervals put to the test", ("stated / %", "found / %"), COVERAGE_TIP, self
        )
        self.reliability = ResultPlot(
            "Probabilities put to the test",
            ("stated / %", "came true / %"),
            RELIABILITY_TIP,
            self,
        )
        self.ranks = _rank_plots(self)
        self.errors = _error_plots(self)
        self.legend = LineLegend()
        self.plotting = InTurns(self)
        self._drawn: Any = None
        self.use = self._button(icons, "Use this network…", "model", self.use_asked)
        self.keep = self._button(icons, "Keep without using", "ok", self.keep_asked)
        self.export = self._button(icons, "Export…", "export", self.export_asked)
        self.report = self._button(icons, "Open report", "picture", self.report_asked)
        self.card = self._button(icons, "Show card", "info", self.card_asked)
        self.copy = self._button(icons, "Copy table", "copy", None)
        self.decision = QLabel()
        self._explain()
        self._build()
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.table.as_csv()))

    @staticmethod
    def _button(icons: IconKeeper, text: str, icon: str, asked: Any) -> QPushButton:
        button = QPushButton(text)
        icons.dress(button, icon)
        if asked is not None:
            button.clicked.connect(lambda _=False: asked.emit())
        return button

    def _explain(self) -> None:
        self.use.setToolTip("Install the network under a name and predict with it from now on")
        self.keep.setToolTip("Leave the network in use as it is; this one stays in the list")
        self.export.setToolTip("Write the network to a folder or a zip file for another computer")
        self.report.setToolTip("Open the report of the evaluation in the browser")
        self.card.setToolTip("Show what the network was trained on and how well it does")
        self.copy.setToolTip("Copy the figures as comma-separated values")
        self.decision.setWordWrap(True)

    def _build(self) -> None:
        self.widget.setWidgetResizable(True)
        self.widget.setFrameShape(QScrollArea.Shape.NoFrame)
        inside = QWidget()
        actions = QHBoxLayout()
        actions.setSpacing(8)
        for button in (self.use, self.keep, self.export, self.report, self.card):
            actions.addWidget(button)
        actions.addStretch(1)
        plots = QGridLayout()
        plots.setSpacing(8)
        shown = (self.coverage, *self.errors.values(), self.reliability, *self.ranks.values())
        for place, plot in enumerate(shown):
            plots.addWidget(plot.widget, *divmod(place, 3))
        note = QLabel(NOTE)
        note.setWordWrap(True)
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 8, 8, 0)
        layout.setSpacing(8)
        layout.addWidget(self.decision)
        layout.addLayout(actions)
        layout.addWidget(self.table.widget)
        foot = QHBoxLayout()
        foot.addWidget(note, 1)
        foot.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(foot)
        layout.addWidget(self.legend, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(plots, 1)
        self.widget.setWidget(inside)

    def show(self, training: Training, details: TrainingDetails) -> None:
        """Show the network of a finished training."""
        card = details.card
        if card is None:
            return
        others = [("bundled network", details.bundled)]
        if details.start is not None:
            others.insert(0, ("network it began with", details.start))
        rows = compare(card, tuple(found for _, found in others))
        self.table.show(rows, ("this network", *(name for name, _ in others)))
        drawn = (card, details.bundled, details.start)
        if drawn != self._drawn:
            self._drawn = drawn
            self.plotting.start(self._plots(card, details))
        self.report.setEnabled(details.has_report)
        name = training.request.adopted
        self.decision.setText(decision_words(name, kept=training.request.kept))
        self.use.setEnabled(not name)
        self.keep.setEnabled(not name and not training.request.kept)

    def _plots(
        self, card: Mapping[str, Any], details: TrainingDetails
    ) -> Iterator[Callable[[], None]]:
        """Return what is to be drawn, each plot by itself."""
        yield partial(self.coverage.show_coverage, dict(coverage_of(card)))
        yield from self._error_plots(card, details)
        yield from self._calibration_plots(card)

    def _calibration_plots(self, card: Mapping[str, Any]) -> Iterator[Callable[[], None]]:
        """Return the plots of predicted distributions, where the card has their figures."""
        reliability, ranks = reliability_of(card), ranks_of(card)
        self.reliability.widget.setVisible(bool(reliability))
        if reliability:
            yield partial(self.reliability.show_coverage, dict(reliability))
        for keys, plot in self.ranks.items():
            found = {key: ranks[key] for key in keys if key in ranks}
            plot.widget.setVisible(bool(found))
            if found:
                yield partial(plot.show_ranks, found)

    def _error_plots(
        self, card: Mapping[str, Any], details: TrainingDetails
    ) -> Iterator[Callable[[], None]]:
        kinds = [(LineKind.OWN, card), (LineKind.BUNDLED, details.bundled)]
        if details.start is not None:
            kinds.append((LineKind.START, details.start))
        words = {
            LineKind.OWN: "this network",
            LineKind.BUNDLED: "bundled network",
            LineKind.START: "network it began with",
        }
        self.legend.set_words({kind: words[kind] for kind, found in kinds if found is not None})
        for key, plot in self.errors.items():
            lines = [(kind, by_number_of_images(found, key)) for kind, found in kinds if found]
            yield partial(plot.show_errors, lines)
