#!/usr/bin/env python3
"""Run the program, or all its checks, on a machine that has nothing but Python.

    python3 packaging/bootstrap.py run [FILES or FOLDERS...]
    python3 packaging/bootstrap.py test [arguments for pytest...]

Both first make the virtual environment ``.venv`` in the project's folder and fill it with the
pinned packages; a later call finds it ready and starts at once.

This file stays readable for Python 3.8, so that an old Python leads to a sentence instead of a
syntax error; the modules beside it are imported only once the version is right.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWEST = (3, 14)
PROJECT = Path(__file__).resolve().parent.parent


def fitting_python() -> str | None:
    """Return a Python of this machine whose version fits."""
    for minor in (13, 12, 11, 14):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    return None


def version_sentence(version: tuple[int, ...]) -> str:
    """Return what to tell someone whose Python does not fit."""
    return (
        f"This program needs Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]} and this "
        f"is Python {version[0]}.{version[1]}: install a fitting one (Debian and Ubuntu: "
        "apt-get install python3.12 python3.12-venv; Windows and macOS: python.org) and start "
        "this script again."
    )


def leave_unfit_python() -> None:
    """Go on with a Python that fits, or end with one sentence, where this one does not fit."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    found = fitting_python()
    if found is None:
        sys.exit(version_sentence(sys.version_info[:2]))
    command = [found, str(Path(__file__).resolve()), *sys.argv[1:]]
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(found, command)


def build_parser() -> argparse.ArgumentParser:
    """Return the command line of this script."""
    parser = argparse.ArgumentParser(
        prog="bootstrap.py", description="Run the program, or all its checks, on a fresh machine."
    )
    commands = parser.add_subparsers(dest="command", metavar="run | test", required=True)
    run = commands.add_parser(
        "run",
        help="start the program with the sample micrographs",
        description="Start the window; where there is no display, predict on the command line "
        "and say where the results are.",
    )
    run.add_argument(
        "inputs", nargs="*", type=Path, help="micrographs or folders (default: the sample batch)"
    )
    run.add_argument(
        "--headless", action="store_true", help="use the command line even where a display is"
    )
    run.add_argument(
        "--out",
        type=Path,
        default=PROJECT / "results",
        help="folder for the results of a run without a display (default: results)",
    )
    commands.add_parser(
        "test",
        help="run every linter and every test; further arguments go to pytest",
        add_help=False,
    )
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks; return the exit status."""
    parser = build_parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command != "test":
        parser.error(f"unknown arguments: {' '.join(rest)}")

    import checks
    import sample_run
    from environment import Environment
    from failure import BootstrapError

    try:
        if options.command == "test":
            return checks.run_all(Environment(PROJECT), rest)
        return sample_run.start(
            Environment(PROJECT), options.inputs, options.out, headless=options.headless
        )
    except BootstrapError as error:
        print(f"\n{error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    leave_unfit_python()
    sys.exit(main())
