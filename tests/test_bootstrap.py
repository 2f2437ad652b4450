"""What the bootstrap decides, without a network and without installing anything."""

import ast
import json
import subprocess
from pathlib import Path

import bootstrap
import checks
import pytest
import sample_run
from environment import Environment
from failure import BootstrapError


def test_bootstrap_can_be_read_by_an_old_python(project: Path):
    source = (project / "packaging" / "bootstrap.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))


def test_old_python_gets_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 8, 10))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit) as ended:
        bootstrap.leave_unfit_python()
    assert "needs Python 3.11 to 3.14 and this is Python 3.8" in str(ended.value)


def test_old_python_hands_over_to_a_newer_one(monkeypatch: pytest.MonkeyPatch):
    started = []
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 0))
    monkeypatch.setattr(bootstrap.sys, "argv", ["bootstrap.py", "test", "-x"])
    monkeypatch.setattr(
        bootstrap.shutil, "which", lambda name: "/bin/" + name if name == "python3.12" else None
    )
    monkeypatch.setattr(bootstrap.os, "name", "posix")
    monkeypatch.setattr(bootstrap.os, "execv", lambda path, command: started.append(command))
    bootstrap.leave_unfit_python()
    assert [command[0] for command in started] == ["/bin/python3.12"]
    assert started[0][2:] == ["test", "-x"]


def test_fitting_python_goes_on():
    bootstrap.leave_unfit_python()


def test_command_line_passes_options_on_to_pytest(monkeypatch: pytest.MonkeyPatch):
    seen = []
    monkeypatch.setattr(checks, "run_all", lambda home, rest: seen.append(rest) or 0)
    assert bootstrap.main(["test", "-k", "theta", "tests/core", "--maxfail=1"]) == 0
    assert seen == [["-k", "theta", "tests/core", "--maxfail=1"]]


def test_run_refuses_unknown_options(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        bootstrap.main(["run", "--wrong"])
    assert "--wrong" in capsys.readouterr().err


def test_failure_ends_with_its_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def fail(*arguments, **options):
        raise BootstrapError("The disk is full.")

    monkeypatch.setattr(sample_run, "start", fail)
    assert bootstrap.main(["run"]) == 2
    assert capsys.readouterr().err.strip() == "The disk is full."


# The test run


def test_checks_are_complete():
    titles = [check.title for check in checks.list_checks("py", [], virtual_display=False)]
    assert titles == ["ruff check", "ruff format", "mypy --strict", "import-linter", "pytest"]


def test_pytest_gets_a_screen_where_there_is_none():
    *_, last = checks.list_checks("py", ["-x"], virtual_display=True)
    assert last.command[:2] == ("xvfb-run", "-a")
    assert last.command[-4:] == ("py", "-m", "pytest", "-x")


@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [("Linux", {}, True), ("Linux", {"DISPLAY": ":1"}, False), ("Windows", {}, False)],
)
def test_virtual_display_is_for_linux(system: str, variables: dict[str, str], expected: bool):
    assert checks.needs_virtual_display(system, variables) is expected


def test_variables_keep_the_users_choice():
    given = {"OMP_NUM_THREADS": "1", "WAYLAND_DISPLAY": "wayland-0"}
    chosen = checks.check_variables(given, virtual_display=True, cores=64)
    assert chosen["OMP_NUM_THREADS"] == "1"
    assert chosen["OPENBLAS_NUM_THREADS"] == "4"
    assert chosen["QT_QPA_PLATFORM"] == "xcb"
    assert "WAYLAND_DISPLAY" not in chosen


def test_every_check_runs_and_one_failure_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    ran = []

    def run(command, **options):
        ran.append(command)
        return subprocess.CompletedProcess(command, 1 if "mypy" in command else 0)

    monkeypatch.setattr(checks, "ensure_libraries", lambda *arguments, **options: None)
    monkeypatch.setattr(checks.subprocess, "run", run)
    monkeypatch.setattr(Environment, "ensure", lambda self, purpose: None)
    assert checks.run_all(Environment(tmp_path), []) == 1
    assert len(ran) == 5
    summary = capsys.readouterr().out
    assert "FAILED (1)" in summary
    assert summary.count(" ok ") == 4


# The sample run

PREDICTION = {
    "theta": {"fractal_dimension": 1.81, "mixing_ratio": 0.44, "theta_0": 3, "theta_1": 2},
    "interval_90": {"fractal_dimension": [1.75, 1.88], "mixing_ratio": [0.38, 0.5]},
}


def test_sample_batch_is_the_default(project: Path, tmp_path: Path):
    (tmp_path / "resources" / "samples").mkdir(parents=True)
    samples = str(tmp_path / "resources" / "samples")
    assert sample_run.list_inputs(tmp_path, []) == [samples]
    assert sample_run.list_inputs(tmp_path, [project / "README.md"]) == [str(project / "README.md")]


def test_missing_input_is_named(tmp_path: Path):
    with pytest.raises(BootstrapError, match="nowhere"):
        sample_run.list_inputs(tmp_path, [tmp_path / "nowhere"])


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, ...]]:
    """Return the calls made in an environment that needs no installation."""
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(sample_run, "ensure_libraries", lambda need: None)
    monkeypatch.setattr(Environment, "ensure", lambda self, purpose: None)
    monkeypatch.setattr(
        Environment, "call", lambda self, *arguments, **options: calls.append(arguments) or 0
    )
    (tmp_path / "resources" / "samples").mkdir(parents=True)
    return calls


def test_display_gets_the_window(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ready: list[tuple[str, ...]]
):
    monkeypatch.setattr(sample_run, "has_display", lambda system, variables: True)
    assert sample_run.start(Environment(tmp_path), [], tmp_path / "out") == 0
    assert ready == [("-m", "heteroagg_gui", str(tmp_path / "resources" / "samples"))]


@pytest.mark.parametrize("display", [True, False])
def test_command_line_does_the_same_job(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    ready: list[tuple[str, ...]],
    capsys: pytest.CaptureFixture[str],
    display: bool,
):
    answer = subprocess.CompletedProcess([], 1, json.dumps(PREDICTION))
    monkeypatch.setattr(sample_run.subprocess, "run", lambda command, **options: answer)
    monkeypatch.setattr(sample_run, "has_display", lambda system, variables: display)
    out = tmp_path / "out"
    assert sample_run.start(Environment(tmp_path), [], out, headless=display) == 1
    assert json.loads((out / "prediction.json").read_text(encoding="utf-8")) == PREDICTION
    assert [call[2] for call in ready] == ["shadows", "simulate"]
    printed = capsys.readouterr().out
    assert "fractal dimension D_f     1.81   (90 % interval 1.75 to 1.88)" in printed
    for name in ("prediction.json", "shadows", "pictures"):
        assert str(out / name) in printed


@pytest.mark.parametrize(("status", "output"), [(2, ""), (0, "{}"), (0, "no JSON")])
def test_failed_prediction_ends_the_run(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    ready: list[tuple[str, ...]],
    status: int,
    output: str,
):
    answer = subprocess.CompletedProcess([], status, output)
    monkeypatch.setattr(sample_run.subprocess, "run", lambda command, **options: answer)
    with pytest.raises(BootstrapError, match="prediction failed"):
        sample_run.start(Environment(tmp_path), [], tmp_path / "out", headless=True)
    assert ready == []
