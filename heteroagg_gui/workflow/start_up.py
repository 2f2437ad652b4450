"""How long the window takes from the start of the process, from source or from a bundle."""

import json
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

from heteroagg_gui.core.child_program import window_command
from heteroagg_gui.core.errors import ResourceError

_STARTS = 3
_LONGEST_S = 120.0


@cache
def start_up_times(program: Path | None = None) -> dict[str, float]:
    """Return the shortest times of a few starts after one that warms up.

    Parameters
    ----------
    program
        The window's executable in a bundle; this program itself if None.

    Returns
    -------
    dict
        ``painted`` and ``ready``: seconds from the start of the process until the window
        was painted, and until everything that a prediction needs was imported and the
        networks and devices were found.

    Raises
    ------
    ResourceError
        If no window comes up.
    """
    command = window_command() if program is None else [str(program)]
    _start_once(command)
    times = [_start_once(command) for _ in range(_STARTS)]
    return {name: min(one[name] for one in times) for name in ("painted", "ready")}


def _start_once(command: list[str]) -> dict[str, float]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        answer = Path(folder, "times.json")
        begun = time.time()
        why = ""
        try:
            done = subprocess.run(
                [*command, "--start-up-times", str(answer)],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_LONGEST_S,
                check=False,
            )
            why = _last_words(done)
            stamps: dict[str, float] = json.loads(answer.read_text(encoding="utf-8"))
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            raise ResourceError(
                f"'{command[0]}' shows no window here{why}: start it in a desktop session or under "
                "xvfb-run."
            ) from error
    if done.returncode:
        raise ResourceError(f"'{command[0]}' did not end well{why}: start it by hand.")
    return {name: stamp - begun for name, stamp in stamps.items()}


def _last_words(done: subprocess.CompletedProcess[str]) -> str:
    """Return in brackets what a process said last before it failed; nothing if it did not."""
    if not done.returncode:
        return ""
    return f" ({(done.stderr.strip() or f'status {done.returncode}').splitlines()[-1]})"
