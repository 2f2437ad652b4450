import importlib.util
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from heteroagg_gui.__main__ import command_line, main, window
from heteroagg_gui.cli import command_line as commands
from heteroagg_gui.cli.outcome import Outcome
from heteroagg_gui.workflow import benchmark
from heteroagg_gui.workflow.benchmark import Stage


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HETEROAGG_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def document_of(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_the_doctor_answers_in_text_and_json(capsys):
    assert command_line(["doctor", "--json"]) == 0
    checks = document_of(capsys)["checks"]
    assert {"Python", "torch", "preferences"} <= {check["name"] for check in checks}
    assert all(check["health"] in ("ok", "note", "missing") for check in checks)


def test_benchmark_reports_what_was_asked_for(monkeypatch: pytest.MonkeyPatch, capsys):
    stages = dict.fromkeys(benchmark.STAGES, Stage(lambda: 8.0, "1/s", 4.0, "a trial", True))
    monkeypatch.setattr(benchmark, "STAGES", stages)
    assert command_line(["benchmark", "--only", "images", "--json"]) == 0
    document = document_of(capsys)
    assert list(document["stages"]) == ["images"]
    assert document["stages"]["images"]["ratio"] == 2.0
    assert command_line(["benchmark"]) == 0
    assert "2.00 x the reference" in capsys.readouterr().out


def test_a_reference_needs_its_extra(capsys):
    if importlib.util.find_spec("abtem") is not None:
        pytest.skip("the extra multislice is installed")
    assert command_line(["reference", "--crystal", "rutile", "--out", "rutile.npz"]) == 2
    assert "multislice" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong", [["--detector", "10", "900"], ["--jobs", "0"], ["--out", "table.csv"]]
)
def test_a_reference_is_checked_before_the_long_work(capsys, wrong: list[str]):
    assert command_line(["reference", "--crystal", "rutile", "--out", "a.npz", *wrong]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_reference_hands_its_options_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys):
    seen: dict[str, Any] = {}
    (tmp_path / "response.txt").write_text("0 0.5\n300 0.5\n")

    def intensity(inner: float, outer: float, sensitivity: Any) -> np.ndarray:
        seen["response"] = None if sensitivity is None else sensitivity[1].tolist()
        return np.linspace(0.0, 0.2, 21)[None]

    def simulate(crystal: object, out: Path, **options: Any) -> SimpleNamespace:
        seen.update(options, crystal=crystal, out=out)
        return SimpleNamespace(
            crystal="rutile",
            thickness_nm=np.arange(0.0, 21.0),
            orientations=("[100]",),
            intensity=intensity,
        )

    monkeypatch.setattr("heteroagg_gui.stem.multislice.simulate_reference", simulate)
    arguments = ["reference", "--cif", "r.cif", "--out", "r.npz", "--thickness", "20"]
    assert command_line([*arguments, "--orientation", "[100]", "--jobs", "2"]) == 0
    assert "0.0500" in capsys.readouterr().out
    assert seen["crystal"] == Path("r.cif")
    assert (seen["thickness_nm"], seen["workers"]) == (20.0, 2)
    assert seen["orientations"] == ("[100]",)
    assert seen["response"] is None
    assert seen["device"] == "cpu"
    arguments += ["--thin-configurations", "1", "--sensitivity", str(tmp_path / "response.txt")]
    assert command_line([*arguments, "--json"]) == 0
    assert len(document_of(capsys)["intensity"][0]) == 21
    assert (seen["response"], seen["thin_configurations"]) == ([0.5, 0.5], 1)


def replace_doctor(monkeypatch: pytest.MonkeyPatch, run: Any) -> None:
    doctor = commands.COMMANDS["doctor"]
    replaced = commands.Command(doctor.summary, doctor.add_arguments, run)
    monkeypatch.setattr(commands, "COMMANDS", {**commands.COMMANDS, "doctor": replaced})


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (ValueError("odd"), "ValueError: odd"),
        (OSError(28, "No space left on device", "/out/a.csv"), "/out/a.csv"),
        (MemoryError(), "memory"),
    ],
)
def test_an_unexpected_error_is_one_sentence(monkeypatch, capsys, error: Exception, part: str):
    def fail(arguments: object, progress: object) -> Outcome:
        raise error

    replace_doctor(monkeypatch, fail)
    assert command_line(["doctor", "--json"]) == 2
    captured = capsys.readouterr()
    assert part in captured.err
    assert len(captured.err.splitlines()) == 1
    assert part in json.loads(captured.out)["error"]
    with pytest.raises(type(error)):
        command_line(["doctor", "--debug"])


def test_what_a_library_prints_does_not_spoil_the_document(monkeypatch, capsys):
    def chatter(arguments: object, progress: object) -> Outcome:
        print("hello from a library")
        return Outcome({"a": float("nan")}, lambda: "text")

    replace_doctor(monkeypatch, chatter)
    assert command_line(["doctor", "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {"a": None}
    assert "hello" in captured.err


def test_an_interrupt_ends_with_130(monkeypatch, capsys):
    def interrupted(arguments: object, progress: object) -> Outcome:
        raise KeyboardInterrupt

    replace_doctor(monkeypatch, interrupted)
    assert command_line(["doctor"]) == 130
    assert capsys.readouterr().err.startswith("Stopped")


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> list[list[Path]]:
    import sys

    opened: list[list[Path]] = []

    def run(paths: list[Path], *, new_window: bool) -> int:
        opened.append([*paths, Path("new window")] if new_window else paths)
        return 0

    monkeypatch.setitem(sys.modules, "heteroagg_gui.gui.app", SimpleNamespace(run=run))
    return opened


def test_nothing_or_files_open_the_window(windows: list[list[Path]], tmp_path: Path):
    (tmp_path / "a.tif").write_text("")
    assert main([]) == 0
    assert main(["a.tif", str(tmp_path)]) == 0
    assert windows == [[], [Path("a.tif"), tmp_path]]


def test_a_window_of_its_own_can_be_asked_for(windows: list[list[Path]]):
    assert main(["--new-window"]) == 0
    assert window(["a.tif", "--new-window"]) == 0
    assert windows == [[Path("new window")], [Path("a.tif"), Path("new window")]]


def test_windows_that_work_by_themselves_return_their_status(monkeypatch: pytest.MonkeyPatch):
    import sys

    scripted = SimpleNamespace(smoke_test=lambda path: 7, measure_start_up=lambda path: 8)
    monkeypatch.setitem(sys.modules, "heteroagg_gui.gui.scripted", scripted)
    assert main(["--smoke-test", "out"]) == 7
    assert window(["--start-up-times", "times.json"]) == 8
    assert window(["--smoke-test"]) == 2


def test_a_command_is_a_command_even_beside_a_folder_of_its_name(
    windows: list[list[Path]], tmp_path: Path, capsys
):
    (tmp_path / "models").mkdir()
    assert main(["models", "list"]) == 0
    assert windows == []


def test_a_file_that_does_not_exist_opens_no_window(windows: list[list[Path]], capsys):
    with pytest.raises(SystemExit) as ended:
        main(["missing.tif"])
    assert ended.value.code == 2
    assert windows == []
    assert "missing.tif" in capsys.readouterr().err


def test_the_window_has_a_version_and_help_of_its_own(windows: list[list[Path]], capsys):
    assert window(["--version"]) == 0
    assert window(["--help"]) == 0
    assert window(["--frobnicate"]) == 2
    assert windows == []
    assert "usage: heteroagg-gui" in capsys.readouterr().out
