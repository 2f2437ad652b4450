"""One training: its folder, what it is doing, and what can be done with it."""

import re
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.core.folder_lock import LOCK_FILE, is_locked
from heteroagg_gui.learning.retraining.plan import RetrainingPlan
from heteroagg_gui.learning.retraining.plan_file import read_plan, write_plan
from heteroagg_gui.workflow.trainings.reading import Remembered
from heteroagg_gui.workflow.trainings.request import (
    CONTROL_FILE,
    REQUEST_FILE,
    Request,
    read_request,
    read_wish,
    write_request,
)
from heteroagg_gui.workflow.trainings.status import (
    LIVE_STATES,
    STATUS_FILE,
    Problem,
    Status,
    read_status,
)

PLAN_FILE = "plan.json"
NETWORK_FOLDER = "network"
REPORT = Path("report") / "report.html"
REMOVED = ".removed-"


class TrainingState(Enum):
    """What a training is doing, in one word for people."""

    WAITING = "waiting"
    STARTING = "starting"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    STOPPING = "stopping"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    FINISHED = "finished"

    @property
    def is_alive(self) -> bool:
        """Whether there is a process that works on it."""
        return self in _ALIVE


_ALIVE = frozenset(
    {
        TrainingState.STARTING,
        TrainingState.RUNNING,
        TrainingState.PAUSING,
        TrainingState.PAUSED,
        TrainingState.STOPPING,
    }
)


@dataclass(frozen=True)
class Training:
    """A training as it was when it was last looked at.

    Parameters
    ----------
    key
        Name of its folder.
    folder
        Where everything of it lies.
    request
        What the user asked for.
    state
        What it is doing.
    status
        What it last said of itself; None before its first words.
    place
        Its place among those that wait, from 1; 0 if it does not wait.
    plan
        What it makes; None where the plan can't be read.
    """

    key: str
    folder: Path
    request: Request
    state: TrainingState
    status: Status | None = None
    place: int = 0
    plan: RetrainingPlan | None = None

    @property
    def title(self) -> str:
        """What it is called."""
        return self.request.title

    @property
    def problem(self) -> Problem | None:
        """Why it failed."""
        if self.state is not TrainingState.FAILED:
            return None
        own = self.status.problem if self.status is not None else None
        return self.request.problem or own

    @property
    def network(self) -> Path:
        """Folder of the network it made or is to make."""
        return self.folder / NETWORK_FOLDER

    @property
    def can_go_on(self) -> bool:
        """Whether it can be taken up again."""
        return self.state in {
            TrainingState.CANCELLED,
            TrainingState.INTERRUPTED,
            TrainingState.FAILED,
        }

    @property
    def can_finish(self) -> bool:
        """Whether there is a per-image network that the rest could be done with."""
        if self.status is None or self.state in {TrainingState.FINISHED, TrainingState.STOPPING}:
            return False
        names = [stage.name for stage in self.status.stages]
        training = names.index("training") if "training" in names else len(names)
        current = names.index(self.status.stage) if self.status.stage in names else -1
        return current == training and self.status.images > 0


def state_of(
    request: Request, status: Status | None, wish: str, *, alive: bool, since: float = 0.0
) -> TrainingState:
    """Return what a training is doing.

    Parameters
    ----------
    request, status, wish
        What its files say.
    alive
        Whether a process works on it.
    since
        When that process was started, in s since 1970: what was written before is of another.
    """
    if alive:
        return _state_alive(status, wish, since)
    if request.queued:
        return TrainingState.WAITING
    said = status.state if status is not None else ""
    if said == "finished":
        return TrainingState.FINISHED
    if said == "failed" or request.problem is not None:
        return TrainingState.FAILED
    if request.ended == "cancelled" or (said == "stopped" and request.ended != "closed"):
        return TrainingState.CANCELLED
    return TrainingState.INTERRUPTED


def _state_alive(status: Status | None, wish: str, since: float) -> TrainingState:
    if wish == "stop":
        return TrainingState.STOPPING
    if status is None or status.updated < since or status.state == "starting":
        return TrainingState.STARTING
    if wish == "pause":
        return TrainingState.PAUSED if status.state == "paused" else TrainingState.PAUSING
    return TrainingState.RUNNING


class TrainingFolder:
    """Reads a training's folder again and again; what did not change is not read twice.

    Parameters
    ----------
    folder
        The folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._request = Remembered(folder / REQUEST_FILE, read_request)
        self._status = Remembered(folder / STATUS_FILE, read_status)
        self._wish = Remembered(folder / CONTROL_FILE, lambda path: read_wish(path.parent))
        self._plan: RetrainingPlan | None = None
        self._plan_read = False

    @property
    def request(self) -> Request | None:
        """What the user asked for; None where this is no training's folder."""
        return self._request.get()

    @property
    def status(self) -> Status | None:
        """What the training last said of itself."""
        return self._status.get()

    @property
    def wish(self) -> str:
        """What the training was told to do last."""
        return self._wish.get() or "run"

    @property
    def is_locked(self) -> bool:
        """Whether a process that this program did not start works on it."""
        status = self.status
        if status is None or status.state not in LIVE_STATES:
            return False
        return is_locked(self.folder / LOCK_FILE)

    def has_ended(self, since: float) -> bool:
        """Return whether the process that was started then has done all it will do."""
        status = self.status
        if status is None or status.state in LIVE_STATES or status.updated < since:
            return False
        return not is_locked(self.folder / LOCK_FILE)

    @property
    def plan(self) -> RetrainingPlan | None:
        """What it makes."""
        if not self._plan_read:
            self._plan_read = True
            try:
                self._plan = read_plan(self.folder / PLAN_FILE)
            except HeteroaggError:
                self._plan = None
        return self._plan

    def look(self, *, alive: bool, since: float = 0.0, place: int = 0) -> Training | None:
        """Return the training as it is now; None where this is no training's folder."""
        request = self.request
        if request is None:
            return None
        status = self.status
        state = state_of(request, status, self.wish, alive=alive, since=since)
        waits = place if state is TrainingState.WAITING else 0
        return Training(self.folder.name, self.folder, request, state, status, waits, self.plan)


def begin_folder(plan: RetrainingPlan, parent: Path, place: float) -> Path:
    """Make the folder of a new training that waits for its turn.

    Parameters
    ----------
    plan
        What is to be made.
    parent
        Folder of all trainings.
    place
        Where it stands among those that wait.

    Returns
    -------
    Path
        The folder, named after the time and the network.
    """
    now = time.time()
    stem = f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(now))}-{plan.name}"
    parent.mkdir(parents=True, exist_ok=True)
    folder = _fresh(parent, stem)
    write_plan(plan, folder / PLAN_FILE)
    write_request(Request(plan.title, now, place=place), folder)
    return folder


def _fresh(parent: Path, stem: str) -> Path:
    for number in range(1, 1000):
        folder = parent / (stem if number == 1 else f"{stem}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise FileExistsError(stem)


def find_folders(parent: Path) -> list[Path]:
    """Return the folders of all trainings, the oldest first."""
    try:
        entries = list(parent.iterdir())
    except OSError:
        return []
    return sorted(path for path in entries if re.match(r"[A-Za-z0-9]", path.name) and path.is_dir())
