"""What went wrong in a retraining, in words for people, and what to do about it."""

import errno
import re
import traceback
from dataclasses import asdict, dataclass
from typing import Any

from heteroagg_gui.core.errors import DivergedError, HeteroaggError, WorkerError
from heteroagg_gui.learning.retraining.plan import RetrainingPlan

OUT_OF_MEMORY, DEVICE_LOST, DISK_FULL = "out-of-memory", "device-lost", "disk-full"
DIVERGED, INPUT, CRASH, OTHER = "diverged", "input", "crash", "other"

_NO_MEMORY = re.compile(
    r"out of memory|can't allocate memory|not enough memory|cannot allocate memory|bad alloc",
    re.IGNORECASE,
)
_NO_DEVICE = re.compile(
    r"CUDA error|CUDA driver|cuDNN error|cuBLAS|CUBLAS_STATUS|NCCL|device-side assert|"
    r"MPS backend|device (is )?lost|no CUDA GPUs",
    re.IGNORECASE,
)
_NO_ROOM = re.compile(
    r"no space left|disk quota|not enough space|os error (28|122|112)\b", re.IGNORECASE
)
_NO_ROOM_NUMBERS = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
GO_ON = "What is finished stays: go on with the training."


@dataclass(frozen=True)
class Failure:
    """Why a retraining ended.

    Parameters
    ----------
    kind
        out-of-memory, device-lost, disk-full, diverged, input, crash or other.
    sentence, remedy
        What is wrong, and what to do.
    details
        Where in the program it was noticed.
    """

    kind: str
    sentence: str
    remedy: str
    details: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self)


def failure_of(error: BaseException, plan: RetrainingPlan, device: str) -> Failure:
    """Say what an error means for the user.

    Parameters
    ----------
    error
        What was raised.
    plan
        What was being carried out.
    device
        The torch device it ran on.
    """
    kind, sentence, remedy = _meaning(error, plan, device)
    details = "".join(traceback.format_exception(error))
    return Failure(kind, sentence, remedy, details)


def _meaning(error: BaseException, plan: RetrainingPlan, device: str) -> tuple[str, str, str]:
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, HeteroaggError):
        return _foreseen(error, plan)
    if _is_full(error):
        sentence = "The disk is full; no checkpoint and no network was lost."
        return DISK_FULL, sentence, f"Make room on it. {GO_ON}"
    if isinstance(error, MemoryError) or _NO_MEMORY.search(text):
        return OUT_OF_MEMORY, *_out_of_memory(plan, device)
    if device != "cpu" and _NO_DEVICE.search(text):
        sentence = f"The device {device} failed or is gone."
        remedy = f"Look after its driver, or train on the processor. {GO_ON}"
        return DEVICE_LOST, sentence, remedy
    if isinstance(error, OSError) and error.filename is not None:
        sentence = f"'{error.filename}' can't be used: {error.strerror or error}."
        return OTHER, sentence, f"Check that it can be read and written. {GO_ON}"
    return CRASH, f"An unexpected error, {text}.", f"{GO_ON} If it comes again, send the details."


def _foreseen(error: HeteroaggError, plan: RetrainingPlan) -> tuple[str, str, str]:
    if isinstance(error, DivergedError):
        rate = plan.effort.learning_rate
        sentence = "The training diverged: its loss is no number any more."
        remedy = (
            f"Train with a smaller learning rate, such as {rate / 3.0:.1g} instead of {rate:g}; "
            "the last good checkpoint is kept."
        )
        return DIVERGED, sentence, remedy
    sentence, remedy = _parted(str(error))
    if isinstance(error, WorkerError):
        return (OTHER if "Dask" in sentence else CRASH), sentence, remedy
    return INPUT, sentence, remedy


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in _NO_ROOM_NUMBERS:
        return True
    return type(error).__name__ == "SafetensorError" and bool(_NO_ROOM.search(str(error)))


def _out_of_memory(plan: RetrainingPlan, device: str) -> tuple[str, str]:
    effort = plan.effort
    place = "The memory of the computer" if device == "cpu" else f"The memory of {device}"
    if effort.batch == 1:
        return f"{place} is too small.", "Close other programs, or use fewer processes."
    half = effort.batch // 2
    batches = -(-effort.images_per_update // half)
    remedy = (
        f"Train with batches of {half} instead of {effort.batch} images, and {batches} instead "
        f"of {effort.batches} of them in an update; or close other programs."
    )
    return f"{place} is too small for batches of {effort.batch} images.", remedy


def _parted(message: str) -> tuple[str, str]:
    """Return cause and remedy of a message that holds both, parted by a colon."""
    cause, colon, remedy = message.rpartition(": ")
    if not colon:
        return message, GO_ON
    return cause + ".", remedy[:1].upper() + remedy[1:]
