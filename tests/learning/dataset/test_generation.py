"""Making a set: the same bytes however it is made."""

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from heteroagg_gui.core.errors import Cancelled, DataSetError, ParameterError
from heteroagg_gui.learning.dataset import generation, workers
from heteroagg_gui.learning.dataset.generation import generate
from heteroagg_gui.learning.dataset.reading import open_dataset
from tests.learning.dataset.small_sets import fingerprint, small_plan

SLOWLY = """
import sys, time
from heteroagg_gui.learning.dataset import generation
from tests.learning.dataset.small_sets import small_plan

generation.NOTE_EVERY_S = 0.0

def report(fraction, message):
    print(message, flush=True)
    time.sleep(0.3)

generation.generate(small_plan(), sys.argv[1], jobs=2, progress=report)
"""


def test_the_bytes_do_not_depend_on_the_number_of_processes(finished: Path, tmp_path: Path):
    generate(small_plan(), tmp_path, jobs=2)
    assert fingerprint(tmp_path) == fingerprint(finished)
    assert len(fingerprint(tmp_path)) == 4


def test_a_killed_run_goes_on_where_it_was(finished: Path, tmp_path: Path, project: Path):
    folder = tmp_path / "set"
    script = tmp_path / "slowly.py"
    script.write_text(SLOWLY)
    command = [sys.executable, str(script), str(folder)]
    places = {**os.environ, "PYTHONPATH": str(project)}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, env=places, text=True) as process:
        lines = [process.stdout.readline() for _ in range(2)]
        process.kill()
        # Ends when the last process that holds the pipes has ended: no worker is left behind.
        process.communicate(timeout=30)
    assert lines[0] == "0 of 20 images\n"
    with pytest.raises(DataSetError, match="are not made yet"):
        open_dataset(folder)
    (folder / "chunks" / ".chunk_00002.1.part.npz").write_bytes(b"what a killed write leaves")
    kept = {path: path.stat().st_mtime_ns for path in listed(folder)}
    assert kept
    time.sleep(0.05)
    generate(small_plan(), folder)
    assert fingerprint(folder) == fingerprint(finished)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def listed(folder: Path) -> list[Path]:
    """Return the files that the description calls finished."""
    document = json.loads((folder / "dataset.json").read_text())
    return [folder / entry["file"] for entry in document["chunks"]]


def test_a_cancelled_run_keeps_what_is_finished(finished: Path, tmp_path: Path):
    def cancel(fraction: float, message: str) -> None:
        if fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        generate(small_plan(), tmp_path, progress=cancel)
    assert len(listed(tmp_path)) == 2
    said: list[str] = []
    generate(small_plan(), tmp_path, progress=lambda fraction, message: said.append(message))
    assert said == ["14 of 20 images", "20 of 20 images"]
    assert fingerprint(tmp_path) == fingerprint(finished)


def test_processes_can_be_cancelled(finished: Path, tmp_path: Path):
    def cancel(fraction: float, message: str) -> None:
        if fraction > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        generate(small_plan(), tmp_path, jobs=2, progress=cancel)
    assert len(listed(tmp_path)) == 1
    generate(small_plan(), tmp_path, jobs=2)
    assert fingerprint(tmp_path) == fingerprint(finished)


def test_without_resume_everything_is_made_again(copy: Path):
    said: list[str] = []
    generate(
        small_plan(), copy, resume=False, progress=lambda fraction, message: said.append(message)
    )
    assert said[0] == "0 of 20 images"


@pytest.mark.parametrize("settings", [{"seed": 4}, {"chunk_size": 10}, {"per_configuration": 11}])
def test_a_folder_of_another_plan_is_refused(copy: Path, settings: dict[str, int]):
    before = fingerprint(copy)
    with pytest.raises(DataSetError, match="begun with other options"):
        generate(small_plan(**settings), copy, resume=False)
    assert fingerprint(copy) == before


def test_a_folder_of_other_files_is_refused(tmp_path: Path):
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(DataSetError, match="holds other files"):
        generate(small_plan(), tmp_path)


def test_another_installation_does_not_finish_what_one_began(
    copy: Path, monkeypatch: pytest.MonkeyPatch
):
    other = {"reference_sha256": {}, "packages": {"numpy": "0.1"}}
    monkeypatch.setattr(generation, "provenance_of", lambda system: other)
    before = fingerprint(copy)
    with pytest.raises(DataSetError, match=r"numpy 0\.1 instead of .*other reference tables"):
        generate(small_plan(), copy)
    assert fingerprint(copy) == before


def test_a_new_installation_makes_everything_anew_when_told_to(
    copy: Path, monkeypatch: pytest.MonkeyPatch
):
    before = fingerprint(copy)
    other = {"reference_sha256": {"rutile": "another"}}
    for module in (generation, workers):
        monkeypatch.setattr(module, "provenance_of", lambda system: other)
    generate(small_plan(), copy, resume=False)
    assert json.loads((copy / "dataset.json").read_text())["provenance"] == other
    assert set(fingerprint(copy)) == set(before)


def test_where_no_folder_can_be_one_sentence_says_so(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataSetError, match=r"can't be written to .*: Not a directory"):
        generate(small_plan(), tmp_path / "file" / "set")


def test_a_full_disk_is_told_in_one_sentence(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if "chunk_00001" in path.name:
            write(path, content[:100])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return write(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(DataSetError, match="No space left on device; what is finished stays"):
            generate(small_plan(), tmp_path)
    assert [path.name for path in listed(tmp_path)] == ["chunk_00000.npz"]
    generate(small_plan(), tmp_path)
    assert fingerprint(tmp_path) == fingerprint(finished)


def test_a_worker_that_dies_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("heteroagg_gui.learning.dataset.workers.packed_chunk", _die)
    with pytest.raises(DataSetError, match="ended from outside"):
        generate(small_plan(), tmp_path, jobs=2)


def _die(request: object) -> None:
    os._exit(9)


def test_no_process_is_not_enough(tmp_path: Path):
    with pytest.raises(ParameterError, match="0 processes"):
        generate(small_plan(), tmp_path, jobs=0)
