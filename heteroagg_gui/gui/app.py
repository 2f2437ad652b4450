"""Starting the window."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication

from heteroagg_gui import __version__
from heteroagg_gui.gui.complaints import Complaints
from heteroagg_gui.gui.icons import application_icon
from heteroagg_gui.gui.names import set_names
from heteroagg_gui.gui.program import Program
from heteroagg_gui.gui.theme import enforce_readable_font
from heteroagg_gui.workflow.log import start_log
from heteroagg_gui.workflow.preferences import load_preferences


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


def run(paths: Sequence[Path] = ()) -> int:
    """Open the window, with files and folders already in it, until it is closed.

    Parameters
    ----------
    paths
        Micrographs and folders to open.

    Returns
    -------
    int
        Exit status.
    """
    start_log()
    application = make_application()
    program = Program(application, load_preferences())
    complaints = Complaints(program.errors.tell)
    complaints.install()
    program.start(paths)
    return application.exec()
