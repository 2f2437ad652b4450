"""The command line: one sub-command per thing a user can do."""

from collections.abc import Sequence

COMMAND_NAMES = (
    "simulate",
    "predict",
    "classical",
    "shadows",
    "reference",
    "generate",
    "train",
    "retrain",
    "evaluate",
    "models",
    "benchmark",
    "doctor",
)


def main(arguments: Sequence[str]) -> int:
    """Run a sub-command and return its exit status."""
    from heteroagg_gui.cli.command_line import main as run_command

    return run_command(arguments)
