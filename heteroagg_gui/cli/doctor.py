"""heteroagg doctor: what this computer has and what is missing."""

import argparse

from heteroagg_gui.cli.options import add_json
from heteroagg_gui.cli.outcome import Outcome
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.workflow.doctor import Check, diagnose

SUMMARY = "Show versions, device, display, paths, and how to get what is missing."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_json(parser)


def run(_arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Look at everything."""
    progress(0.0, "Looking")
    checks = diagnose()
    document = {
        "checks": [
            {
                "section": check.section,
                "name": check.name,
                "health": check.health.value,
                "value": check.value,
                "remedy": check.remedy,
            }
            for check in checks
        ]
    }
    return Outcome(document, lambda: _text(checks))


def _text(checks: list[Check]) -> str:
    lines: list[str] = []
    section = ""
    for check in checks:
        if check.section != section:
            section = check.section
            lines += ["", section.capitalize()]
        lines.append(f"  {check.health.value:<8}{check.name:<28}{check.value}")
        if check.remedy:
            lines.append(f"{'':10}{check.remedy}")
    return "\n".join(lines[1:])
