"""What can be done in the tabs beside Analyse, as a part of the table of commands."""

from heteroagg_gui.gui.command import Command, Situation


def _simulates(s: Situation) -> bool:
    return s.tab == "simulate"


def _retrains(s: Situation) -> bool:
    return s.tab == "retrain"


TAB_COMMANDS: tuple[Command, ...] = (
    Command(
        "new_aggregate",
        "&Simulate",
        "&New aggregate",
        ("Ctrl+G",),
        _simulates,
        "dice",
        "Draw another aggregate with the next seed",
    ),
    Command(
        "add_simulated",
        "&Simulate",
        "&Add to batch",
        ("Ctrl+B",),
        _simulates,
        "sample",
        "Add the simulated images to the batch",
        parted=True,
    ),
    Command(
        "save_simulated",
        "&Simulate",
        "&Save images…",
        ("Ctrl+Shift+E",),
        _simulates,
        "save",
        "Write the simulated images, their particles and the truth to a folder",
    ),
    Command(
        "copy_simulate_command",
        "&Simulate",
        "&Copy as command",
        (),
        _simulates,
        "copy",
        "Copy the line that makes the same images in a terminal",
    ),
    Command(
        "open_plan",
        "&Retrain",
        "&Open plan…",
        (),
        _retrains,
        "open",
        "Fill the wizard from a plan in a file",
    ),
    Command(
        "save_plan",
        "&Retrain",
        "&Save plan…",
        (),
        _retrains,
        "save",
        "Write the plan to a file that any machine can run",
    ),
    Command(
        "copy_retrain_command",
        "&Retrain",
        "&Copy as command",
        (),
        _retrains,
        "copy",
        "Copy the line that runs the plan in a terminal",
    ),
    Command(
        "start_over",
        "&Retrain",
        "S&tart over",
        (),
        _retrains,
        "reset",
        "Forget what stands in the wizard and begin with the usual values",
        parted=True,
    ),
)
