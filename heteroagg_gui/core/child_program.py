"""How this program starts a child process of itself, from source and as a bundle."""

import subprocess
import sys
from pathlib import Path

PROGRAM = "heteroagg_gui"
COMMAND_LINE_EXECUTABLE = "heteroagg"
WINDOW_EXECUTABLE = "heteroagg-gui"

HIDDEN_CONSOLE = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Creation flags for a child of the window: none of them opens a console on Windows."""


def is_bundled() -> bool:
    """Return whether the program runs from a bundle, where no Python interpreter is."""
    return bool(getattr(sys, "frozen", False))


def child_command(*arguments: str, module: str = PROGRAM) -> list[str]:
    """Return the command line of a child process of this program.

    Parameters
    ----------
    *arguments
        What follows the program's name, such as ``"predict", "image.tif"``.
    module
        The module that runs as ``python -m`` runs it: the program itself or one of its own.

    Raises
    ------
    ValueError
        If the module is not one of the program's.
    """
    if module.partition(".")[0] != PROGRAM:
        raise ValueError(f"{module} is no module of the program")
    if not is_bundled():
        return [sys.executable, "-m", module, *arguments]
    switch = () if module == PROGRAM else ("-m", module)
    return [_executable(COMMAND_LINE_EXECUTABLE), *switch, *arguments]


def window_command(*arguments: str) -> list[str]:
    """Return the command line of another window of this program.

    Parameters
    ----------
    *arguments
        What follows the program's name: files, or options of the window.
    """
    if not is_bundled():
        return [sys.executable, "-m", PROGRAM, *arguments]
    return [_executable(WINDOW_EXECUTABLE), *arguments]


def _executable(name: str) -> str:
    """Return the path of one of the bundle's executables, which lie beside each other."""
    this = Path(sys.executable)
    return str(this.with_name(name + this.suffix))
