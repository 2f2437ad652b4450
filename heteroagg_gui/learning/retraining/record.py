"""What a retraining says of itself in its folder, and the wishes it finds there."""

import contextlib
import json
import os
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from heteroagg_gui.core.errors import Cancelled
from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.retraining.failures import Failure
from heteroagg_gui.learning.retraining.run_folder import RunFolder
from heteroagg_gui.learning.retraining.stage_times import TITLES, TimeTable

STATUS_FORMAT = 1
WRITTEN_EVERY_S = 0.2
PAUSED_EVERY_S = 1.0
LOOKED_EVERY_S = 0.1
MOST_WARNINGS = 20
RATE_WINDOW_S = 20.0
RESERVE_BYTES = 200_000
_RESERVE = ".reserve"

Memory = Callable[[], tuple[float | None, float | None]]


class Record:
    """The progress of a retraining: status.json, events.jsonl, and control.json as it is read.

    Parameters
    ----------
    folder
        Where they lie.
    times
        Its parts.
    device, device_title
        What it computes on, for programs and for people.
    memory
        Returns the memory in use and that of the graphics card in MB, None where unknown.
    outer
        Receives the share of the whole, too; may raise to stop.
    began
        When this process was started, in s since 1970: wishes from before are out of date.
    """

    def __init__(
        self,
        folder: RunFolder,
        times: TimeTable,
        device: str,
        device_title: str,
        *,
        memory: Memory,
        outer: Progress = no_progress,
        began: float | None = None,
    ) -> None:
        self.folder = folder
        self.times = times
        self.state = "starting"
        self.warnings: list[str] = []
        self.images = 0
        self._device = {"device": device, "device_title": device_title}
        self._memory = memory
        self._outer = outer
        self._began = time.time() if began is None else began
        self._message = "Starting"
        self._error: Failure | None = None
        self._paused_s = 0.0
        self._looked = self._written = -1.0
        self._before = 0.0
        self._seen: deque[tuple[float, int]] = deque()
        self._take_up()
        self._zero = self.clock()
        self._stage_zero = self._zero
        (folder.path / _RESERVE).write_bytes(bytes(RESERVE_BYTES))
        self.write()

    def _take_up(self) -> None:
        """Go on with the times that an earlier process wrote down."""
        old = read_json(self.folder.status)
        with contextlib.suppress(KeyError, TypeError, ValueError):
            self._before = float(old["seconds"])
            known = {entry["name"]: float(entry["seconds"]) for entry in old["stages"]}
            for stage in self.times.stages:
                stage.seconds = known.get(stage.name, 0.0)

    def clock(self) -> float:
        """Return seconds that stand still while the work is paused."""
        return time.monotonic() - self._paused_s

    @property
    def seconds(self) -> float:
        """Seconds worked so far, those of earlier processes included."""
        return self._before + self.clock() - self._zero

    def begin(self, name: str) -> None:
        """Go on to a part."""
        self.times.begin(name)
        self.state = "running"
        self._message = TITLES[name]
        self._stage_zero = self.clock() - self.times.current.seconds
        self._seen.clear()
        self.write()
        self.pulse()

    def end(self) -> None:
        """Note that the current part is done."""
        stage = self.times.current
        self.times.advance(1.0, self.clock() - self._stage_zero)
        self.event("stage", name=stage.name, seconds=round(stage.seconds, 2))
        self.write()

    def report(self, fraction: float, message: str) -> None:
        """Note how far the current part is; the progress of everything that is done for it.

        Raises
        ------
        Cancelled
            If it is to stop.
        """
        self._message = message
        self.times.advance(fraction, self.clock() - self._stage_zero)
        self.pulse()

    def pulse(self) -> None:
        """Look at the wishes; waits while the work is to pause.

        Raises
        ------
        Cancelled
            If it is to stop.
        """
        now = time.monotonic()
        if now - self._looked >= LOOKED_EVERY_S:
            self._looked = now
            self._obey()
        if time.monotonic() - self._written >= WRITTEN_EVERY_S:
            self.write()

    def stop_is_wished(self) -> bool:
        """Return whether it is to stop; waits while the work is to pause."""
        try:
            self._obey()
        except Cancelled:
            return True
        return False

    def _obey(self) -> None:
        self._outer(self.times.fraction, self._message)
        wish = self._wish()
        if wish == "stop":
            raise Cancelled
        if wish == "pause":
            self._wait()

    def _wish(self) -> str:
        path = self.folder.control
        try:
            fresh = path.stat().st_mtime >= self._began
        except OSError:
            return "run"
        wish = str(read_json(path).get("wish", "run"))
        return wish if fresh or wish == "pause" else "run"

    def _wait(self) -> None:
        since, before = time.monotonic(), self._paused_s
        self.state = "paused"
        self.write()
        try:
            while self._wish() == "pause":
                time.sleep(LOOKED_EVERY_S)
                self._paused_s = before + time.monotonic() - since
                self._outer(self.times.fraction, "Paused")
                if time.monotonic() - self._written > PAUSED_EVERY_S:
                    self.write()
        finally:
            self._paused_s = before + time.monotonic() - since
            self.state = "running"
            self._seen.clear()
            self.write()

    def count(self, images: int) -> None:
        """Note how many images of the current part have been worked on."""
        now = self.clock()
        self._seen.append((now, images))
        while now - self._seen[0][0] > RATE_WINDOW_S:
            self._seen.popleft()

    @property
    def images_per_s(self) -> float | None:
        """Images a second over the last 20 s; None before that can be said."""
        if len(self._seen) < 2:
            return None
        (start, first), (end, last) = self._seen[0], self._seen[-1]
        return (last - first) / (end - start) if end - start > 0.5 else None

    def warn(self, sentence: str) -> None:
        """Tell something that the user should know; the work goes on."""
        self.warnings = [*self.warnings, sentence][-MOST_WARNINGS:]
        self.event("warning", sentence=sentence)
        self.write()

    def event(self, kind: str, **entries: Any) -> None:
        """Add a line to the events; a full disk does not end the work here."""
        line = json.dumps({"kind": kind, **entries}) + "\n"
        with contextlib.suppress(OSError), self.folder.events.open("a+b") as stream:
            if stream.tell() and not _ends_a_line(stream):
                line = "\n" + line
            stream.write(line.encode())

    def finish(self, state: str, failure: Failure | None = None) -> None:
        """Write the last state: stopped, finished or failed."""
        (self.folder.path / _RESERVE).unlink(missing_ok=True)
        self.state, self._error = state, failure
        if state == "finished":
            for stage in self.times.stages:
                stage.done = 1.0
        self._message = failure.sentence if failure else state.capitalize()
        self.write()

    def write(self) -> None:
        """Write the status; a full disk does not end the work here."""
        self._written = time.monotonic()
        with contextlib.suppress(OSError), replacing(self.folder.status) as part:
            part.write_text(json.dumps(self._document()), encoding="utf-8")

    def _document(self) -> dict[str, Any]:
        memory, card = self._memory()
        over = self.state in {"stopped", "finished", "failed"}
        left = None if over else self.times.seconds_left
        rate = None if over else self.images_per_s
        return {
            "format": STATUS_FORMAT,
            "state": self.state,
            "stage": self.times.current.name,
            "stages": [
                {
                    "name": stage.name,
                    "title": TITLES[stage.name],
                    "done": round(stage.done, 4),
                    "seconds": round(stage.seconds, 2),
                }
                for stage in self.times.stages
            ],
            "fraction": round(1.0 if self.state == "finished" else self.times.fraction, 5),
            "message": self._message,
            "seconds": round(self.seconds, 2),
            "seconds_left": None if left is None else round(left, 1),
            "images": self.images,
            "images_per_s": None if rate is None else round(rate, 2),
            **self._device,
            "memory_mb": memory,
            "gpu_memory_mb": card,
            "pid": os.getpid(),
            "updated": time.time(),
            "warnings": self.warnings,
            "error": self._error.as_dict() if self._error else None,
        }


def read_json(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file; an empty one where there is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def _ends_a_line(stream: Any) -> bool:
    """Return whether the file ends as a line does; its last one is torn after a crash."""
    stream.seek(-1, os.SEEK_END)
    return bool(stream.read(1) == b"\n")
