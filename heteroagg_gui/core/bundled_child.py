"""What a bundled executable does when it is started in place of a Python interpreter.

Packages start workers as ``sys.executable -m module`` or ``sys.executable -c code``. In a
bundle that is the program's own executable, which must do what the interpreter would.
:mod:`multiprocessing` is taken care of by PyInstaller; joblib's processes and the program's
own children are taken care of here.
"""

import runpy
import sys
from collections.abc import Sequence

from heteroagg_gui.core.child_program import PROGRAM

_MODULES = (PROGRAM, "joblib.externals.loky")
_CODE = "from joblib.externals.loky.backend.resource_tracker import main"
_WITH_VALUE = ("-W", "-X")


def act_as_interpreter(arguments: Sequence[str]) -> None:
    """Do what a Python interpreter would and end the process, if that is what was asked for.

    Parameters
    ----------
    arguments
        The command line, the program's name first. Returns where it asks for nothing that an
        interpreter does.
    """
    rest = _without_flags(arguments[1:])
    if len(rest) < 2:
        return
    switch, what = rest[:2]
    if switch == "-m" and _is_known(what):
        sys.argv = [what, *rest[2:]]
        runpy.run_module(what, run_name="__main__", alter_sys=True)
        sys.exit(0)
    if switch == "-c" and what.startswith(_CODE):
        sys.argv = ["-c", *rest[2:]]
        exec(what, {"__name__": "__main__"})  # noqa: S102
        sys.exit(0)


def _is_known(module: str) -> bool:
    return any(module == known or module.startswith(known + ".") for known in _MODULES)


def _without_flags(arguments: Sequence[str]) -> list[str]:
    """Return the arguments from ``-m`` or ``-c`` on; nothing where others stand before it."""
    rest = list(arguments)
    while rest and rest[0].startswith("-") and rest[0] not in {"-m", "-c"}:
        flag = rest.pop(0)
        if flag in _WITH_VALUE and rest:
            rest.pop(0)
    return rest if rest and rest[0] in {"-m", "-c"} else []
