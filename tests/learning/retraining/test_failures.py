"""What goes wrong is told in words, and nothing that was finished is lost."""

import errno
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from heteroagg_gui.core.errors import DivergedError, ModelError, ParameterError, WorkerError
from heteroagg_gui.learning.retraining.failures import failure_of
from heteroagg_gui.learning.training import checkpoint
from heteroagg_gui.learning.training.run import TrainingRun
from tests.learning.retraining.tiny_plan import EFFORT, PLAN, carried_out, status


@pytest.mark.parametrize(
    ("error", "device", "kind", "words"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), "cuda", "out-of-memory", "memory of cuda"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes"),
         "cpu", "out-of-memory", "memory of the computer"),
        (MemoryError(), "cpu", "out-of-memory", "batches of 1 images|too small"),
        (RuntimeError("CUDA error: unspecified launch failure"), "cuda", "device-lost", "cuda"),
        (OSError(errno.ENOSPC, "No space left on device"), "cpu", "disk-full", "disk is full"),
        (DivergedError("The training diverged."), "cpu", "diverged", "diverged"),
        (WorkerError("The processes die: close others."), "cpu", "crash", "The processes die"),
        (WorkerError("The Dask cluster at 'x' failed: look."), "cpu", "other", "Dask cluster"),
        (ParameterError("That is no good: do this."), "cpu", "input", "That is no good"),
        (ModelError("One: two: three."), "cpu", "input", "One: two"),
        (PermissionError(13, "Permission denied", "/x"), "cpu", "other", "'/x' can't be used"),
        (ZeroDivisionError("division"), "cpu", "crash", "ZeroDivisionError"),
    ],
)  # fmt: skip
def test_each_kind_of_error_has_a_sentence_and_a_remedy(
    error: Exception, device: str, kind: str, words: str
) -> None:
    found = failure_of(error, PLAN, device)
    assert found.kind == kind
    assert any(word in found.sentence for word in words.split("|"))
    assert found.sentence.endswith(".")
    assert found.remedy.endswith(".")
    assert type(error).__name__ in found.details


def test_the_remedy_for_want_of_memory_names_the_numbers() -> None:
    plan = replace(PLAN, effort=replace(EFFORT, batch=8, batches=3))
    remedy = failure_of(MemoryError(), plan, "cpu").remedy
    assert "batches of 4 instead of 8 images, and 6 instead of 3" in remedy


def test_a_full_disk_costs_no_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop_soon(self: TrainingRun) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(TrainingRun, "_check_losses", stop_soon)
        assert carried_out(tmp_path).state == "stopped"
    kept = (tmp_path / "work" / "trunk.safetensors").read_bytes()

    def no_room(tensors: Any, path: Path, *rest: Any) -> None:
        Path(path).write_bytes(b"torn")
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "save_file", no_room)
        ending = carried_out(tmp_path, resume=True)
    assert ending.failure is not None
    assert ending.failure.kind == status(tmp_path)["error"]["kind"] == "disk-full"
    assert (tmp_path / "work" / "trunk.safetensors").read_bytes() == kept
    assert not [path for path in tmp_path.rglob("*") if ".part" in path.name]


def test_a_training_that_diverges_says_so_and_keeps_the_last_good_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from heteroagg_gui.learning import train_trunk

    real = train_trunk.trunk_loss

    def broken(*arguments: Any) -> dict[str, torch.Tensor]:
        parts = real(*arguments)
        return parts | {"total": parts["total"] * torch.nan}

    monkeypatch.setattr(train_trunk, "trunk_loss", broken)
    ending = carried_out(tmp_path)
    assert ending.failure is not None
    assert ending.failure.kind == "diverged"
    assert "0.0003 instead of 0.001" in ending.failure.remedy
    assert status(tmp_path)["state"] == "failed"


def test_a_start_that_is_missing_is_told(tmp_path: Path) -> None:
    missing = carried_out(tmp_path, start=None)
    assert missing.failure is not None
    assert missing.failure.kind == "input"
    assert "no network 'compact' to begin with" in missing.failure.sentence
