"""Every check of the project, one after the other, and a summary at the end."""

import os
import platform
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from environment import Environment
from system_libraries import Need, ensure_libraries

VIRTUAL_SCREEN = ("xvfb-run", "-a", "-s", "-screen 0 1600x1000x24")
LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
MOST_THREADS = 4


@dataclass(frozen=True)
class Check:
    """One command of the test run.

    Parameters
    ----------
    title
        What it is called in the summary.
    command
        The command line.
    """

    title: str
    command: tuple[str, ...]


def needs_virtual_display(system: str, variables: Mapping[str, str]) -> bool:
    """Return whether the tests of the window need a display made for them."""
    return system == "Linux" and not variables.get("DISPLAY")


def list_checks(python: str, arguments: Sequence[str], *, virtual_display: bool) -> list[Check]:
    """Return the commands of the test run.

    Parameters
    ----------
    python
        The interpreter that has the tools.
    arguments
        Further arguments for pytest.
    virtual_display
        Whether pytest gets a display made for it.
    """
    screen = VIRTUAL_SCREEN if virtual_display else ()
    return [
        Check("ruff check", (python, "-m", "ruff", "check", ".")),
        Check("ruff format", (python, "-m", "ruff", "format", "--check", ".")),
        Check("mypy --strict", (python, "-m", "mypy")),
        Check("import-linter", (python, "-c", LINT_IMPORTS)),
        Check("pytest", (*screen, python, "-m", "pytest", *arguments)),
    ]


def check_variables(
    variables: Mapping[str, str], *, virtual_display: bool, cores: int | None
) -> dict[str, str]:
    """Return the environment variables of the test run.

    Numerical libraries get a few threads, not one for each core of a large machine: the
    arrays of the tests are small.
    """
    threads = str(min(MOST_THREADS, cores or 1))
    chosen = {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads, **variables}
    if virtual_display:
        chosen.pop("WAYLAND_DISPLAY", None)
        chosen["QT_QPA_PLATFORM"] = "xcb"
    return chosen


def run_all(environment: Environment, arguments: Sequence[str]) -> int:
    """Run every check, whatever the others say; return 1 if one failed."""
    virtual_display = needs_virtual_display(platform.system(), os.environ)
    ensure_libraries(Need.TESTS, virtual_display=virtual_display)
    environment.ensure("test")
    variables = check_variables(os.environ, virtual_display=virtual_display, cores=os.cpu_count())
    checks = list_checks(str(environment.python), arguments, virtual_display=virtual_display)
    results = []
    for check in checks:
        print(f"\n== {check.title}", flush=True)
        start = time.monotonic()
        done = subprocess.run(check.command, cwd=environment.project, env=variables, check=False)
        results.append((check.title, done.returncode, time.monotonic() - start))
    print("\n== summary")
    for title, status, seconds in results:
        print(f"{title:16}{'ok' if not status else f'FAILED ({status})':14}{seconds:6.1f} s")
    return int(any(status for _, status, _ in results))
