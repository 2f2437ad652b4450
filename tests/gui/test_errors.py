import sys
import threading

import pytest
from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QDesktopServices, QGuiApplication

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.gui.complaints import Complaints
from heteroagg_gui.gui.error_dialog import UNEXPECTED, ErrorDialog, sentences


@pytest.fixture
def dialog(qtbot, tmp_path):
    dialog = ErrorDialog(tmp_path)
    qtbot.addWidget(dialog)
    return dialog


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as caught:
        return caught


def test_expected_error_is_one_sentence(dialog):
    dialog.tell(raised(ModelError("No network is installed: add one.")))
    assert dialog.isVisible()
    assert dialog.cause.text() == "No network is installed: add one."
    assert not dialog.remedy.isVisible()
    assert not dialog.details.isVisible()


def test_unexpected_error_has_remedy_details_and_copy(dialog):
    dialog.tell(raised(ZeroDivisionError("division by zero")))
    assert dialog.cause.text().startswith(UNEXPECTED)
    assert dialog.remedy.text()
    dialog.details_button.click()
    assert dialog.details.isVisible()
    assert "Traceback" in dialog.details.toPlainText()
    dialog.copy_button.click()
    assert "ZeroDivisionError" in QGuiApplication.clipboard().text()


def test_several_errors_share_one_dialog(dialog):
    for k in range(3):
        dialog.tell(raised(ValueError(f"number {k}")))
    assert "number 2" in dialog.cause.text()
    assert dialog.count.text().startswith("2 more")
    assert "number 0" in dialog.details.toPlainText()
    dialog.close()
    dialog.tell(raised(ValueError("later")))
    assert not dialog.count.isVisible()


def test_log_folder_is_opened(dialog, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    dialog.folder_button.click()
    assert opened == [str(tmp_path)]


def test_files_in_the_way_are_named():
    cause, remedy = sentences(PermissionError(13, "Permission denied", "/data/out.csv"))
    assert cause == "/data/out.csv can't be used (Permission denied)."
    assert remedy
    assert "memory" in sentences(MemoryError())[0]


@pytest.fixture
def hooks(monkeypatch, qapp):
    """Let a test install the hooks, and put the old ones back."""
    old = sys.excepthook, threading.excepthook
    handler = qInstallMessageHandler(None)
    yield
    sys.excepthook, threading.excepthook = old
    qInstallMessageHandler(handler)


def test_hooks_lead_to_the_dialog_from_every_thread(hooks, qtbot, caplog):
    told: list[BaseException] = []
    complaints = Complaints(told.append)
    complaints.install()
    error = raised(ValueError("in the main thread"))
    sys.excepthook(type(error), error, error.__traceback__)

    def work():
        raise KeyError("in a worker")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    complaints._on_message(QtMsgType.QtWarningMsg, None, "a warning of Qt")
    complaints._on_message(QtMsgType.QtCriticalMsg, None, "an error of Qt")
    qtbot.waitUntil(lambda: len(told) == 3)
    assert {type(error).__name__ for error in told} == {"ValueError", "KeyError", "QtError"}
    assert "a warning of Qt" in caplog.text
