"""Parsing, running and reporting of the sub-commands."""

import argparse
import contextlib
import io
import logging
import os
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from heteroagg_gui import __version__
from heteroagg_gui.cli import COMMAND_NAMES
from heteroagg_gui.cli.console import Console
from heteroagg_gui.cli.interruption import stopping_at_progress
from heteroagg_gui.cli.options import Parser
from heteroagg_gui.cli.outcome import DONE, NOTHING_DONE, STOPPED, NothingDoneError, Outcome
from heteroagg_gui.core.errors import Cancelled, HeteroaggError
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.workflow.documents import as_json

_EPILOG = (
    "theta is D_f RHO THETA0 THETA1: fractal dimension, number fraction of the material with "
    "label 0, primary cluster sizes of label 0 and of label 1; in tio2-wo3 label 0 is WO3 and "
    "label 1 TiO2. Exit status: 0 done; 1 done, but some inputs were "
    "refused; 2 nothing could be done."
)


@dataclass(frozen=True)
class Command:
    """One sub-command: a module with a summary, its options and what it does."""

    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Progress], Outcome]


def _load(name: str) -> Command:
    module = import_module(f"heteroagg_gui.cli.{name}")
    return Command(module.SUMMARY, module.add_arguments, module.run)


COMMANDS: Mapping[str, Command] = {name: _load(name) for name in COMMAND_NAMES}


def build_parser() -> Parser:
    """Return the parser of all commands."""
    parser = Parser(
        prog="heteroagg",
        description="Stereology of nanoparticle hetero-aggregates from 2D HAADF-STEM images.",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"heteroagg {__version__}")
    parts = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    for name, command in COMMANDS.items():
        part = parts.add_parser(name, help=command.summary, description=command.summary)
        command.add_arguments(part)
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit status.

    Parameters
    ----------
    arguments
        What follows the program's name.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    parser = build_parser()
    chosen = parser.parse_args(arguments)
    if chosen.command is None:
        parser.print_help()
        return DONE
    console = Console()
    try:
        return _run(chosen, console)
    except BrokenPipeError:
        # The reader of our output has gone: keep the interpreter from writing to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (KeyboardInterrupt, Cancelled):
        return _stopped(console)
    except Exception as error:
        if _was_interrupted(error):
            return _stopped(console)
        if chosen.debug:
            raise
        return _fail(error, chosen, console)


def _was_interrupted(error: BaseException | None) -> bool:
    """Tell whether Ctrl-C lies behind an error.

    Compiled code that is interrupted while it hands its result over raises a SystemError
    caused by the KeyboardInterrupt.
    """
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def _stopped(console: Console) -> int:
    console.say("Stopped: what was not finished is left out.")
    return STOPPED


def _run(chosen: argparse.Namespace, console: Console) -> int:
    with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
        if not chosen.debug:
            warnings.simplefilter("ignore")
            logging.getLogger("heteroagg_gui").addHandler(logging.NullHandler())
        with stopping_at_progress(console.progress) as progress:
            outcome = COMMANDS[chosen.command].run(chosen, progress)
    console.clear()
    print(as_json(outcome.document) if chosen.json else outcome.text(), flush=True)
    for sentence in (*outcome.refused, *outcome.notes):
        console.say(sentence)
    return outcome.code


def _fail(error: Exception, chosen: argparse.Namespace, console: Console) -> int:
    sentence = _sentence(error)
    if chosen.json:
        more: dict[str, Any] = error.document if isinstance(error, NothingDoneError) else {}
        print(as_json({"error": sentence, **more}), flush=True)
    console.say(sentence)
    return NOTHING_DONE


def _sentence(error: Exception) -> str:
    if isinstance(error, HeteroaggError):
        return str(error)
    if isinstance(error, OSError) and error.filename is not None:
        return f"'{error.filename}' can't be used: {error.strerror or error}."
    if isinstance(error, MemoryError):
        return "There is not enough memory: ask for less at a time."
    return (
        f"An unexpected error, {type(error).__name__}: {error}; "
        "run the command again with --debug to see where it comes from."
    )
