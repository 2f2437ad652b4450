"""Whatever the window can do, a script can: each action has a command or a reason."""

import argparse
import subprocess
import sys

import pytest

from heteroagg_gui.cli import COMMAND_NAMES
from heteroagg_gui.cli.command_line import COMMANDS, build_parser
from heteroagg_gui.workflow.action import Action, Parameter
from heteroagg_gui.workflow.actions import ACTIONS
from heteroagg_gui.workflow.state import SessionState, Settings
from heteroagg_gui.workflow.values import Kind

NO_COMMAND = {
    "remove": "a command is given the files it is to use",
    "include": "a command is given the files it is to use",
    "set_group": "a command works on one sample at a time",
    "retry": "a command is called again",
}

# How a command offers a value that has no option of its own name.
BY_OTHER_MEANS = {
    ("open", "paths"): "INPUT...",
    ("open", "group"): "one sample a call",
    ("set_pixel_size", "keys"): "the files that do not state it",
    ("set_pixel_size", "pixel_size_nm"): "--pixel-size",
    ("predict", "group"): "one sample a call",
    ("export", "prediction"): "what predict --json prints",
    ("save_session", "path"): "--session",
    ("open_session", "path"): "session show FILE",
    ("simulate", "group"): "nothing is open in a command",
    ("simulate", "add"): "nothing is open in a command",
}

PARAMETERS = [(a, p) for a in ACTIONS.values() for p in a.parameters]


def destinations(command: str) -> set[str]:
    parser = argparse.ArgumentParser()
    COMMANDS[command].add_arguments(parser)
    return {part for option in parser._actions for part in option.dest.split("+")}


@pytest.mark.parametrize("action", ACTIONS.values(), ids=lambda action: action.name)
def test_each_action_has_a_command_or_a_reason(action: Action):
    if action.command is None:
        assert action.name in NO_COMMAND
    else:
        assert action.command in COMMANDS
        assert action.name not in NO_COMMAND


@pytest.mark.parametrize(
    ("action", "parameter"), PARAMETERS, ids=[f"{a.name}.{p.name}" for a, p in PARAMETERS]
)
def test_each_value_can_be_given_on_the_command_line(action: Action, parameter: Parameter):
    if action.command is not None and (action.name, parameter.name) not in BY_OTHER_MEANS:
        assert parameter.name in destinations(action.command)


@pytest.mark.parametrize(
    ("action", "parameter"), PARAMETERS, ids=[f"{a.name}.{p.name}" for a, p in PARAMETERS]
)
def test_each_value_is_described(action: Action, parameter: Parameter):
    assert parameter.title
    assert parameter.help.endswith(".")
    if parameter.kind is Kind.NUMBER:
        assert parameter.unit
        assert None not in (parameter.minimum, parameter.maximum)
    if parameter.kind in (Kind.INTEGER, Kind.RANGE):
        assert parameter.minimum is not None
    if parameter.name.endswith("_nm"):
        assert parameter.unit == "nm"
    assert parameter.kind is not Kind.CHOICE or parameter.choices
    assert not parameter.required or parameter.default is None


@pytest.mark.parametrize("action", ACTIONS.values(), ids=lambda action: action.name)
def test_each_action_is_described_and_takes_its_defaults(action: Action):
    assert action.title
    assert action.help.endswith(".")
    needed = {p.name: EXAMPLES[p.kind] for p in action.parameters if p.required}
    action.fill(SessionState(), needed)


EXAMPLES = {
    Kind.PATHS: ["a.tif"],
    Kind.KEYS: [1],
    Kind.TEXT: "A",
    Kind.NUMBER: 1.0,
    Kind.FILE: "a.heteroagg",
    Kind.FOLDER: "out",
    Kind.THETA: (1.8, 0.5, 3, 2),
}


def test_settings_named_by_values_exist_with_the_same_default():
    for action, parameter in PARAMETERS:
        if parameter.setting:
            assert getattr(Settings(), parameter.setting) == parameter.default, action.name


def test_shortcuts_are_used_once():
    shortcuts = [action.shortcut for action in ACTIONS.values() if action.shortcut]
    assert len(shortcuts) == len(set(shortcuts))


def test_the_table_is_keyed_by_name_and_cannot_be_changed():
    assert all(name == action.name for name, action in ACTIONS.items())
    with pytest.raises(TypeError):
        ACTIONS["new"] = ACTIONS["open"]


def test_every_command_is_in_the_help():
    text = build_parser().format_help()
    assert all(name in text for name in COMMAND_NAMES)


HEAVY = ("torch", "numba", "scipy", "ncempy", "tifffile", "PySide6", "vispy", "joblib")


@pytest.mark.parametrize(
    "code",
    [
        "import heteroagg_gui.workflow.runner, heteroagg_gui.workflow.jobs",
        "import heteroagg_gui.workflow.preferences, heteroagg_gui.workflow.log",
        "from heteroagg_gui.cli.command_line import build_parser; build_parser().format_help()",
    ],
)
def test_starting_does_not_wait_for_heavy_packages(code: str):
    check = f"import sys; {code}; print([m for m in {HEAVY!r} if m in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, timeout=60, check=True
    )
    assert answer.stdout.strip() == "[]"
