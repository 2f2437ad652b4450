"""Starts jobs and passes on what they report, in the thread of the window."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from heteroagg_gui.workflow.jobs import Job, JobPool, Work


class JobBoard(QObject):
    """The window's end of the job pool: Qt signals instead of calls from worker threads."""

    started = Signal(object)
    progressed = Signal(object, float, str, object)
    finished = Signal(object, object)
    failed = Signal(object, object)
    cancelled = Signal(object)
    counted = Signal(int)

    def __init__(self, pool: JobPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = pool
        self._running: dict[int, Job] = {}
        self._then: dict[int, Callable[[Any], None]] = {}
        self.finished.connect(self._on_finished)
        self.failed.connect(self._on_over)
        self.cancelled.connect(self._on_over)

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
        job.progressed.connect(
            lambda fraction, message, left: self.progressed.emit(job, fraction, message, left)
        )
        job.finished.connect(lambda result: self.finished.emit(job, result))
        job.failed.connect(lambda error: self.failed.emit(job, error))
        job.cancelled.connect(lambda: self.cancelled.emit(job))
        return job

    def is_busy(self, *titles: str) -> bool:
        """Whether a job of one of these titles waits or runs."""
        return any(job.title in titles for job in self._running.values())

    def cancel_all(self) -> None:
        """Ask every job to stop."""
        for job in self.running:
            job.cancel()

    def close(self, timeout: float = 5.0) -> bool:
        """Stop every job and wait a little; return whether all have ended."""
        return self._pool.close(timeout)

    def _on_finished(self, job: Job, result: Any) -> None:
        then = self._then.get(job.id)
        self._on_over(job)
        if then is not None:
            then(result)

    def _on_over(self, job: Job, *_: Any) -> None:
        self._then.pop(job.id, None)
        if self._running.pop(job.id, None) is not None:
            self.counted.emit(len(self._running))
