"""Starting the window."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication

from heteroagg_gui import __version__
from heteroagg_gui.gui.complaints import Complaints
from heteroagg_gui.gui.dropped_on_icon import DroppedOnIcon
from heteroagg_gui.gui.file_inbox import FileInbox, claim_window, hand_over
from heteroagg_gui.gui.icons import application_icon
from heteroagg_gui.gui.kernel_warm_up import KernelWarmUp
from heteroagg_gui.gui.names import set_names
from heteroagg_gui.gui.program import Program
from heteroagg_gui.gui.theme import enforce_readable_font
from heteroagg_gui.workflow.log import start_log
from heteroagg_gui.workflow.preferences import Preferences, load_preferences


def make_application(arguments: Sequence[str] = ()) -> QApplication:
    """Return Qt's application, named and with readable text."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
    os.environ.setdefault("QT_API", "pyside6")
    set_names(__version__)
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    application = QApplication([sys.argv[0], *arguments])
    application.setWindowIcon(application_icon())
    enforce_readable_font(application)
    return application


def run(paths: Sequence[Path] = (), *, new_window: bool = False) -> int:
    """Open the window, with files and folders already in it, until it is closed.

    Parameters
    ----------
    paths
        Micrographs and folders to open.
    new_window
        Open a window even where one is open already, which would take the files otherwise.

    Returns
    -------
    int
        Exit status.
    """
    lock = None if new_window else claim_window()
    if lock is None and not new_window and hand_over(paths):
        return 0

    def begin(program: Program) -> None:
        if lock is not None:
            FileInbox(program.window, program.open_paths).listen()
        program.start(paths)

    return run_program(begin, load_preferences())


def run_program(begin: Callable[[Program], object], preferences: Preferences) -> int:
    """Put the program together, begin, and serve the window until it is closed.

    Parameters
    ----------
    begin
        Shows the window and does what is to be done first.
    preferences
        What the user prefers.

    Returns
    -------
    int
        Exit status.
    """
    start_log()
    application = make_application()
    program = Program(application, preferences)
    complaints = Complaints(program.errors.tell)
    complaints.install()
    DroppedOnIcon(application, program.open_paths)
    warm_up = KernelWarmUp(program)
    program.warm_up.finished.connect(warm_up.start)
    begin(program)
    status = application.exec()
    warm_up.stop()
    return status
