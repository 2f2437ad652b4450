"""What a training says of itself: its status file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heteroagg_gui.workflow.trainings.reading import maybe_number, number, read_object, text

STATUS_FILE = "status.json"
LIVE_STATES = frozenset({"starting", "running", "paused"})
STATES = LIVE_STATES | {"stopped", "finished", "failed"}


@dataclass(frozen=True)
class Stage:
    """One part of a training.

    Parameters
    ----------
    name, title
        Key, and words for people.
    done
        Fraction that is done.
    seconds
        Time it took so far in s.
    """

    name: str
    title: str
    done: float
    seconds: float


@dataclass(frozen=True)
class Problem:
    """Why a training ended.

    Parameters
    ----------
    kind
        out-of-memory, device-lost, disk-full, diverged, input, crash or other.
    sentence, remedy
        What is wrong, and what to do.
    details
        Traceback or the end of the log.
    """

    kind: str
    sentence: str
    remedy: str = ""
    details: str = ""


@dataclass(frozen=True)
class Status:
    """How far a training is.

    Parameters
    ----------
    state
        One of :data:`STATES`.
    stage
        Name of the stage it is in.
    stages
        The stages it has, in order.
    fraction
        Fraction of the whole that is done.
    message
        What it is doing.
    seconds, seconds_left
        Time worked so far, and the time that the rest will take, in s.
    images, images_per_s
        Images seen in training, and how many a second.
    device
        Words for what it computes on.
    memory_mb, gpu_memory_mb
        Memory in use in MB.
    pid
        Its process.
    updated
        When this was written, in s since 1970.
    warnings
        Sentences.
    problem
        Why it failed.
    """

    state: str
    stage: str = ""
    stages: tuple[Stage, ...] = ()
    fraction: float = 0.0
    message: str = ""
    seconds: float = 0.0
    seconds_left: float | None = None
    images: int = 0
    images_per_s: float | None = None
    device: str = ""
    memory_mb: float | None = None
    gpu_memory_mb: float | None = None
    pid: int = 0
    updated: float = 0.0
    warnings: tuple[str, ...] = ()
    problem: Problem | None = None


def read_status(path: Path) -> Status | None:
    """Read a status file; None where it is missing or can't be understood."""
    document = read_object(path)
    if document is None or document.get("state") not in STATES:
        return None
    warnings = document.get("warnings")
    return Status(
        state=str(document["state"]),
        stage=text(document, "stage"),
        stages=_stages(document.get("stages")),
        fraction=_share(number(document, "fraction")),
        message=text(document, "message"),
        seconds=number(document, "seconds"),
        seconds_left=maybe_number(document, "seconds_left"),
        images=int(number(document, "images")),
        images_per_s=maybe_number(document, "images_per_s"),
        device=text(document, "device_title") or text(document, "device"),
        memory_mb=maybe_number(document, "memory_mb"),
        gpu_memory_mb=maybe_number(document, "gpu_memory_mb"),
        pid=int(number(document, "pid")),
        updated=number(document, "updated"),
        warnings=tuple(w for w in warnings if isinstance(w, str))
        if isinstance(warnings, list)
        else (),
        problem=problem_from(document.get("error")),
    )


def problem_from(document: Any) -> Problem | None:
    """Return the problem that a JSON object describes."""
    if not isinstance(document, Mapping):
        return None
    sentence = text(document, "sentence") or "The training ended with an error."
    kind = text(document, "kind", "other")
    return Problem(kind, sentence, text(document, "remedy"), text(document, "details"))


def _stages(value: Any) -> tuple[Stage, ...]:
    entries = [entry for entry in value if isinstance(entry, dict)] if type(value) is list else []
    return tuple(
        Stage(
            text(entry, "name"),
            text(entry, "title") or text(entry, "name"),
            _share(number(entry, "done")),
            number(entry, "seconds"),
        )
        for entry in entries
    )


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
