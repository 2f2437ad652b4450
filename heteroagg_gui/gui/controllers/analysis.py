"""From images to theta, and from theta to shadows."""

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from heteroagg_gui.gui.job_board import JobBoard
from heteroagg_gui.workflow.jobs import Job
from heteroagg_gui.workflow.runner import perform
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.state import SessionState

PREDICTING = "Predicting"
DRAWING = "Drawing shadows"
_MOST_THREADS = 8


class AnalysisController(QObject):
    """Predicts and draws, on request or as soon as there is something to work on."""

    predicted = Signal()
    drawn = Signal()

    def __init__(self, session: Session, board: JobBoard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._board = board
        self.has_model = False
        self.predict_on_open = True
        self.draw_after_predict = True
        self._predicting: Job | None = None
        self._drawing: Job | None = None

    def change_settings(self, changes: Mapping[str, Any]) -> None:
        """Take over settings; results stay until they are made anew."""

        def change(state: SessionState) -> SessionState:
            settings = replace(state.settings, **changes)
            return state if settings == state.settings else replace(state, settings=settings)

        self._session.update(change, undoable=False)

    def choose_model(self, name: str) -> None:
        """Predict with another network from now on."""
        if name != self._session.state.settings.model:
            self._choose(model=name)

    def choose_device(self, name: str) -> None:
        """Run the network elsewhere from now on."""
        if name != self._session.state.settings.device:
            self._choose(device=name)

    def start_over(self) -> None:
        """Drop a prediction by a network that is no longer used, and predict anew."""
        self._choose()

    def _choose(self, **changes: Any) -> None:
        def change(state: SessionState) -> SessionState:
            settings = replace(state.settings, **changes)
            return replace(state.without_prediction(), settings=settings)

        self._session.update(change, undoable=False)
        self.predict_if_wanted()

    def predict_if_wanted(self, whole_job: bool = False) -> None:
        """Predict where a prediction is missing and the user likes it made at once."""
        state = self._session.state
        wanted = (self.predict_on_open or whole_job) and self.has_model
        if wanted and state.prediction is None and state.usable_items:
            self.predict(whole_job=whole_job)

    def predict(self, *, whole_job: bool = False) -> None:
        """Predict theta; a prediction that still runs is given up."""
        if self._predicting is not None:
            self._predicting.cancel()
        draw = whole_job or self.draw_after_predict
        self._predicting = self._board.start(
            PREDICTING, partial(self._perform, "predict", {}), partial(self._after_predict, draw)
        )

    def _perform(self, name: str, values: Mapping[str, Any], progress: Any) -> None:
        perform(self._session, name, values, progress)

    def _after_predict(self, draw: bool, _result: object) -> None:
        self._predicting = None
        if self._session.state.prediction is None:
            return
        self.predicted.emit()
        if draw:
            self.draw_shadows()

    def draw_shadows(self) -> None:
        """Draw shadows with the predicted theta; a drawing that still runs is given up."""
        prediction = self._session.state.prediction
        if prediction is None:
            return
        if self._drawing is not None:
            self._drawing.cancel()
        values: dict[str, Any] = {"jobs": min(os.cpu_count() or 1, _MOST_THREADS)}
        if not prediction.draws:
            values["from_distribution"] = False
        self._drawing = self._board.start(
            DRAWING, partial(self._perform, "draw_shadows", values), self._after_draw
        )

    def _after_draw(self, _result: object) -> None:
        self._drawing = None
        self.drawn.emit()
