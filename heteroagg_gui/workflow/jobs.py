"""Work that runs beside the window: threads, progress, cancelling."""

import itertools
import logging
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from typing import Any

from psygnal import Signal

from heteroagg_gui.core.errors import Cancelled, HeteroaggError
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.workflow.lasting_signal import LastingSignal
from heteroagg_gui.workflow.pace import Pace

_log = logging.getLogger(__name__)
_ids = itertools.count(1)

Work = Callable[[Progress], Any]


class JobStatus(Enum):
    """What became of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job:
    """One piece of work in a thread.

    Exactly one of ``finished``, ``failed`` and ``cancelled`` is emitted, from the worker's
    thread, and a listener that connects afterwards is told at once. ``progressed`` comes
    at most every 50 ms, and the last report always comes.

    Attributes
    ----------
    id
        Number of the job in this process.
    title
        What it does.
    status
        What became of it.
    result, error
        What it returned or raised.
    """

    progressed = Signal(float, str, object)
    finished = Signal(object, signal_instance_class=LastingSignal)
    failed = Signal(BaseException, signal_instance_class=LastingSignal)
    cancelled = Signal(signal_instance_class=LastingSignal)

    def __init__(self, title: str, work: Work) -> None:
        self.id = next(_ids)
        self.title = title
        self.status = JobStatus.WAITING
        self.result: Any = None
        self.error: BaseException | None = None
        self._work = work
        self._cancel = threading.Event()
        self._start = threading.Lock()
        self._ended = threading.Event()
        self._pace = Pace()

    @property
    def is_over(self) -> bool:
        """Whether the job has ended, well or not, and its listeners were told."""
        return self._ended.is_set()

    def cancel(self) -> None:
        """Ask the job to stop: at its next report of progress, at once if it only waits."""
        self._cancel.set()
        if self._leave_waiting(JobStatus.CANCELLED):
            self._end(JobStatus.CANCELLED, self.cancelled.emit)
            self._ended.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the job has ended, at most ``timeout`` seconds; return whether it has."""
        return self._ended.wait(timeout)

    def run(self) -> None:
        """Do the work in the calling thread; whatever it raises ends in a signal."""
        if not self._leave_waiting(JobStatus.RUNNING):
            return
        try:
            self._check_cancelled()
            self.result = self._work(self._report)
        except Cancelled:
            self._end(JobStatus.CANCELLED, self.cancelled.emit)
        except BaseException as error:
            self.error = error
            self._log_failure(error)
            self._end(JobStatus.FAILED, self.failed.emit, error)
        else:
            self._tell(self._send_last)
            self._end(JobStatus.FINISHED, self.finished.emit, self.result)
        finally:
            self._ended.set()

    def _leave_waiting(self, status: JobStatus) -> bool:
        with self._start:
            if self.status is not JobStatus.WAITING:
                return False
            self.status = status
            return True

    def _report(self, fraction: float, message: str) -> None:
        self._check_cancelled()
        if self._pace.note(fraction, message, time.monotonic()):
            self._tell(self._send_last)

    def _check_cancelled(self) -> None:
        if self._cancel.is_set():
            raise Cancelled

    def _send_last(self) -> None:
        report = self._pace.take(time.monotonic())
        if report is not None:
            self.progressed.emit(*report)

    def _log_failure(self, error: BaseException) -> None:
        if isinstance(error, HeteroaggError):
            _log.warning("%s: %s", self.title, error)
        else:
            _log.error("%s failed", self.title, exc_info=error)

    def _end(self, status: JobStatus, emit: Callable[..., None], *args: Any) -> None:
        self.status = status
        self._work = _nothing
        self._tell(emit, *args)

    def _tell(self, emit: Callable[..., None], *args: Any) -> None:
        """Emit a signal; a listener that fails is reported and does not fail the job."""
        try:
            emit(*args)
        except Exception:
            raised = (*sys.exc_info(), threading.current_thread())
            threading.excepthook(threading.ExceptHookArgs(raised))


def _nothing(_progress: Progress) -> None:
    """Stand in for work that is over, so that what it held is freed."""


class JobPool:
    """A few threads that run jobs in the order they were submitted.

    Parameters
    ----------
    max_workers
        Jobs that run at the same time.
    """

    submitted = Signal(Job)

    def __init__(self, max_workers: int = 2) -> None:
        self._threads = ThreadPoolExecutor(max_workers, thread_name_prefix="job")
        self._lock = threading.Lock()
        self._jobs: list[Job] = []

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs that wait or run."""
        with self._lock:
            self._jobs = [job for job in self._jobs if not job.is_over]
            return tuple(self._jobs)

    def submit(self, title: str, work: Work) -> Job:
        """Queue work and return its job.

        Parameters
        ----------
        title
            What the work does, for people.
        work
            Called in a worker thread with a progress function that raises Cancelled
            once the job was cancelled.
        """
        job = Job(title, work)
        with self._lock:
            self._jobs = [*(old for old in self._jobs if not old.is_over), job]
        self.submitted.emit(job)
        self._threads.submit(job.run)
        return job

    def cancel_all(self) -> None:
        """Ask every job to stop."""
        for job in self.jobs:
            job.cancel()

    def close(self, timeout: float = 5.0) -> bool:
        """Cancel everything and wait up to ``timeout`` seconds; return whether all ended."""
        self.cancel_all()
        deadline = time.monotonic() + timeout
        ended = [job.wait(max(0.0, deadline - time.monotonic())) for job in self.jobs]
        self._threads.shutdown(wait=False)
        return all(ended)
