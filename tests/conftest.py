"""What every test finds ready: folders of its own, a platform for Qt, a skip that says why."""

import functools
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

HAS_DISPLAY = sys.platform != "linux" or bool(os.environ.get("DISPLAY"))
if not HAS_DISPLAY:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

LEAST_OPENGL = (3, 3)
OPENGL_VERSION = """
from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext, QSurfaceFormat
application = QGuiApplication([])
wanted = QSurfaceFormat()
wanted.setVersion(3, 3)
surface = QOffscreenSurface()
surface.setFormat(wanted)
surface.create()
context = QOpenGLContext()
context.setFormat(wanted)
if context.create() and context.makeCurrent(surface):
    print(context.format().majorVersion(), context.format().minorVersion())
"""


@functools.cache
def reason_without_gl() -> str | None:
    """Return why nothing can be drawn with OpenGL; asked in a process that may crash."""
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return "needs OpenGL: Qt's offscreen platform has none, start under xvfb-run"
    command = [sys.executable, "-c", OPENGL_VERSION]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    version = tuple(int(number) for number in answer.stdout.split())
    if version >= LEAST_OPENGL:
        return None
    found = ".".join(map(str, version)) or "none"
    return f"needs OpenGL 3.3: this display has {found}"


@functools.cache
def reason_without_gpu() -> str | None:
    """Return why nothing can be computed on a GPU."""
    import torch

    return None if torch.cuda.is_available() else "needs a CUDA device: torch sees none"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this machine cannot do."""
    for marker, find_reason in (("gl", reason_without_gl), ("gpu", reason_without_gpu)):
        reason = find_reason() if item.get_closest_marker(marker) else None
        if reason:
            pytest.skip(reason)


@pytest.fixture(autouse=True)
def own_user_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    """Keep preferences, logs and models of the tests away from the user's own."""
    home = tmp_path_factory.mktemp("home")
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))


@pytest.fixture(scope="session")
def project() -> Path:
    """Return the project's folder."""
    return Path(__file__).resolve().parent.parent
