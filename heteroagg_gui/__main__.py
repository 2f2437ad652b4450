"""Entry points: files or nothing opens the window, otherwise the command line."""

import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path

from heteroagg_gui import __version__

_WINDOW_HELP = """usage: heteroagg-gui [--version] [--help] [FILE or FOLDER ...]

Opens the window with the micrographs loaded. The command line is 'heteroagg'."""


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
    multiprocessing.freeze_support()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if _names_files_only(arguments):
        return window(arguments)
    return command_line(arguments)


def _names_files_only(arguments: Sequence[str]) -> bool:
    from heteroagg_gui.cli import COMMAND_NAMES

    if arguments and arguments[0] in COMMAND_NAMES:
        return False
    return all(not a.startswith("-") and Path(a).exists() for a in arguments)


def window(argv: Sequence[str] | None = None) -> int:
    """Open the window with the given files and folders loaded."""
    multiprocessing.freeze_support()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if "--version" in arguments:
        print(f"heteroagg-gui {__version__}")
        return 0
    if "--help" in arguments or "-h" in arguments:
        print(_WINDOW_HELP)
        return 0
    unknown = [argument for argument in arguments if argument.startswith("-")]
    if unknown:
        print(f"heteroagg-gui has no option {unknown[0]}: see --help.", file=sys.stderr)
        return 2
    from heteroagg_gui.gui.app import run

    status: int = run([Path(argument) for argument in arguments])
    return status


def command_line(argv: Sequence[str] | None = None) -> int:
    """Run a sub-command."""
    multiprocessing.freeze_support()
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
