"""What the user asked of a training: a small file beside it that outlives the program."""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from heteroagg_gui.core.files import replacing
from heteroagg_gui.workflow.trainings.reading import number, read_object, text
from heteroagg_gui.workflow.trainings.status import Problem, problem_from

REQUEST_FILE = "request.json"
CONTROL_FILE = "control.json"
REQUEST_FORMAT = 1
_TRIES = 10
_BETWEEN_TRIES_S = 0.02
WISHES = ("run", "pause", "stop")


@dataclass(frozen=True)
class Request:
    """What is to become of a training.

    Parameters
    ----------
    title
        What the training is called.
    created
        When it was asked for, in s since 1970.
    queued
        Whether it waits for its turn.
    place
        Where it stands among those that wait; the smallest is next.
    finish
        Whether the per-image network is to be taken as it is and only the rest done.
    ended
        Who ended it: "cancelled" by the user, "closed" with the program, or empty.
    problem
        Why its process ended, where it could not say so itself.
    adopted
        Name under which the network was installed.
    kept
        Whether the user decided to keep the network without using it.
    """

    title: str
    created: float
    queued: bool = True
    place: float = 0.0
    finish: bool = False
    ended: str = ""
    problem: Problem | None = None
    adopted: str = ""
    kept: bool = False


def read_request(path: Path) -> Request | None:
    """Read a request; None where it is missing or can't be understood."""
    document = read_object(path)
    if document is None or document.get("format") != REQUEST_FORMAT:
        return None
    return Request(
        title=text(document, "title") or path.parent.name,
        created=number(document, "created"),
        queued=document.get("queued") is True,
        place=number(document, "place"),
        finish=document.get("finish") is True,
        ended=text(document, "ended"),
        problem=problem_from(document.get("problem")),
        adopted=text(document, "adopted"),
        kept=document.get("kept") is True,
    )


def write_request(request: Request, folder: Path) -> None:
    """Write a request into a training's folder."""
    _write(folder / REQUEST_FILE, {"format": REQUEST_FORMAT, **asdict(request)})


def read_wish(folder: Path) -> str:
    """Return what the training was told to do last: run, pause or stop."""
    document = read_object(folder / CONTROL_FILE) or {}
    wish = text(document, "wish", "run")
    return wish if wish in WISHES else "run"


def write_wish(wish: str, folder: Path) -> None:
    """Tell a training to run, pause or stop."""
    _write(folder / CONTROL_FILE, {"wish": wish})


def _write(path: Path, document: dict[str, object]) -> None:
    content = json.dumps(document, indent=1)
    for last in (*[False] * _TRIES, True):
        try:
            with replacing(path) as part:
                part.write_text(content, encoding="utf-8")
        except PermissionError:
            # Windows lets no file be replaced in the moment that another process reads it
            if last:
                raise
            time.sleep(_BETWEEN_TRIES_S)
        else:
            return
