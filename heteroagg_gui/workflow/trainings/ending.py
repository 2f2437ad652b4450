"""Why a training's process ended, where it could not say so itself."""

import signal

from heteroagg_gui.workflow.trainings.status import LIVE_STATES, Problem, Status

REFUSED = 2
_KILLED = 9
_UNEXPECTED = "The training ended unexpectedly (exit status {})."
_SENTENCES = {
    0: "The training ended without saying how it went.",
    -signal.SIGTERM: "Another program ended the training.",
}
_NO_MEMORY = "The system ended the training, most likely as memory ran out."
_LESS = "Close other programs and go on, or begin again with a smaller batch."
GO_ON = "Go on from the last checkpoint; if it happens again, send the log to the authors."


def problem_of_end(
    exit_status: int | None, status: Status | None, log: str, since: float = 0.0
) -> Problem | None:
    """Return what went wrong; None where the process ended as it should or said what did.

    Parameters
    ----------
    exit_status
        What the process ended with; None if that is not known.
    status
        What it last said.
    log
        The last lines of its output.
    since
        When it was started, in s since 1970.
    """
    said = status.state if status is not None and status.updated >= since else "running"
    if exit_status is None or said not in LIVE_STATES:
        return None
    lines = log.splitlines()
    last = lines[-1].strip() if lines else ""
    if exit_status == REFUSED and last:
        return Problem("input", last, "Change the plan and start it again.", log)
    if exit_status == -_KILLED:
        return Problem("out-of-memory", _NO_MEMORY, _LESS, log)
    return Problem(
        "crash", _SENTENCES.get(exit_status, _UNEXPECTED.format(exit_status)), GO_ON, log
    )
