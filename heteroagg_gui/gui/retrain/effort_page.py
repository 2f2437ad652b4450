"""The page of the network and of the effort."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.panels.field_rows import guard_wheel
from heteroagg_gui.gui.retrain.effort_cards import EffortCards
from heteroagg_gui.gui.retrain.field_group import FieldGroup
from heteroagg_gui.gui.retrain.page import GAP, MARGIN, Page, heading, note
from heteroagg_gui.gui.retrain.problem_line import ProblemLine
from heteroagg_gui.gui.retrain.wizard_fields import EFFORT_FIELDS
from heteroagg_gui.gui.toolbar import LARGEST_SEED_SHOWN
from heteroagg_gui.learning.retraining.effort import EFFORTS
from heteroagg_gui.learning.retraining.plan import RetrainingPlan
from heteroagg_gui.workflow.retraining.draft import Draft
from heteroagg_gui.workflow.retraining.trial import (
    USUAL_DEVICES,
    Trial,
    time_in_words,
    trial_basis,
)

RANDOM = "Random weights (needs much more training)"
_USUAL_MINUTES = 60.0
_MOST_PROCESSES = 1024
_NOT_TRIED = (
    "How long it takes depends on this computer: a trial of about ten seconds with this plan tells."
)
_TRIED_BEFORE = "The plan has changed since this computer was measured: measure it again."


class EffortPage(Page):
    """What the training begins with, how long it goes on, and where it runs."""

    title = "Network and effort"
    purpose = "What the training begins with, how much is learnt, and which device does the work."

    trial_asked = Signal()

    def __init__(self, icons: IconKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.start = QComboBox()
        self.cards = EffortCards(self)
        self.in_minutes = QCheckBox("Train for a time instead:")
        self.minutes = QDoubleSpinBox()
        self.measure = QPushButton("Measure this computer")
        self.measured = note(_NOT_TRIED)
        self.refused = ProblemLine()
        self.device = QComboBox()
        self.workers = QSpinBox()
        self.seed = QSpinBox()
        self.advanced = FieldGroup("All amounts", EFFORT_FIELDS, self, folded=True)
        self._trial: Trial | None = None
        self._basis: RetrainingPlan | None = None
        icons.dress(self.measure, "device")
        self._explain()
        self._build()
        self._connect()
        self.set_devices(USUAL_DEVICES)

    def _explain(self) -> None:
        for widget, name, tip in (
            (
                self.start,
                "Network to begin with",
                "The per-image network that is trained on; the set heads are always made anew",
            ),
            (self.device, "Device", "Where the network is trained"),
            (
                self.workers,
                "Simulating processes",
                "Processes that simulate images beside the one that trains; 0 for none",
            ),
            (self.seed, "Seed", "The same plan with the same seed makes the same network"),
            (self.minutes, "Minutes of training", "Minutes that the per-image network is trained"),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
            guard_wheel(widget)
        self.in_minutes.setToolTip("Train for so many minutes instead of a number of updates")
        self.measure.setToolTip("Train for about ten seconds in another process, and look")
        self.minutes.setDecimals(1)
        self.minutes.setRange(0.1, 1e6)
        self.minutes.setValue(_USUAL_MINUTES)
        self.minutes.setSuffix(" min")
        self.minutes.setKeyboardTracking(False)
        self.workers.setRange(0, _MOST_PROCESSES)
        self.seed.setRange(0, LARGEST_SEED_SHOWN)
        self.start.setMinimumWidth(360)
        self.device.setMinimumWidth(280)

    def _build(self) -> None:
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self._row("Begin with", self.start))
        layout.addWidget(self.line_for("start", self.start))
        layout.addWidget(heading("Effort"))
        layout.addWidget(self.cards.widget)
        amount = self._row("", self.in_minutes, self.minutes)
        layout.addWidget(amount)
        layout.addWidget(self.line_for("minutes", self.minutes))
        tried = QHBoxLayout()
        tried.addWidget(self.measure)
        tried.addWidget(self.measured, 1)
        layout.addLayout(tried)
        layout.addWidget(self.refused)
        layout.addSpacing(GAP)
        layout.addWidget(heading("Where it runs"))
        layout.addWidget(self._place())
        layout.addSpacing(GAP)
        layout.addWidget(self.advanced.widget)
        layout.addStretch()

    @staticmethod
    def _row(caption: str, *widgets: QWidget) -> QWidget:
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        if caption:
            row.addWidget(heading(caption))
        for widget in widgets:
            row.addWidget(widget)
        row.addStretch()
        return place

    def _place(self) -> QWidget:
        place = QWidget()
        grid = QGridLayout(place)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(4)
        column = 0
        for caption, name, field in (
            ("Device", "device", self.device),
            ("Simulating processes", "workers", self.workers),
            ("Seed", "seed", self.seed),
        ):
            label = QLabel(caption)
            label.setBuddy(field)
            grid.addWidget(label, 0, column)
            grid.addWidget(field, 0, column + 1)
            grid.addWidget(self.line_for(name, field), 1, column, 1, 2)
            grid.setColumnMinimumWidth(column + 2, MARGIN)
            column += 3
        grid.setColumnStretch(column, 1)
        return place

    def _connect(self) -> None:
        self.start.currentIndexChanged.connect(
            lambda _: self.edited.emit({"start": self.start.currentData()})
        )
        self.device.currentIndexChanged.connect(
            lambda _: self.edited.emit({"device": self.device.currentData()})
        )
        self.workers.valueChanged.connect(lambda value: self.edited.emit({"workers": value}))
        self.seed.valueChanged.connect(lambda value: self.edited.emit({"seed": value}))
        self.cards.chosen.connect(self._on_card)
        self.in_minutes.toggled.connect(lambda _: self._on_minutes())
        self.minutes.valueChanged.connect(lambda _: self._on_minutes())
        self.advanced.edited.connect(self._on_amount)
        self.measure.clicked.connect(self.trial_asked)

    def _on_card(self, effort: Any) -> None:
        self.edited.emit({"effort": replace(effort, minutes=self.draft.effort.minutes)})

    def _on_minutes(self) -> None:
        minutes = self.minutes.value() if self.in_minutes.isChecked() else None
        self.edited.emit({"effort": replace(self.draft.effort, minutes=minutes)})

    def _on_amount(self, name: str, value: Any) -> None:
        self.edited.emit({"effort": replace(self.draft.effort, **{name: value})})

    def set_networks(self, networks: Sequence[tuple[str, str]]) -> None:
        """List names and titles of the networks that a training can begin with."""
        with QSignalBlocker(self.start):
            self.start.clear()
            for name, title in networks:
                self.start.addItem(title, name)
            self.start.addItem(RANDOM, "")
            self._choose(self.start, self.draft.start)

    def set_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """List devices, each with what it is."""
        with QSignalBlocker(self.device):
            self.device.clear()
            for name, title in devices:
                self.device.addItem(f"{name}: {title}", name)
            self._choose(self.device, self.draft.device)

    @staticmethod
    def _choose(combo: QComboBox, name: str) -> None:
        """Choose an entry; one that is not there is listed as such."""
        if combo.findData(name) < 0:
            combo.addItem(f"{name} (not here)", name)
        combo.setCurrentIndex(combo.findData(name))

    def show(self, draft: Draft) -> None:
        """Show network and effort."""
        super().show(draft)
        effort = draft.effort
        with (
            QSignalBlocker(self.start),
            QSignalBlocker(self.device),
            QSignalBlocker(self.workers),
            QSignalBlocker(self.seed),
            QSignalBlocker(self.in_minutes),
            QSignalBlocker(self.minutes),
        ):
            self._choose(self.start, draft.start)
            self._choose(self.device, draft.device)
            self.workers.setValue(draft.workers)
            self.seed.setValue(draft.seed)
            self.in_minutes.setChecked(effort.minutes is not None)
            if effort.minutes is not None:
                self.minutes.setValue(effort.minutes)
        self.minutes.setEnabled(effort.minutes is not None)
        self.advanced.show(vars(effort))
        self._show_times()

    @property
    def trial(self) -> Trial | None:
        """The trial, if it was made with a plan that takes the same time for an image."""
        return self._trial if self._basis == trial_basis(self.draft) else None

    def show_trial(self, trial: Trial, basis: RetrainingPlan | None) -> None:
        """Say what the trial of a plan with this basis measured."""
        self._trial, self._basis = trial, basis
        self.refused.say("")
        self._show_times()

    def show_refusal(self, sentence: str) -> None:
        """Say why there was no trial."""
        self.refused.say(sentence)

    def set_busy(self, *, busy: bool) -> None:
        """Say that the trial runs."""
        self.measure.setEnabled(not busy)
        if busy:
            self.measured.setText("Measuring… it can be cancelled in the bar below.")
        else:
            self._show_times()

    def _show_times(self) -> None:
        effort, trial = self.draft.effort, self.trial
        times = {
            key: time_in_words(trial, replace(card, minutes=effort.minutes))
            for key, card in EFFORTS.items()
        }
        self.cards.show(replace(effort, minutes=None), times)
        if trial is None:
            self.measured.setText(_NOT_TRIED if self._trial is None else _TRIED_BEFORE)
            return
        self.measured.setText(
            f"Measured: {trial.device_title}, {trial.images_per_s:.3g} images/s. "
            f"The training as it is set takes {time_in_words(trial, effort)}."
        )
