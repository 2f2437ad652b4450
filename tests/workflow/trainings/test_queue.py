"""What becomes of trainings: their order, their ends, and what outlives a program."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.workflow.trainings.training import TrainingState
from tests.workflow.fake_trainings import PROJECT, is_running, plan, step_until

S = TrainingState


def in_state(*states: TrainingState):
    return lambda training: training.state in states


def test_one_runs_and_the_others_wait_in_an_order_that_can_be_changed(make_queue):
    queue = make_queue("slow")
    first, second, third = (queue.submit(plan(name)) for name in ("a", "b", "c"))
    step_until(queue, first, in_state(S.RUNNING))
    assert [(t.key, t.place) for t in queue.step().trainings[1:]] == [(second, 1), (third, 2)]
    queue.move(third, -1)
    assert [t.key for t in queue.step().trainings] == [first, third, second]
    queue.move(third, 5)
    assert [t.key for t in queue.step().trainings] == [first, second, third]
    assert queue.step().running.key == first
    queue.cancel(first)
    step_until(queue, second, in_state(S.RUNNING))
    assert queue.step().find(first).state is S.CANCELLED


def test_finished_training_is_followed_by_the_next(make_queue):
    queue = make_queue()
    keys = [queue.submit(plan(name)) for name in ("a", "b")]
    done = step_until(queue, keys[1], in_state(S.FINISHED))
    assert queue.step().find(keys[0]).state is S.FINISHED
    assert (done.network / "card.json").is_file()
    assert done.status.fraction == 1.0
    assert done.plan.name == "b"


def test_process_that_has_said_its_last_word_is_not_waited_for(make_queue):
    queue = make_queue("linger")
    key, after = queue.submit(plan("a")), queue.submit(plan("b"))
    running = step_until(queue, key, in_state(S.RUNNING))
    queue._patience = 300.0
    queue.cancel(key)
    stopped = step_until(queue, key, in_state(S.CANCELLED), seconds=20.0)
    assert stopped.status.state == "stopped"
    assert stopped.problem is None
    assert not is_running(running.status.pid)
    step_until(queue, after, in_state(S.RUNNING))
    queue.close()
    assert queue.step().find(after).status.state == "stopped"


def test_cancelled_training_keeps_its_work_and_goes_on_from_it(make_queue):
    queue = make_queue("slow")
    key = queue.submit(plan())
    step_until(queue, key, lambda t: t.status is not None and t.status.images >= 48)
    queue.cancel(key)
    assert queue.step().find(key).state in {S.STOPPING, S.CANCELLED}
    stopped = step_until(queue, key, in_state(S.CANCELLED), seconds=5.0)
    kept = stopped.status.images
    assert stopped.can_go_on
    assert stopped.can_finish
    queue.go_on(key)
    step_until(queue, key, lambda t: t.state is S.RUNNING and t.status.images > kept)


def test_pause_and_go_on(make_queue):
    queue = make_queue("slow")
    key = queue.submit(plan())
    step_until(queue, key, in_state(S.RUNNING))
    queue.pause(key)
    rests = step_until(queue, key, in_state(S.PAUSED))
    time.sleep(0.1)
    assert queue.step().find(key).status.images == rests.status.images
    queue.go_on(key)
    step_until(queue, key, lambda t: t.status.images > rests.status.images)


def test_what_there_is_can_be_finished_while_it_runs_and_after_a_cancel(make_queue):
    queue = make_queue("slow")
    for cancelled_first in (False, True):
        key = queue.submit(plan())
        step_until(queue, key, lambda t: t.status is not None and t.status.images >= 32)
        if cancelled_first:
            queue.cancel(key)
            step_until(queue, key, in_state(S.CANCELLED))
        queue.finish(key)
        done = step_until(queue, key, in_state(S.FINISHED))
        seen = (done.folder / "seen.txt").read_text().split()
        assert seen[1::2] == ["False", "True"]
        assert done.status.images < 16 * 4000


def test_process_that_does_not_listen_is_killed(make_queue):
    queue = make_queue("deaf")
    key = queue.submit(plan())
    deaf = step_until(queue, key, lambda t: (t.folder / "deaf.txt").exists())
    queue.cancel(key)
    step_until(queue, key, in_state(S.CANCELLED), seconds=5.0)
    assert not is_running(deaf.status.pid)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("oom", "out-of-memory"),
        ("disk-full", "disk-full"),
        ("device-lost", "device-lost"),
        ("diverged", "diverged"),
        ("input", "input"),
        ("crash", "crash"),
        ("silent", "crash"),
    ],
)
def test_failure_says_what_is_wrong_and_what_to_do(make_queue, mode, kind):
    queue = make_queue(mode)
    key = queue.submit(plan())
    failed = step_until(queue, key, in_state(S.FAILED))
    assert failed.problem.kind == kind
    assert failed.problem.sentence.endswith(".")
    assert failed.problem.remedy.endswith(".")
    if mode == "crash":
        assert "RuntimeError: a defect" in failed.problem.details
    if mode == "input":
        assert failed.problem.sentence == "The plan asks for what can't be: change it."
    later = make_queue(mode)
    assert later.step().find(key).problem == failed.problem


def test_killed_process_takes_those_it_started_with_it(make_queue):
    queue = make_queue("killed")
    key = queue.submit(plan())
    failed = step_until(queue, key, in_state(S.FAILED))
    assert failed.problem.kind == "out-of-memory"
    worker = int((failed.folder / "worker.txt").read_text())
    step_until(queue, key, lambda _: not is_running(worker))
    queue.go_on(key)
    assert step_until(queue, key, in_state(S.STARTING, S.RUNNING)).problem is None


def test_command_that_is_missing_is_a_failure_and_the_next_has_its_turn(make_queue):
    queue = make_queue()
    queue._command = lambda folder, finish: ["/no/such/program"]
    keys = [queue.submit(plan(name)) for name in ("a", "b")]
    failed = step_until(queue, keys[1], in_state(S.FAILED))
    assert "No such file" in failed.problem.sentence
    assert queue.step().find(keys[0]).state is S.FAILED


def test_second_program_starts_nothing_but_can_queue_and_cancel(make_queue):
    first, second = make_queue("slow"), make_queue("slow")
    key = first.submit(plan())
    step_until(first, key, in_state(S.RUNNING))
    seen = step_until(second, key, in_state(S.RUNNING))
    assert not second.step().is_owner
    other = second.submit(plan("other"))
    assert second.step().find(other).state is S.WAITING
    second.cancel(key)
    step_until(first, key, in_state(S.CANCELLED))
    step_until(first, other, in_state(S.RUNNING))
    assert (seen.folder / "seen.txt").read_text().count("\n") == 1
    assert step_until(second, other, in_state(S.RUNNING)).title == "Network other"


def test_closing_stops_the_running_one_and_the_next_start_offers_it(make_queue):
    queue = make_queue("slow")
    key, waiting = queue.submit(plan()), queue.submit(plan("later"))
    pid = step_until(queue, key, in_state(S.RUNNING)).status.pid
    queue.close()
    assert not is_running(pid)
    again = make_queue("slow")
    state = again.step()
    assert state.is_owner
    assert state.find(key).state is S.INTERRUPTED
    assert state.find(key).can_go_on
    assert state.find(waiting).state is S.WAITING
    assert state.held == {waiting}
    assert again.step().running is None
    again.go_on(key)
    step_until(again, key, in_state(S.RUNNING))
    again.cancel(key)
    step_until(again, key, in_state(S.CANCELLED))
    assert again.step().find(waiting).state is S.WAITING
    again.release()
    step_until(again, waiting, in_state(S.RUNNING))


OWNER = """
import sys, time
from pathlib import Path
from heteroagg_gui.workflow.trainings.queue import TrainingQueue
from tests.workflow.fake_trainings import engine, plan
queue = TrainingQueue(Path(sys.argv[1]), engine("slow"))
queue.submit(plan())
while True:
    state = queue.step()
    if state.running is not None and state.running.status is not None:
        print(state.running.status.pid, flush=True)
    time.sleep(0.02)
"""


def killed_program(parent: Path) -> int:
    """Start a program that trains, kill it, and return the process that still works."""
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(parent)], stdout=subprocess.PIPE, text=True, cwd=PROJECT
    )
    pid = int(owner.stdout.readline())
    owner.kill()
    owner.communicate()
    return pid


def test_process_outlives_a_killed_program_and_is_watched_again(make_queue, tmp_path):
    pid = killed_program(tmp_path / "trainings")
    assert is_running(pid)
    queue = make_queue("slow")
    state = queue.step()
    key = state.trainings[0].key
    found = step_until(queue, key, in_state(S.RUNNING))
    assert found.status.pid == pid
    waiting = queue.submit(plan("later"))
    assert queue.step().find(waiting).state is S.WAITING
    queue.pause(key)
    step_until(queue, key, in_state(S.PAUSED))
    queue.cancel(key)
    step_until(queue, key, lambda t: t.state is S.CANCELLED and not is_running(pid))
    step_until(queue, waiting, in_state(S.RUNNING))


def test_process_that_died_with_its_program_was_interrupted(make_queue, tmp_path):
    pid = killed_program(tmp_path / "trainings")
    os.kill(pid, signal.SIGKILL)
    queue = make_queue()
    key = queue.step().trainings[0].key
    assert step_until(queue, key, in_state(S.INTERRUPTED)).can_go_on
    queue.go_on(key)
    step_until(queue, key, in_state(S.FINISHED))


def test_torn_and_foreign_files_are_passed_over(make_queue):
    queue = make_queue()
    key = queue.submit(plan())
    done = step_until(queue, key, in_state(S.FINISHED))
    (done.folder / "status.json").write_text('{"format": 1, "state": "fini')
    assert queue.step().find(key).state is S.FINISHED
    fresh = make_queue()
    assert fresh.step().find(key).status is None
    (done.folder / "request.json").write_text("[]")
    assert make_queue().step().trainings == ()
    (done.folder.parent / "notes").mkdir()
    (done.folder.parent / "file").touch()
    (done.folder / "request.json").write_text(
        json.dumps({"format": 1, "title": 3, "queued": "yes", "place": "first", "problem": 7})
    )
    (odd,) = make_queue().step().trainings
    assert (odd.title, odd.place, odd.problem) == (key, 0, None)


def test_process_whose_folder_is_deleted_by_hand_ends(make_queue):
    queue = make_queue("slow")
    key = queue.submit(plan())
    running = step_until(queue, key, in_state(S.RUNNING))
    running.folder.rename(running.folder.parent.parent / "elsewhere")
    assert queue.step().trainings == ()
    assert not is_running(running.status.pid)


def test_removing_frees_the_disk_but_not_under_a_running_process(make_queue):
    queue = make_queue("slow")
    key = queue.submit(plan())
    folder = step_until(queue, key, in_state(S.RUNNING)).folder
    with pytest.raises(ParameterError, match="cancel it before"):
        queue.remove(key)
    queue.cancel(key)
    step_until(queue, key, in_state(S.CANCELLED))
    queue.remove(key)
    assert queue.step().trainings == ()
    end = time.monotonic() + 5.0
    while list(folder.parent.glob(".removed*")) and time.monotonic() < end:
        time.sleep(0.01)
    assert [p.name for p in folder.parent.iterdir()] == [".queue.lock"]
    with pytest.raises(ParameterError, match="not there any more"):
        queue.cancel(key)
