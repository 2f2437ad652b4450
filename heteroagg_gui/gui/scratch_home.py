"""A home of its own for a window that is to leave the user's settings alone."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QSettings

from heteroagg_gui.workflow.places import HOME_VARIABLE


def use_folders_in(home: Path) -> None:
    """Keep settings, log and caches in a folder, away from the user's own."""
    os.environ[HOME_VARIABLE] = str(home.absolute())
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(home / "settings"))


@contextmanager
def scratch_home() -> Iterator[None]:
    """Use folders that are deleted in the end."""
    with tempfile.TemporaryDirectory(prefix="heteroagg-home-") as home:
        use_folders_in(Path(home))
        yield
