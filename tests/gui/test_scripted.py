"""Windows that work by themselves, here with a network and children that answer at once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from heteroagg_gui.gui import kernel_warm_up, smoke_test
from heteroagg_gui.gui.kernel_warm_up import KernelWarmUp, mark_path
from heteroagg_gui.gui.smoke_test import SmokeTest
from heteroagg_gui.learning.retraining.plan_file import read_plan
from heteroagg_gui.workflow.trainings import queue
from tests.workflow.fake_trainings import ENGINE


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Return the commands given to children, which do nothing; the second fails."""
    asked: list[tuple[str, ...]] = []

    def child_command(*arguments: str) -> list[str]:
        asked.append(arguments)
        code = "import sys; print('no memory', file=sys.stderr); sys.exit(3)"
        return [sys.executable, "-c", code if len(asked) == 2 else ""]

    monkeypatch.setattr(smoke_test, "child_command", child_command)
    return asked


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch, project: Path) -> dict[str, str]:
    """Return how trainings end, which a stand-in for the command carries out."""
    chosen = {"mode": "finish"}

    def child_command(command: str, plan: str, out: str, folder: str, resume: str) -> list[str]:
        assert (command, out, resume) == ("retrain", "--out", "--resume")
        assert read_plan(Path(plan)) == smoke_test.tiny_plan()
        return [sys.executable, str(ENGINE), chosen["mode"], folder]

    monkeypatch.setenv("PYTHONPATH", str(project))
    monkeypatch.setattr(queue, "child_command", child_command)
    return chosen


def run_smoke_test(make_program, until, out: Path) -> tuple[SmokeTest, dict]:
    program = make_program(n_shadows=SmokeTest.SHADOWS)
    program.to.sessions.may_ask = True
    out.mkdir()
    test = SmokeTest(program, out)
    until((out / "smoke-test.json").exists)
    assert not program.window.isVisible()
    return test, json.loads((out / "smoke-test.json").read_text())


def test_smoke_test_does_the_whole_job(
    make_program, predictor, children, trained, until, tmp_path: Path
):
    test, report = run_smoke_test(make_program, until, tmp_path / "out")
    assert report["failure"] is None
    assert test.passed
    times = list(report["seconds"].values())
    assert times == sorted(times)
    assert len(times) == 9
    assert [command[0] for command in children] == ["generate"]
    assert (Path(report["network"]) / "card.json").is_file()
    assert len(list((tmp_path / "out" / "export").glob("*.obj"))) == 3
    assert (tmp_path / "out" / "export" / "descriptors.csv").read_text().count("\n") == 101
    for picture in ("window.png", "training.png"):
        assert (tmp_path / "out" / picture).stat().st_size > 0


def test_smoke_test_tells_what_failed(make_program, predictor, children, until, tmp_path: Path):
    children.append(("one more before",))
    test, report = run_smoke_test(make_program, until, tmp_path / "out")
    assert not test.passed
    assert "no memory" in report["failure"]
    assert "network retrained in child processes" not in report["seconds"]


def test_smoke_test_tells_why_no_network_was_trained(
    make_program, predictor, children, trained, until, tmp_path: Path
):
    trained["mode"] = "disk-full"
    test, report = run_smoke_test(make_program, until, tmp_path / "out")
    assert not test.passed
    assert "It went wrong" in report["failure"]
    assert "network retrained in child processes" not in report["seconds"]


def test_smoke_test_ends_with_the_first_error(
    make_program, predictor, children, until, tmp_path: Path
):
    predictor.error = RuntimeError("a broken library")
    test, report = run_smoke_test(make_program, until, tmp_path / "out")
    assert not test.passed
    assert "a broken library" in report["failure"]
    assert children == []


def test_start_up_is_measured_in_a_window_of_its_own(project: Path, tmp_path: Path):
    times = tmp_path / "times.json"
    done = subprocess.run(
        [sys.executable, "-m", "heteroagg_gui", "--start-up-times", str(times)],
        env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    stamps = json.loads(times.read_text())
    assert 0 < stamps["painted"] < stamps["ready"]


def test_kernels_are_compiled_once(qapp: QApplication, until, monkeypatch: pytest.MonkeyPatch):
    asked = []

    def child_command(module: str) -> list[str]:
        asked.append(module)
        return [sys.executable, "-c", "import sys; sys.exit(int(len(sys.argv) > 1))"]

    monkeypatch.setattr(kernel_warm_up, "child_command", child_command)
    for _ in range(2):
        warm_up = KernelWarmUp()
        warm_up.start()
        until(mark_path().exists)
        warm_up.stop()
    assert asked == [kernel_warm_up.MODULE]


def test_kernels_that_did_not_compile_are_tried_again(qapp, until, monkeypatch: pytest.MonkeyPatch):
    command = [sys.executable, "-c", "import sys; sys.exit(1)"]
    monkeypatch.setattr(kernel_warm_up, "child_command", lambda module: command)
    warm_up = KernelWarmUp()
    ended = []
    warm_up.process.finished.connect(lambda code, status: ended.append(code))
    warm_up.start()
    until(lambda: ended)
    assert ended == [1]
    assert not mark_path().exists()
