"""What each command does: joins the table of commands with the controllers."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QImage

from heteroagg_gui.gui.controllers.bundle import Controllers
from heteroagg_gui.gui.help_dialog import HelpDialog
from heteroagg_gui.gui.job_board import JobBoard
from heteroagg_gui.gui.panels.jobs import JobBar
from heteroagg_gui.gui.window import Window
from heteroagg_gui.workflow.places import log_folder
from heteroagg_gui.workflow.session import Session

if TYPE_CHECKING:
    from heteroagg_gui.gui.panels.simulate import SimulatePanel
    from heteroagg_gui.gui.views import Views


class Parts(Protocol):
    """What commands act on."""

    session: Session
    board: JobBoard
    window: Window
    jobs: JobBar
    to: Controllers
    help: HelpDialog

    @property
    def simulate_panel(self) -> "SimulatePanel | None":
        """The Simulate tab, once it was opened."""

    @property
    def views(self) -> "Views | None":
        """The panels, once they are built."""

    def prefer(self, **changes: Any) -> None:
        """Change preferences."""


Handlers = Mapping[str, Callable[..., Any]]


def make_handlers(parts: Parts) -> Handlers:
    """Return one callable per command."""
    return {
        **_file_handlers(parts),
        **_edit_handlers(parts),
        **_view_handlers(parts),
        **_analysis_handlers(parts),
        **_simulation_handlers(parts),
        **_retraining_handlers(parts),
        "install_model": parts.to.networks.ask_file,
        "manage_models": parts.to.networks.open,
        "about_model": lambda: parts.help.open_at("model"),
        "help": lambda: parts.help.open_at("help"),
        "about": lambda: parts.help.open_at("about"),
        "open_log_folder": open_log_folder,
    }


def open_log_folder() -> None:
    """Show the folder of the log in the file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))


def _with_views(parts: Parts, act: Callable[["Views"], Any]) -> Callable[[], None]:
    def run() -> None:
        if parts.views is not None:
            act(parts.views)

    return run


def _copy(parts: Parts, choose: Callable[["Views"], Callable[[], QImage]]) -> Callable[[], None]:
    return _with_views(parts, lambda views: parts.to.results.copy_picture(choose(views)))


def _save(
    parts: Parts, name: str, choose: Callable[["Views"], Callable[[], QImage]]
) -> Callable[[], None]:
    return _with_views(parts, lambda views: parts.to.results.save_picture(name, choose(views)))


def _file_handlers(parts: Parts) -> Handlers:
    files, results, sessions = parts.to.files, parts.to.results, parts.to.sessions
    return {
        "open": files.ask_files,
        "open_folder": files.ask_folder,
        "open_sample": files.open_sample,
        "open_session": sessions.ask_open,
        "save_session": sessions.save,
        "save_session_as": sessions.save_as,
        "export": results.ask_export,
        "save_view": _save(parts, "shadow", lambda views: views.viewer.picture),
        "save_histograms": _save(parts, "descriptors", lambda views: views.descriptors.picture),
        "save_micrograph": _save(parts, "micrograph", lambda views: views.micrograph.picture),
        "save_descriptors": _with_views(
            parts,
            lambda views: results.save_text(
                "Save descriptors", "descriptors.csv", views.descriptors.as_csv
            ),
        ),
        "close_batch": files.close_batch,
        "quit": parts.window.close,
    }


def _edit_handlers(parts: Parts) -> Handlers:
    files, results, go = parts.to.files, parts.to.results, parts.to.navigation
    return {
        "undo": parts.session.undo,
        "redo": parts.session.redo,
        "copy_text": results.copy_text,
        "copy_csv": results.copy_csv,
        "copy_view": _copy(parts, lambda views: views.viewer.picture),
        "copy_histograms": _copy(parts, lambda views: views.descriptors.picture),
        "copy_micrograph": _copy(parts, lambda views: views.micrograph.picture),
        "paste": files.paste,
        "toggle_included": files.toggle_included,
        "remove": files.remove,
        "retry": files.retry,
        "next_image": lambda: go.step_image(1),
        "previous_image": lambda: go.step_image(-1),
    }


def _view_handlers(parts: Parts) -> Handlers:
    return {
        "log": parts.jobs.toggle.setChecked,
        "reset_view": _with_views(parts, lambda views: views.viewer.reset_view()),
        "reset_layout": _with_views(parts, lambda views: views.workbench.reset_layout()),
        "full_screen": parts.window.set_full_screen,
    }


def _simulation_handlers(parts: Parts) -> Handlers:
    def throw_dice() -> None:
        if parts.simulate_panel is not None:
            parts.simulate_panel.throw_dice()

    return {
        "show_analyse": lambda: parts.window.show_tab("analyse"),
        "show_simulate": lambda: parts.window.show_tab("simulate"),
        "new_aggregate": throw_dice,
        "add_simulated": parts.to.simulation.add,
        "save_simulated": parts.to.simulation.ask_folder,
        "copy_simulate_command": parts.to.simulation.copy_command,
    }


def _retraining_handlers(parts: Parts) -> Handlers:
    retraining = parts.to.retraining
    return {
        "show_retrain": lambda: parts.window.show_tab("retrain"),
        "open_plan": retraining.ask_plan,
        "save_plan": retraining.save,
        "copy_retrain_command": retraining.copy_command,
        "start_over": retraining.start_over,
    }


def _analysis_handlers(parts: Parts) -> Handlers:
    analysis, go = parts.to.analysis, parts.to.navigation
    return {
        "predict": analysis.predict,
        "draw_shadows": analysis.draw_shadows,
        "next_shadow": lambda: go.step_shadow(1),
        "previous_shadow": lambda: go.step_shadow(-1),
        "pixel_size": _with_views(parts, lambda views: views.micrograph.ask_pixel_size()),
        "predict_on_open": lambda on: parts.prefer(predict_on_open=on),
        "draw_after_predict": lambda on: parts.prefer(draw_after_predict=on),
        "cancel_jobs": parts.board.cancel_all,
    }
