"""Commands in processes of their own, as a script would call them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.workflow.fakes import FakePredictor


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document that stdout holds."""

        def refuse(name: str) -> None:
            raise AssertionError(f"{name} is no JSON")

        return json.loads(self.out, parse_constant=refuse)

    @property
    def sentence(self) -> str:
        """The one line that stderr holds."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert "Traceback" not in lines[0]
        return lines[0]


Run = Callable[..., Answer]


def call(command: Sequence[str], folder: Path, project: Path) -> Answer:
    places = {"HETEROAGG_HOME": str(folder / "home"), "PYTHONPATH": str(project)}
    done = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=folder,
        env={**os.environ, **places},
    )
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def run_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Return what runs a command in this process, which takes no time to start."""
    from heteroagg_gui.__main__ import main

    monkeypatch.setenv("HETEROAGG_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Answer:
        capsys.readouterr()
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return run


@pytest.fixture
def run_with_network(run_here: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs a command in this process with a network that answers at once."""

    def run(*arguments: str, unfit: str = "") -> Answer:
        monkeypatch.setattr(
            "heteroagg_gui.workflow.actions.predict.load_predictor_named",
            lambda name, device: FakePredictor(unfit=unfit.split(",")),
        )
        return run_here(*arguments)

    return run


@pytest.fixture
def run(tmp_path: Path, project: Path) -> Run:
    """Return what runs a command in a process of its own."""

    def run(*arguments: str) -> Answer:
        return call(["-m", "heteroagg_gui", *arguments], tmp_path, project)

    return run


@pytest.fixture
def run_process_with_network(tmp_path: Path, project: Path) -> Run:
    """Return what runs a command in a process with a network that answers at once."""

    def run(*arguments: str, unfit: str = "") -> Answer:
        script = str(project / "tests" / "cli" / "with_fake_network.py")
        return call([script, unfit, *arguments], tmp_path, project)

    return run
