"""Every error and warning that nothing else catches ends in one dialog and in the log."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from heteroagg_gui.workflow.log import catch_errors

_log = logging.getLogger("heteroagg_gui.qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class QtError(RuntimeError):
    """Qt reported an error of its own."""


class Complaints(QObject):
    """Collects errors of all threads and tells them in the thread of the window."""

    raised = Signal(object)

    def __init__(self, tell: Callable[[BaseException], None]) -> None:
        super().__init__()
        self._tell = tell
        self.raised.connect(self._on_raised)

    def install(self) -> None:
        """Take over the hooks of Python and Qt."""
        catch_errors(self.raised.emit)
        qInstallMessageHandler(self._on_message)

    def _on_raised(self, error: BaseException) -> None:
        self._tell(error)

    def _on_message(self, kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        _log.log(_LEVELS.get(kind, logging.WARNING), "%s", text)
        if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
            self.raised.emit(QtError(text))
