"""Starts jobs and passes on what they report, in the thread of the window."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from heteroagg_gui.workflow.jobs import Job, JobPool, Work


class JobBoard(QObject):
    """The window's end of the job pool: Qt signals in place of calls from worker threads.

    What a job reports goes through the event queue of the window, even where it comes from
    the window's own thread: so a job never seems to end before the changes it made are seen.
    """

    started = Signal(object)
    progressed = Signal(object, float, str, object)
    finished = Signal(object, object)
    failed = Signal(object, object)
    cancelled = Signal(object)
    counted = Signal(int)

    _posted = Signal(object, str, tuple)

    def __init__(self, pool: JobPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = pool
        self._running: dict[int, Job] = {}
        self._then: dict[int, Callable[[Any], None]] = {}
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> tuple[Job, ...]:
        """The jobs that wait or run."""
        return tuple(self._running.values())

    def start(self, title: str, work: Work, then: Callable[[Any], None] | None = None) -> Job:
        """Queue work.

        Parameters
        ----------
        title
            What it does, for people.
        work
            Called in a worker thread with a progress function.
        then
            Called with the result in the thread of the window.
        """
        job = self._pool.submit(title, work)
        self._running[job.id] = job
        if then is not None:
            self._then[job.id] = then
        self.started.emit(job)
        self.counted.emit(len(self._running))

        def post(kind: str) -> Callable[..., None]:
            return lambda *what: self._posted.emit(job, kind, what)

        job.progressed.connect(post("progressed"))
        job.finished.connect(post("finished"))
        job.failed.connect(post("failed"))
        job.cancelled.connect(post("cancelled"))
        return job

    def _deliver(self, job: Job, kind: str, what: tuple[Any, ...]) -> None:
        if kind == "progressed":
            self.progressed.emit(job, *what)
            return
        then = self._then.pop(job.id, None)
        self._running.pop(job.id, None)
        if kind == "finished":
            self.finished.emit(job, *what)
            if then is not None:
                then(*what)
        elif kind == "failed":
            self.failed.emit(job, *what)
        else:
            self.cancelled.emit(job)
        self.counted.emit(len(self._running))

    def cancel_all(self) -> None:
        """Ask every job to stop."""
        for job in self.running:
            job.cancel()

    def close(self, timeout: float = 5.0) -> bool:
        """Stop every job and wait a little; return whether all have ended."""
        return self._pool.close(timeout)
