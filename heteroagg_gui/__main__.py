"""Entry points: files or nothing opens the window, otherwise the command line."""

import atexit
import gc
import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path

from heteroagg_gui import __version__
from heteroagg_gui.core.bundled_child import act_as_interpreter
from heteroagg_gui.core.child_program import is_bundled

_WINDOW_HELP = """usage: heteroagg-gui [--version] [--help] [--new-window] [FILE or FOLDER ...]

Opens the window with the micrographs or the session loaded, or hands them to the window that
is open already, unless --new-window is given. The command line is 'heteroagg'."""
_NEW_WINDOW = "--new-window"
_WITH_PATH = ("--smoke-test", "--start-up-times")


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window for files or nothing, otherwise run the command line.

    Parameters
    ----------
    argv
        What follows the program's name; from the system if None.

    Returns
    -------
    int
        Exit status.
    """
    _begin()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if _is_for_window(arguments):
        return window(arguments)
    return command_line(arguments)


def _begin() -> None:
    """Be a child process if that is what was started; set up a bundle.

    The interpreter's last search for garbage, a second or more with PyTorch loaded, is spared.
    """
    atexit.register(gc.freeze)
    multiprocessing.freeze_support()
    if is_bundled():
        from heteroagg_gui.workflow.bundled_start import set_up

        set_up()
        act_as_interpreter(sys.argv)


def _is_for_window(arguments: Sequence[str]) -> bool:
    from heteroagg_gui.cli import COMMAND_NAMES

    if not arguments or arguments[0] in (_NEW_WINDOW, *_WITH_PATH):
        return True
    if arguments[0] in COMMAND_NAMES:
        return False
    return all(not a.startswith("-") and Path(a).exists() for a in arguments)


def window(argv: Sequence[str] | None = None) -> int:
    """Open the window with the given files and folders loaded."""
    _begin()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if "--version" in arguments:
        print(f"heteroagg-gui {__version__}")
        return 0
    if "--help" in arguments or "-h" in arguments:
        print(_WINDOW_HELP)
        return 0
    if len(arguments) == 2 and arguments[0] in _WITH_PATH:
        return _scripted(arguments[0], Path(arguments[1]))
    new_window = _NEW_WINDOW in arguments
    arguments = [argument for argument in arguments if argument != _NEW_WINDOW]
    unknown = [argument for argument in arguments if argument.startswith("-")]
    if unknown:
        print(f"heteroagg-gui has no option {unknown[0]}: see --help.", file=sys.stderr)
        return 2
    from heteroagg_gui.gui.app import run

    status: int = run([Path(argument) for argument in arguments], new_window=new_window)
    return status


def _scripted(option: str, path: Path) -> int:
    """Open a window that works by itself and closes: for tests of an installation."""
    from heteroagg_gui.gui.scripted import measure_start_up, smoke_test

    status: int = (smoke_test if option == "--smoke-test" else measure_start_up)(path)
    return status


def command_line(argv: Sequence[str] | None = None) -> int:
    """Run a sub-command."""
    _begin()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == ["--version"]:
        print(f"heteroagg {__version__}")
        return 0
    try:
        from heteroagg_gui.cli import main as run_command

        return run_command(arguments)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
