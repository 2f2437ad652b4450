import logging
import threading
import time

import pytest

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.workflow.jobs import Job, JobPool, JobStatus

PATIENCE_S = 20.0


@pytest.fixture
def pool():
    pool = JobPool()
    yield pool
    assert pool.close(PATIENCE_S)


def finish(job: Job) -> None:
    assert job.wait(PATIENCE_S)


class Recorder:
    """Remembers what a job said, and in which thread."""

    def __init__(self, job: Job) -> None:
        self.heard: list[tuple] = []
        job.finished.connect(lambda result: self.heard.append(("finished", result)))
        job.failed.connect(lambda error: self.heard.append(("failed", error)))
        job.cancelled.connect(lambda: self.heard.append(("cancelled",)))


def test_work_is_done_in_another_thread_and_its_result_comes_back(pool: JobPool):
    job = pool.submit("think", lambda progress: threading.current_thread())
    finish(job)
    assert Recorder(job).heard == [("finished", job.result)]
    assert job.result is not threading.current_thread()
    assert job.status is JobStatus.FINISHED


def test_listeners_before_and_after_the_end_are_told_once(pool: JobPool):
    gate = threading.Event()
    job = pool.submit("wait", lambda progress: gate.wait(PATIENCE_S))
    early = Recorder(job)
    gate.set()
    finish(job)
    assert early.heard == Recorder(job).heard == [("finished", True)]


@pytest.mark.parametrize(
    "error",
    [ValueError("odd"), RuntimeError("torch says so"), ParameterError("No."), SystemExit(3)],
)
def test_whatever_is_raised_reaches_failed_as_it_is(pool: JobPool, error, caplog):
    def fail(progress) -> None:
        raise error

    with caplog.at_level(logging.INFO, "heteroagg_gui"):
        job = pool.submit("fail", fail)
        finish(job)
    assert Recorder(job).heard == [("failed", error)]
    assert job.error is error
    assert "fail" in caplog.text


def test_cancelling_is_answered_at_the_next_report(pool: JobPool):
    started, reports = threading.Event(), []

    def work(progress) -> None:
        for step in range(10_000):
            reports.append(step)
            progress(step / 10_000, "working")
            started.set()
            time.sleep(0.001)

    job = pool.submit("long", work)
    assert started.wait(PATIENCE_S)
    job.cancel()
    finish(job)
    assert Recorder(job).heard == [("cancelled",)]
    assert len(reports) < 10_000


def test_a_waiting_job_is_cancelled_at_once():
    pool = JobPool(max_workers=1)
    gate, done = threading.Event(), []
    blocking = pool.submit("block", lambda progress: gate.wait(PATIENCE_S))
    waiting = pool.submit("wait", lambda progress: done.append(1))
    waiting.cancel()
    assert waiting.is_over
    assert Recorder(waiting).heard == [("cancelled",)]
    gate.set()
    finish(blocking)
    assert pool.close(PATIENCE_S)
    assert done == []


def test_reports_are_throttled_and_the_last_one_always_comes(pool: JobPool):
    ready = threading.Event()

    def work(progress) -> None:
        ready.wait(PATIENCE_S)
        for step in range(20_000):
            progress(step / 20_000, f"step {step}")

    job = pool.submit("count", work)
    heard: list[tuple[float, str]] = []
    job.progressed.connect(lambda fraction, message, left: heard.append((fraction, message)))
    start = time.monotonic()
    ready.set()
    finish(job)
    assert len(heard) <= (time.monotonic() - start) / 0.05 + 2
    assert heard[-1][1] == "step 19999"


def test_the_last_report_comes_before_the_end(pool: JobPool):
    gate, order = threading.Event(), []

    def work(progress) -> str:
        gate.wait(PATIENCE_S)
        progress(0.2, "a")
        progress(0.9, "b")
        return "done"

    job = pool.submit("report", work)
    job.progressed.connect(lambda fraction, message, left: order.append(message))
    job.finished.connect(order.append)
    gate.set()
    finish(job)
    assert order == ["a", "b", "done"]


def test_a_listener_that_fails_is_reported_and_the_job_is_not_lost(pool: JobPool, monkeypatch):
    raised = []
    monkeypatch.setattr(threading, "excepthook", lambda args: raised.append(args.exc_value))
    gate = threading.Event()
    job = pool.submit("listen", lambda progress: gate.wait(PATIENCE_S))
    job.finished.connect(lambda result: 1 / 0)
    gate.set()
    finish(job)
    assert job.status is JobStatus.FINISHED
    assert isinstance(raised[0].__cause__, ZeroDivisionError)


def test_two_jobs_run_at_the_same_time(pool: JobPool):
    meeting = threading.Barrier(2)
    jobs = [pool.submit("meet", lambda progress: meeting.wait(PATIENCE_S)) for _ in range(2)]
    for job in jobs:
        finish(job)
    assert sorted(job.result for job in jobs) == [0, 1]


def test_many_jobs_are_all_answered(pool: JobPool):
    answers: list[int] = []
    jobs = [pool.submit(f"{k}", lambda progress, k=k: k) for k in range(200)]
    for job in jobs:
        job.finished.connect(answers.append)
    for job in jobs:
        finish(job)
    assert sorted(answers) == list(range(200))
    assert pool.jobs == ()


def test_the_pool_announces_jobs_and_lists_those_that_run(pool: JobPool):
    announced: list[Job] = []
    pool.submitted.connect(announced.append)
    gate = threading.Event()
    job = pool.submit("list", lambda progress: gate.wait(PATIENCE_S))
    assert announced == [job]
    assert pool.jobs == (job,)
    gate.set()
    finish(job)
    assert pool.jobs == ()


def test_closing_stops_what_runs_and_says_whether_it_worked():
    pool = JobPool()
    gate = threading.Event()

    def polite(progress) -> None:
        while True:
            progress(0.5, "working")
            time.sleep(0.001)

    pool.submit("polite", polite)
    stubborn = pool.submit("stubborn", lambda progress: gate.wait(PATIENCE_S))
    assert not pool.close(0.2)
    gate.set()
    finish(stubborn)


def test_work_is_let_go_when_it_is_over(pool: JobPool):
    import gc
    import weakref

    class Burden:
        def __call__(self, progress) -> None:
            pass

    burden = Burden()
    reference = weakref.ref(burden)
    job = pool.submit("carry", burden)
    finish(job)
    del burden
    gc.collect()
    assert reference() is None
