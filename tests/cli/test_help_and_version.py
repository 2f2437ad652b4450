import pytest

from heteroagg_gui import __version__
from heteroagg_gui.cli import COMMAND_NAMES


@pytest.mark.parametrize("command", [*COMMAND_NAMES, "models install", "models export"])
def test_each_command_has_help(capsys: pytest.CaptureFixture[str], command: str):
    from heteroagg_gui.cli import main

    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])
    assert ended.value.code == 0
    assert "usage: heteroagg" in capsys.readouterr().out


def test_units_limits_and_defaults_are_in_the_help(capsys: pytest.CaptureFixture[str]):
    from heteroagg_gui.cli import main

    with pytest.raises(SystemExit):
        main(["simulate", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert "default 1.25 nm" in text
    assert "default 20 80" in text
    assert "0 or more; default 0" in text


def test_the_version_is_printed(run):
    answer = run("--version")
    assert (answer.code, answer.out) == (0, f"heteroagg {__version__}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["simulate", "--count", "3"],
        ["shadows", "--out", "x"],
        ["shadows", "--theta", "1.8", "0.5", "3", "2", "--prediction", "p.json", "--out", "x"],
        ["predict"],
        ["models"],
        ["benchmark", "--only", "nothing"],
    ],
)
def test_arguments_that_make_no_sense_end_in_one_sentence(run_here, arguments: list[str]):
    answer = run_here(*arguments)
    assert answer.code == 2
    assert answer.sentence.startswith("heteroagg")
    assert answer.out == ""


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]):
    from heteroagg_gui.__main__ import command_line

    assert command_line([]) == 0
    assert "simulate" in capsys.readouterr().out
