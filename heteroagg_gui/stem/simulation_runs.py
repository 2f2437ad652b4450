"""Independent runs of a long simulation: stored one by one, done by any number of processes."""

import hashlib
import json
import multiprocessing
import re
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import Cancelled
from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.progress import Progress

_POLL_S = 0.2


@dataclass(frozen=True)
class Run:
    """One thermal configuration of one view."""

    orientation: str
    configuration: int


class RunTask(Protocol):
    """Performs one run and stores its result; must survive pickling."""

    def __call__(self, run: Run, report: Callable[[float], None]) -> None:
        """Perform the run, reporting the fraction of it that is done."""


@dataclass(frozen=True)
class PartialRuns:
    """Results of finished runs, in files beside the output.

    Attributes
    ----------
    out_path : Path
        The file that the runs will end in.
    digest : str
        Stands for the settings: runs of other settings are not mistaken for these.
    """

    out_path: Path
    digest: str

    @classmethod
    def for_settings(cls, out_path: Path, settings: dict[str, Any]) -> "PartialRuns":
        """Return the store of the runs with the given settings."""
        text = json.dumps(settings, sort_keys=True)
        return cls(Path(out_path), hashlib.sha256(text.encode()).hexdigest()[:12])

    def path(self, run: Run) -> Path:
        """Return the file of one run."""
        slug = re.sub(r"[^0-9a-z.]+", "-", run.orientation.lower()).strip("-")
        name = f"{self.out_path.stem}.{self.digest}.{slug}.{run.configuration}.run.npz"
        return self.out_path.with_name(name)

    def has(self, run: Run, thicknesses: int) -> bool:
        """Return whether a run over a number of thicknesses is stored and can be read."""
        try:
            return len(self.read(run)) == thicknesses
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return False

    def read(self, run: Run) -> NDArray[np.float64]:
        """Return the result of a stored run."""
        with self.path(run).open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            return np.asarray(stored["fraction"], dtype=np.float64)

    def write(self, run: Run, fraction: NDArray[np.float64]) -> None:
        """Store the result of a run."""
        with replacing(self.path(run)) as temporary:
            np.savez_compressed(temporary, fraction=fraction)

    def remove(self, runs: Sequence[Run]) -> None:
        """Delete the files of runs that are no longer needed."""
        for run in runs:
            self.path(run).unlink(missing_ok=True)


def perform(
    task: RunTask, missing: Sequence[Run], total: int, workers: int, progress: Progress
) -> None:
    """Perform the missing ones of a number of runs.

    Parameters
    ----------
    task : callable
        Performs and stores one run.
    missing : sequence of Run
        Runs to perform.
    total : int
        Number of all runs, those stored before included.
    workers : int
        Number of processes; with one, the runs are done in this process.
    progress : callable
        Receives the fraction done and a message; may raise to stop.
    """
    before = total - len(missing)
    if workers > 1 and len(missing) > 1:
        _perform_in_processes(task, missing, before, workers, progress)
        return
    for number, run in enumerate(missing, start=before):

        def report(part: float, number: int = number, run: Run = run) -> None:
            progress((number + part) / total, f"Simulating {run.orientation}")

        report(0.0)
        task(run, report)
    progress(1.0, "Simulated")


def _perform_in_processes(
    task: RunTask, missing: Sequence[Run], before: int, workers: int, progress: Progress
) -> None:
    """Perform runs in child processes; stop them when ``progress`` raises."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    total = before + len(missing)
    with ProcessPoolExecutor(workers, context, _start_worker, (stop,)) as pool:
        pending: set[Future[None]] = {pool.submit(_work, task, run) for run in missing}
        try:
            while pending:
                finished, pending = wait(pending, _POLL_S, FIRST_COMPLETED)
                for future in finished:
                    future.result()
                progress((total - len(pending)) / total, "Simulating")
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


_stop_flags: list[Event] = []
"""In a child process: how it learns that it shall stop."""


def _start_worker(stop: Event) -> None:
    """Receive the flag in a child process."""
    _stop_flags.append(stop)


def _work(task: RunTask, run: Run) -> None:
    """Perform one run in a child process."""

    def report(_part: float) -> None:
        if any(flag.is_set() for flag in _stop_flags):
            raise Cancelled

    report(0.0)
    task(run, report)
