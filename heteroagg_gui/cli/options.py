"""Options made from the declared parameters of actions."""

import argparse
from collections.abc import Mapping
from typing import Any, NoReturn

from heteroagg_gui.cli.outcome import NOTHING_DONE
from heteroagg_gui.workflow.action import Action, Parameter
from heteroagg_gui.workflow.values import Kind

_METAVARS: dict[Kind, str | tuple[str, ...]] = {
    Kind.INTEGER: "N",
    Kind.NUMBER: "X",
    Kind.TEXT: "NAME",
    Kind.FILE: "FILE",
    Kind.FOLDER: "DIR",
    Kind.RANGE: ("MIN", "MAX"),
    Kind.THETA: ("D_f", "RHO", "THETA0", "THETA1"),
}


class Parser(argparse.ArgumentParser):
    """Ends with one sentence where the arguments make no sense."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Print one sentence and exit with status 2."""
        self.exit(NOTHING_DONE, f"{self.prog}: {message}; see '{self.prog} --help'.\n")


def describe(parameter: Parameter) -> str:
    """Return the help of a parameter with its limits and default."""
    notes = []
    if parameter.minimum is not None and parameter.kind is not Kind.FLAG:
        notes.append(parameter.limits.removeprefix("choose "))
    if parameter.default is not None and parameter.default is not False and parameter.default != "":
        unit = f" {parameter.unit}" if parameter.unit else ""
        notes.append(f"default {_in_words(parameter.default)}{unit}")
    suffix = f" [{'; '.join(notes)}]" if notes else ""
    return (parameter.help + suffix).replace("%", "%%")


def _in_words(value: Any) -> str:
    return " ".join(str(v) for v in value) if isinstance(value, tuple) else f"{value}"


def add_option(
    parser: argparse._ActionsContainer,
    action: Action,
    name: str,
    flag: str = "",
    *,
    required: bool = False,
    metavar: str = "",
    text: str = "",
) -> None:
    """Add the option for one parameter of an action.

    Values stay text here: the action itself checks them, with the same sentences as in
    the window. An option that is not given is None.
    """
    parameter = action.parameter(name)
    settings: dict[str, Any] = {"dest": name, "default": None, "help": text or describe(parameter)}
    if parameter.kind is Kind.FLAG:
        settings["action"] = "store_const"
        settings["const"] = True
    elif parameter.kind is Kind.CHOICE:
        settings["choices"] = parameter.choices
    else:
        marks = metavar or _METAVARS[parameter.kind]
        settings["metavar"] = marks
        if isinstance(marks, tuple):
            settings["nargs"] = len(marks)
    if required:
        settings["required"] = True
    parser.add_argument(flag or f"--{name.replace('_', '-')}", **settings)


def add_pair(
    parser: argparse._ActionsContainer,
    action: Action,
    names: tuple[str, str],
    flag: str,
    marks: str,
) -> None:
    """Add one option that holds two parameters of an action, for example a range."""
    first, second = (action.parameter(name) for name in names)
    unit = f" {first.unit}" if first.unit else ""
    text = f"{first.help} {second.help} [default {first.default} {second.default}{unit}]"
    parser.add_argument(
        flag, dest="+".join(names), nargs=2, metavar=tuple(marks.split()), help=text
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add the options that every command has."""
    parser.add_argument(
        "--json", action="store_true", help="Print one JSON document instead of text."
    )
    parser.add_argument(
        "--debug", action="store_true", help="Show where in the program an error was raised."
    )


def given(arguments: Mapping[str, Any], action: Action) -> dict[str, Any]:
    """Return the values for an action that were given on the command line."""
    known = {parameter.name for parameter in action.parameters}
    return {
        part: entry
        for name, value in arguments.items()
        if value is not None
        for part, entry in zip(name.split("+"), value if "+" in name else [value], strict=True)
        if part in known
    }
