import subprocess
import sys
from pathlib import Path

import pytest

from heteroagg_gui import __version__
from heteroagg_gui.core.child_program import child_command, window_command


@pytest.fixture
def bundled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "heteroagg-gui"))
    return tmp_path


def test_a_child_from_source_is_the_program(project: Path):
    done = subprocess.run(
        child_command("--version"), cwd=project, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"heteroagg {__version__}"


def test_a_child_of_a_bundle_is_the_executable_beside(bundled: Path):
    command = child_command("predict", "a b.tif")
    assert command == [str(bundled / "heteroagg"), "predict", "a b.tif"]
    command = child_command("--data", module="heteroagg_gui.learning.train_command")
    assert command[1:] == ["-m", "heteroagg_gui.learning.train_command", "--data"]
    assert window_command("x.tif") == [str(bundled / "heteroagg-gui"), "x.tif"]


def test_executables_have_a_suffix_on_windows(bundled: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", str(bundled / "heteroagg-gui.exe"))
    names = [Path(child_command()[0]).name, Path(window_command()[0]).name]
    assert names == ["heteroagg.exe", "heteroagg-gui.exe"]


def test_modules_of_others_are_refused():
    with pytest.raises(ValueError, match="http"):
        child_command(module="http.server")
