"""Puts the program together: session, jobs, controllers, window; starts and ends it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from heteroagg_gui.gui.collector import Collector
from heteroagg_gui.gui.command import Situation
from heteroagg_gui.gui.controllers.analysis import AnalysisController
from heteroagg_gui.gui.controllers.bundle import Controllers
from heteroagg_gui.gui.controllers.files import FilesController, sample_folder
from heteroagg_gui.gui.controllers.models import ModelsController
from heteroagg_gui.gui.controllers.navigation import NavigationController
from heteroagg_gui.gui.controllers.networks import NetworksController
from heteroagg_gui.gui.controllers.results import ResultsController
from heteroagg_gui.gui.controllers.retraining import RetrainingController
from heteroagg_gui.gui.controllers.sessions import SessionsController
from heteroagg_gui.gui.controllers.simulation import SimulationController
from heteroagg_gui.gui.controllers.trainings import TrainingsController
from heteroagg_gui.gui.dropping import networks_among
from heteroagg_gui.gui.error_dialog import ErrorDialog
from heteroagg_gui.gui.handlers import make_handlers
from heteroagg_gui.gui.help_dialog import HelpDialog
from heteroagg_gui.gui.highlight import Highlight
from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.job_board import JobBoard
from heteroagg_gui.gui.material_look import look_named
from heteroagg_gui.gui.menus import Menus
from heteroagg_gui.gui.names import open_settings
from heteroagg_gui.gui.panels.jobs import JobBar
from heteroagg_gui.gui.panels.welcome import WelcomePanel
from heteroagg_gui.gui.presenter import Presenter
from heteroagg_gui.gui.remembered import Remembered
from heteroagg_gui.gui.side_menus import SideMenus
from heteroagg_gui.gui.theme import Appearance, apply_appearance
from heteroagg_gui.gui.toolbar import ToolBar
from heteroagg_gui.gui.warm_up import WarmUp
from heteroagg_gui.gui.window import Window
from heteroagg_gui.workflow.jobs import Job, JobPool
from heteroagg_gui.workflow.places import log_folder
from heteroagg_gui.workflow.preferences import Preferences, save_preferences
from heteroagg_gui.workflow.session import Session
from heteroagg_gui.workflow.state import SessionState

if TYPE_CHECKING:
    from heteroagg_gui.gui.panels.simulate import SimulatePanel
    from heteroagg_gui.gui.retrain.tab import RetrainTab
    from heteroagg_gui.gui.trainings.bar_row import TrainingRow
    from heteroagg_gui.gui.trainings.panel import TrainingsPanel
    from heteroagg_gui.gui.views import Views
    from heteroagg_gui.learning.model_card import ModelCard
    from heteroagg_gui.workflow.trainings.queue import TrainingsState


class Program(QObject):
    """The running program.

    Parameters
    ----------
    application
        Qt's application.
    preferences
        What the user prefers.
    """

    def __init__(self, application: QApplication, preferences: Preferences) -> None:
        super().__init__()
        self._application = application
        self.preferences = preferences
        self.views: Views | None = None
        self.simulate_panel: SimulatePanel | None = None
        self.retrain_tab: RetrainTab | None = None
        self.trainings_panel: TrainingsPanel | None = None
        self.training_row: TrainingRow | None = None
        self._closed = False
        self.session = Session(SessionState(settings=preferences.settings()))
        self.icons = IconKeeper()
        self.highlight = Highlight(self)
        self.remembered = Remembered(open_settings())
        self.board = JobBoard(JobPool(), self)
        self.presenter = Presenter(self.session, self)
        self.warm_up = WarmUp(self)
        self.collector = Collector(self)
        self.has_sample = sample_folder() is not None
        self.welcome = WelcomePanel(self.icons, self.has_sample, self)
        self.jobs = JobBar(self.board, self.icons, self)
        self.window = Window(self.welcome.widget, self.jobs.widget, self.remembered)
        self.errors = ErrorDialog(log_folder(), self.window)
        self.help = HelpDialog(self.window)
        self.to = self._make_controllers()
        self.menus = Menus(self.window, self.icons, make_handlers(self))
        self.toolbar = ToolBar(self.icons, self.menus.actions, self)
        self.window.set_toolbar(self.toolbar.widget)
        self.side_menus = SideMenus(self)
        self._show_preferences()
        self._connect()
        self.presenter.add([self.toolbar])
        self._update_menus()

    def _make_controllers(self) -> Controllers:
        analysis = AnalysisController(self.session, self.board, self)
        models = ModelsController(self.session, self.board, analysis, self.window)
        return Controllers(
            files=FilesController(
                self.session, self.board, self.remembered, self.window, self._chosen_keys
            ),
            analysis=analysis,
            models=models,
            networks=NetworksController(models, self.board, self.icons, self.window),
            navigation=NavigationController(self.session, self.highlight, self),
            results=ResultsController(self.session, self.board, self.window),
            sessions=SessionsController(self.session, self.board, self.remembered, self.window),
            simulation=SimulationController(
                self.session, self.board, self.remembered, analysis, self.window
            ),
            retraining=RetrainingController(self.board, models, self.window),
            trainings=TrainingsController(self.board, models, self.window),
        )

    def _chosen_keys(self) -> tuple[int, ...]:
        chosen = self.views.batch.chosen_keys() if self.views is not None else ()
        selected = self.session.state.selected_key
        return chosen or (() if selected is None else (selected,))

    def _connect(self) -> None:
        files, analysis = self.to.files, self.to.analysis
        window, welcome = self.window, self.welcome
        window.painted.connect(self.warm_up.start)
        window.dropped.connect(self.open_paths)
        window.tab_shown.connect(self._on_tab)
        files.opened.connect(lambda _: window.show_tab("analyse"))
        window.dragged_over.connect(welcome.target.set_lit)
        window.palette_changed.connect(self.icons.refresh)
        window.closed = self._on_closed
        self._connect_sessions()
        window.running_jobs = lambda: [job.title for job in self.board.running]
        welcome.open_asked.connect(files.ask_files)
        welcome.folder_asked.connect(files.ask_folder)
        welcome.sample_asked.connect(files.open_sample)
        welcome.batch_asked.connect(files.open_paths)
        files.opened.connect(analysis.predict_if_wanted)
        files.calibrated.connect(analysis.predict_if_wanted)
        files.recent_changed.connect(self._show_recent)
        self._connect_trainings()
        self._connect_messages()
        self.toolbar.settings_asked.connect(analysis.change_settings)
        self.toolbar.model_asked.connect(self.to.models.choose)
        self.jobs.toggle.toggled.connect(self.menus.actions["log"].setChecked)
        self.board.failed.connect(self._on_job_failed)
        self.board.counted.connect(self._update_menus)
        self.presenter.shown.connect(self._on_shown)
        self.to.models.listed.connect(self._on_models)
        self.to.models.device_known.connect(self._on_device)
        self.warm_up.views_ready.connect(self._build_views)
        self.warm_up.cards_found.connect(self.to.models.set_shelf)
        self.warm_up.device_found.connect(self.to.models.set_devices)
        self.warm_up.failed.connect(self.errors.tell)
        self._show_recent()

    def _connect_trainings(self) -> None:
        trainings = self.to.trainings
        self.window.running_training = lambda: trainings.running_title
        trainings.changed.connect(self._on_trainings)
        trainings.page_asked.connect(self._show_trainings)
        trainings.edit_asked.connect(self.to.retraining.edit_plan)

    def _connect_messages(self) -> None:
        to = self.to
        for source in (to.files, to.results, to.simulation, to.retraining, to.trainings):
            source.failed.connect(self.errors.tell)
            source.said.connect(self.jobs.say)
        for speaker in (to.models, to.sessions):
            speaker.said.connect(self.jobs.say)

    def _connect_sessions(self) -> None:
        sessions, files = self.to.sessions, self.to.files
        files.session_named.connect(sessions.open_paths)
        sessions.folder_at_hand = lambda: files.last_folder
        sessions.recent_changed.connect(self._show_recent)
        sessions.opened.connect(lambda: self.window.show_tab("analyse"))
        sessions.opened.connect(lambda: self._on_models(self.to.models.cards))
        self.window.unsaved = lambda: sessions.would_ask
        self.window.settle = lambda running: sessions.settle(self._close_at_once, running)

    def _close_at_once(self) -> None:
        """Close without a question about what still runs: that was asked already."""
        running, self.window.running_jobs = self.window.running_jobs, tuple
        if not self.window.close():
            self.window.running_jobs = running

    def start(self, paths: Sequence[Path] = ()) -> None:
        """Show the window and open files."""
        self.collector.start()
        self.window.show()
        self.open_paths(paths)

    def _build_views(self) -> None:
        if self._closed:
            return
        from heteroagg_gui.gui.views import Views

        self.views = Views(self.icons, self.highlight, self)
        self.views.connect_to(self.to)
        self.views.workbench.restore(self.remembered.bytes_of("docks"))
        self.window.set_workbench(self.views.workbench)
        for widget in self.views.key_widgets:
            self.menus.bind(widget)
            widget.installEventFilter(self.window)
        self.side_menus.add_regions(self.views.workbench.view_actions)
        self.presenter.add(self.views.panels)
        self.window.show_state(self.presenter.state)
        self._on_models(self.to.models.cards)
        self._on_tab(self.window.tab)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Install networks, and open everything else as micrographs."""
        networks = networks_among(paths)
        self.to.networks.install(networks)
        self.to.files.open_paths([path for path in paths if path not in networks])

    def _on_tab(self, name: str) -> None:
        """Build a tab when it is first shown."""
        if self.views is not None and name == "retrain":
            self._show_retrain()
        if name == "simulate" and self.views is not None and self.simulate_panel is None:
            from heteroagg_gui.gui.panels.simulate import SimulatePanel

            self.simulate_panel = SimulatePanel(self.icons, self)
            self.window.fill_tab("simulate", self.simulate_panel.widget)
            self.simulate_panel.aggregate.open_if_possible()
            self.to.simulation.attach(self.simulate_panel, self.to.results)
        self._update_menus()

    def _show_retrain(self) -> None:
        if self.retrain_tab is not None:
            self.to.retraining.refresh()
            return
        from heteroagg_gui.gui.retrain.tab import RetrainTab
        from heteroagg_gui.gui.trainings.panel import TrainingsPanel

        self.retrain_tab = tab = RetrainTab(self.icons, self)
        self.window.fill_tab("retrain", tab.widget)
        self.to.retraining.attach(tab)
        self.trainings_panel = TrainingsPanel(self.icons, self)
        self.to.trainings.attach(self.trainings_panel)
        tab.set_trainings(self.trainings_panel.widget)
        tab.start_asked.connect(self.to.trainings.submit)

    def _show_trainings(self) -> None:
        """Show the trainings that run, wait or are over."""
        self.window.show_tab("retrain")
        if self.retrain_tab is not None:
            self.retrain_tab.show_trainings()

    def _on_shown(self, state: SessionState) -> None:
        self.window.show_state(state)
        self._update_menus()

    def _update_menus(self, *_: object) -> None:
        self.menus.update(
            Situation(
                self.presenter.state,
                can_undo=self.session.can_undo,
                can_redo=self.session.can_redo,
                has_model=self.to.analysis.has_model,
                has_sample=self.has_sample,
                ready=self.views is not None,
                busy=bool(self.board.running),
                tab=self.window.tab,
            )
        )

    def _on_models(self, cards: Sequence["ModelCard"]) -> None:
        models = self.to.models
        active = models.active
        self.toolbar.set_models(models.choices, models.choice)
        self.side_menus.set_models(models.choices, models.choice)
        if active is not None:
            self.help.set_model(active)
            self.help.set_names(look_named(active.material_system).names)
        if self.views is not None:
            self.views.prediction.set_model_available(bool(cards))
            self.views.prediction.set_training_ranges(self.to.models.training_ranges)
        self._update_menus()

    def _on_device(self, name: str, available: Sequence[str]) -> None:
        self.collector.spare_what_stays()
        self.to.simulation.warm()
        self.to.trainings.start()
        self.toolbar.set_device(name)
        self.side_menus.set_devices(available, self.session.state.settings.device)

    def _on_trainings(self, state: "TrainingsState") -> None:
        """Show the running training below every tab."""
        if self.training_row is None and state.running is not None:
            from heteroagg_gui.gui.trainings.bar_row import TrainingRow

            self.training_row = TrainingRow(self.icons)
            self.training_row.show_asked.connect(self.to.trainings.show_running)
            self.jobs.add_row(self.training_row)
        if self.training_row is not None:
            self.training_row.show_training(state.running)

    def _on_job_failed(self, _job: Job, error: BaseException) -> None:
        self.errors.tell(error)

    def _show_recent(self) -> None:
        batches = self.remembered.recent()
        self.welcome.set_recent(batches)
        self.side_menus.set_recent(batches)

    def prefer(self, **changes: Any) -> None:
        """Change preferences and act on them."""
        self.preferences = replace(self.preferences, **changes)
        self._show_preferences()

    def _show_preferences(self) -> None:
        preferences = self.preferences
        apply_appearance(self._application, Appearance(preferences.theme))
        self.to.analysis.predict_on_open = preferences.predict_on_open
        self.to.analysis.draw_after_predict = preferences.draw_after_predict
        self.to.files.last_folder = self.to.files.last_folder or preferences.last_folder
        for name in ("predict_on_open", "draw_after_predict"):
            self.menus.actions[name].setChecked(getattr(preferences, name))

    def _on_closed(self) -> None:
        """Remember everything and end what runs."""
        if self._closed:
            return
        self._closed = True
        self.warm_up.requestInterruption()
        own = self.to.sessions.own_settings
        kept = replace(
            self.preferences,
            last_folder=self.to.files.last_folder,
            **{name: own[name] for name in set(own) & set(vars(self.preferences))},
        )
        try:
            save_preferences(kept)
        except OSError as error:
            self.jobs.say(f"The preferences can't be saved: {error}")
        if self.views is not None:
            self.remembered.keep_bytes("docks", self.views.workbench.saveState())
            self.views.stop()
        self.to.simulation.stop()
        self.to.retraining.stop()
        if self.to.trainings.running_title:
            self.window.hide()
        self.to.trainings.close()
        self.remembered.sync()
        self.warm_up.wait()
        self.board.close()
        self.collector.stop()
