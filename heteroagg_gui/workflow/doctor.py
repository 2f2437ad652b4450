"""What this computer has, what is missing and how to get it."""

import ctypes.util
import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from heteroagg_gui import __version__
from heteroagg_gui.core.child_program import is_bundled
from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.core.materials import MaterialSystem
from heteroagg_gui.workflow import places
from heteroagg_gui.workflow.materials import find_system, system_names
from heteroagg_gui.workflow.predictors import list_model_cards, model_folders

_PACKAGES = (
    "numpy",
    "scipy",
    "numba",
    "torch",
    "joblib",
    "safetensors",
    "tifffile",
    "ncempy",
    "pillow",
    "psygnal",
    "platformdirs",
    "PySide6-Essentials",
    "pyqtgraph",
    "vispy",
    "PyOpenGL",
)

_CUDA_INDEX = "https://download.pytorch.org/whl/cu130"


class Health(Enum):
    """How a check went."""

    OK = "ok"
    NOTE = "note"
    MISSING = "missing"


@dataclass(frozen=True)
class Check:
    """One finding.

    Parameters
    ----------
    section
        versions, device, display, data or paths.
    name
        What was looked at.
    health
        How it went.
    value
        What was found.
    remedy
        What to do; empty where nothing needs doing.
    """

    section: str
    name: str
    health: Health
    value: str
    remedy: str = ""


def diagnose() -> list[Check]:
    """Look at everything that the program needs.

    Importing torch makes this take a few seconds. No check raises: one that fails by
    itself is reported as missing.
    """
    checks: list[Check] = []
    for look in (_versions, _extras, _device, _display, _resources, _models, _paths):
        try:
            checks += look()
        except Exception as error:  # a broken installation must still be described
            title = look.__name__.strip("_")
            checks.append(Check(title, title, Health.MISSING, f"{type(error).__name__}: {error}"))
    return checks


def _versions() -> list[Check]:
    found = [
        Check("versions", "heteroagg", Health.OK, __version__),
        Check("versions", "Python", Health.OK, f"{platform.python_version()} ({sys.executable})"),
        Check("versions", "system", Health.OK, platform.platform()),
    ]
    return found + [_package(name) for name in _PACKAGES]


def _package(name: str) -> Check:
    try:
        return Check("versions", name, Health.OK, version(name))
    except PackageNotFoundError:
        if is_bundled():
            return Check("versions", name, Health.OK, "part of the bundle")
        remedy = f"Install it: pip install {name}"
        return Check("versions", name, Health.MISSING, "not installed", remedy)


def _extras() -> list[Check]:
    if importlib.util.find_spec("abtem") is not None:
        return [Check("versions", "abtem (extra multislice)", Health.OK, version("abtem"))]
    remedy = "Needed for 'heteroagg reference' only: pip install 'heteroagg-gui[multislice]'"
    return [
        Check("versions", "abtem (extra multislice)", Health.NOTE, "not installed", remedy),
    ]


def _device() -> list[Check]:
    from heteroagg_gui.learning.compact import device_named

    cores = os.cpu_count() or 1
    checks = [Check("device", "processor", Health.OK, f"{platform.machine()}, {cores} cores")]
    device = device_named("auto")
    if device == "cpu":
        checks.append(Check("device", "graphics card", Health.NOTE, "none usable", _cuda_remedy()))
    else:
        checks.append(Check("device", "graphics card", Health.OK, device))
    return checks


def _cuda_remedy() -> str:
    """Return how to compute on an NVIDIA card, in one line."""
    if shutil.which("nvidia-smi") is None:
        return "Not needed to predict. Training is faster on an NVIDIA card."
    if is_bundled():
        return "This build computes on the processor: start 'packaging/bootstrap.py run' for CUDA."
    return f"For the NVIDIA card: {sys.executable} -m pip install torch --index-url {_CUDA_INDEX}"


def _display() -> list[Check]:
    if not sys.platform.startswith("linux"):
        return [Check("display", "OpenGL", Health.OK, "part of the system")]
    checks = [_library("OpenGL", "GL", "libgl1"), _library("EGL", "EGL", "libegl1")]
    checks.append(_library("X cursor library", "xcb-cursor", "libxcb-cursor0"))
    screen = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    if screen:
        checks.append(Check("display", "screen", Health.OK, screen))
    else:
        remedy = "The window needs a desktop session; the command line does not."
        checks.append(Check("display", "screen", Health.NOTE, "none", remedy))
    return checks


def _library(title: str, name: str, package: str) -> Check:
    found = ctypes.util.find_library(name)
    if found:
        return Check("display", title, Health.OK, found)
    remedy = f"Needed for the window: apt-get install {package}"
    return Check("display", title, Health.MISSING, "not found", remedy)


def _resources() -> list[Check]:
    return [check for name in system_names() for check in _curves_of(name)]


def _curves_of(name: str) -> list[Check]:
    """Return a check for each phase of a material system."""
    try:
        system = find_system(name)
    except HeteroaggError as error:
        return [Check("data", f"materials {name}", Health.MISSING, "damaged", str(error))]
    phases = [phase for material in system.materials for phase in material.phases]
    return [_curve(system, phase) for phase in phases]


def _curve(system: MaterialSystem, phase: str) -> Check:
    title = f"{system.name}: curves of {phase}"
    try:
        return Check("data", title, Health.OK, str(system.reference_path(phase)))
    except HeteroaggError as error:
        return Check("data", title, Health.MISSING, "not found", str(error))


def _models() -> list[Check]:
    cards = list_model_cards()
    if not cards:
        remedy = "Train one, or add one: heteroagg models install PATH"
        return [Check("data", "networks", Health.MISSING, "none", remedy)]
    return [Check("data", "networks", Health.OK, ", ".join(card.name for card in cards))]


def _paths() -> list[Check]:
    named: tuple[tuple[str, Callable[[], Path]], ...] = (
        ("preferences", places.preferences_path),
        ("log", places.log_folder),
        ("user's networks", places.user_models_folder),
        ("user's materials", places.user_materials_folder),
        ("cache", places.cache_folder),
    )
    checks = [_writable(title, find()) for title, find in named]
    folders = ", ".join(str(folder) for folder in model_folders()) or "none"
    return [*checks, Check("paths", "folders of networks", Health.OK, folders)]


def _writable(title: str, path: Path) -> Check:
    existing = next(folder for folder in (path, *path.parents) if folder.exists())
    if os.access(existing, os.W_OK):
        return Check("paths", title, Health.OK, str(path))
    remedy = f"Allow writing there, or set {places.HOME_VARIABLE} to another folder."
    return Check("paths", title, Health.MISSING, f"{path} can't be written", remedy)
