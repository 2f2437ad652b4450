"""The same chunks on a Dask cluster."""

import os
import signal
import sys
from pathlib import Path

import pytest
from dask.distributed import LocalCluster

from heteroagg_gui.core.errors import DataSetError, MissingExtraError
from heteroagg_gui.learning.dataset import workers
from heteroagg_gui.learning.dataset.generation import generate
from tests.learning.dataset.small_sets import fingerprint, small_plan


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_killed_worker_changes_nothing(cluster: LocalCluster, tmp_path: Path):
    victim = next(iter(cluster.workers.values())).pid
    killed: list[str] = []

    def kill_one(fraction: float, message: str) -> None:
        if fraction > 0 and not killed:
            killed.append(message)
            os.kill(victim, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)

    plan = small_plan(chunk_size=1)
    generate(plan, tmp_path / "there", dask=cluster.scheduler_address, progress=kill_one)
    assert killed == ["1 of 20 images"]
    generate(plan, tmp_path / "here")
    assert fingerprint(tmp_path / "there") == fingerprint(tmp_path / "here")


def test_without_dask_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    with pytest.raises(MissingExtraError, match=r"pip install heteroagg-gui\[cluster\]"):
        generate(small_plan(), tmp_path, dask="tcp://127.0.0.1:1")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://x", ""])
def test_a_cluster_out_of_reach_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
):
    monkeypatch.setattr(workers, "CONNECT_S", 0.5)
    with pytest.raises(DataSetError, match=f"cluster at '{address}' can't be reached"):
        generate(small_plan(), tmp_path, dask=address)


def test_a_worker_with_other_versions_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workers, "provenance_of", lambda system: {"packages": {"numpy": "0.1"}})
    with pytest.raises(DataSetError, match=r"otherwise than this program .*numpy 0\.1 instead"):
        generate(small_plan(), tmp_path)
