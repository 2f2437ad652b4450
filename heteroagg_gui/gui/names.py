"""What the program calls itself towards the desktop. Set before the first QSettings."""

import sys

from PySide6.QtCore import QCoreApplication, QSettings
from PySide6.QtGui import QGuiApplication

APPLICATION = "heteroagg-gui"
ORGANISATION = "heteroagg"
DISPLAY_NAME = "Heteroagg"
DESKTOP_FILE = "heteroagg-gui"
WINDOWS_MODEL_ID = "heteroagg.heteroagg-gui"


def set_names(version: str) -> None:
    """Tell Qt, the Wayland compositor and the Windows task bar who we are."""
    QCoreApplication.setApplicationName(APPLICATION)
    QCoreApplication.setOrganizationName(ORGANISATION)
    QCoreApplication.setApplicationVersion(version)
    QGuiApplication.setApplicationDisplayName(DISPLAY_NAME)
    QGuiApplication.setDesktopFileName(DESKTOP_FILE)
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(WINDOWS_MODEL_ID)


def open_settings() -> QSettings:
    """Return the store of window geometry and recent files."""
    return QSettings(
        QSettings.defaultFormat(), QSettings.Scope.UserScope, ORGANISATION, APPLICATION
    )
