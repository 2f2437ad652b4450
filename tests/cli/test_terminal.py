import io

from heteroagg_gui.cli.console import Console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_only():
    quiet, lively = io.StringIO(), Terminal()
    for stream in (quiet, lively):
        Console(stream).progress(0.5, "Drawing")
    assert quiet.getvalue() == ""
    assert "50%  Drawing" in lively.getvalue()


def test_progress_is_wiped_before_a_sentence():
    lively = Terminal()
    console = Console(lively)
    console.progress(0.5, "Drawing")
    console.say("Done\nwith it.")
    assert lively.getvalue().endswith(" \rDone with it.\n")


def test_progress_does_not_flood_the_terminal():
    lively = Terminal()
    console = Console(lively)
    for step in range(10_000):
        console.progress(step / 10_000, "Drawing")
    assert lively.getvalue().count("\r") < 50


def test_long_messages_stay_on_one_line():
    lively = Terminal()
    Console(lively).progress(0.5, "x" * 500)
    assert len(lively.getvalue()) <= 81
