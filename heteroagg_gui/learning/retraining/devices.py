"""What a training can run on here, and how much memory it uses."""

import contextlib
import os
import platform
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from heteroagg_gui.core.processor import cores
from heteroagg_gui.learning.compact import device_named

MEGABYTE = 1e6


@dataclass(frozen=True)
class Device:
    """A device for people.

    Parameters
    ----------
    name
        What plans and commands call it.
    title
        One line.
    detail
        Further words, such as its memory.
    """

    name: str
    title: str
    detail: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self)


def devices() -> list[Device]:
    """Return the devices of this computer, the best first."""
    found = []
    for index in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        properties = torch.cuda.get_device_properties(index)
        memory = f"{properties.total_memory / 1e9:.0f} GB of memory"
        name = "cuda" if index == 0 else f"cuda:{index}"
        found.append(Device(name, str(properties.name), memory))
    if torch.backends.mps.is_available():
        found.append(Device("mps", "Metal graphics processor", "shares the computer's memory"))
    found.append(Device("cpu", "CPU", f"{cores()} cores, {_processor()}"))
    return found


def device_title(device: str) -> str:
    """Return words for a device that a training runs on."""
    if device.startswith("cuda") and torch.cuda.is_available():
        return str(torch.cuda.get_device_name(torch.device(device)))
    if device == "mps":
        return "Metal graphics processor"
    threads = torch.get_num_threads()
    return f"CPU, {threads} thread{'s' if threads > 1 else ''}"


def chosen_device(name: str) -> str:
    """Resolve ``auto``, and check that a device is there, ``cuda:1`` and the like included.

    Raises
    ------
    ModelError
        If it is not.
    """
    kind, _, index = name.partition(":")
    found = device_named(kind)
    if index and (not index.isdigit() or int(index) >= torch.cuda.device_count()):
        return device_named(name)
    return f"{found}:{index}" if index else found


def share_cores(device: str, processes: int) -> None:
    """Leave cores to the processes that simulate, unless the environment says how many to use.

    Parameters
    ----------
    device
        Where the network is; on a graphics card nothing needs to be shared.
    processes
        Processes that simulate.
    """
    if device == "cpu" and "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(max(1, cores() - processes))


def memory_in_use(device: str) -> tuple[float | None, float | None]:
    """Return the memory of this process and of its graphics card in MB; None where unknown."""
    card = None
    if device.startswith("cuda") and torch.cuda.is_available():
        card = round(torch.cuda.memory_reserved(torch.device(device)) / MEGABYTE)
    elif device == "mps":
        card = round(torch.mps.driver_allocated_memory() / MEGABYTE)
    return _resident_mb(), card


def _resident_mb() -> float | None:
    """Return the resident memory in MB, or its peak where the system tells no more."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return round(pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE)
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak * (1.0 if sys.platform == "darwin" else 1024.0) / MEGABYTE)


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
