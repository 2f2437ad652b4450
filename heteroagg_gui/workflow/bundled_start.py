"""What a bundle sets up before anything else is imported."""

import os
from collections.abc import MutableMapping

from heteroagg_gui.core.kernel_cache import FOLDER_VARIABLE, LOCATOR, LOCATOR_VARIABLE
from heteroagg_gui.workflow.places import cache_folder

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
    restore_library_paths(variables)


def restore_library_paths(variables: MutableMapping[str, str]) -> None:
    """Undo what the bundle's loader did to the search path of shared libraries.

    The path has served its purpose once the process runs. A browser or file manager that the
    window opens would load the bundle's libraries otherwise; children of the bundle get it
    anew from their own loader.
    """
    for name in _LIBRARY_PATHS:
        variables.pop(name, None)
        original = variables.pop(f"{name}_ORIG", None)
        if original is not None:
            variables[name] = original
