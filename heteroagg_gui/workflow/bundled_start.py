"""What a bundle sets up before anything else is imported."""

import os
import sys
from collections.abc import MutableMapping

from heteroagg_gui.core.kernel_cache import FOLDER_VARIABLE, LOCATOR, LOCATOR_VARIABLE
from heteroagg_gui.workflow.places import cache_folder

FRESH_START = "PYINSTALLER_RESET_ENVIRONMENT"
"""Tells the loader of a child to set the search path of libraries anew; Linux alone has one."""

_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LIBPATH")


def set_up(variables: MutableMapping[str, str] = os.environ) -> None:
    """Let compiled kernels be kept, and give other programs the system's libraries back.

    Parameters
    ----------
    variables
        Environment variables of this process and its children.
    """
    variables.setdefault(FOLDER_VARIABLE, str(cache_folder() / "kernels"))
    variables.setdefault(LOCATOR_VARIABLE, LOCATOR)
    if sys.platform == "linux":
        variables[FRESH_START] = "1"
    restore_library_paths(variables)


def restore_library_paths(variables: MutableMapping[str, str]) -> None:
    """Undo what the bundle's loader did to the search path of shared libraries.

    The path has served its purpose once the process runs. A browser or file manager that the
    window opens would load the bundle's libraries otherwise. Children of the bundle get it
    anew from their own loader, but only those that are told to start afresh: others take it
    for inherited, and find the libraries of the system or none.
    """
    for name in _LIBRARY_PATHS:
        variables.pop(name, None)
        original = variables.pop(f"{name}_ORIG", None)
        if original is not None:
            variables[name] = original
