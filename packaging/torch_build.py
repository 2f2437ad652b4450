"""Which build of PyTorch a machine gets, and where it may come from.

On Linux, PyPI's build of PyTorch brings gigabytes of CUDA libraries. A machine without an
NVIDIA GPU must never fetch them, not even to find out that it should not have: merely asking
an index that publishes no separate metadata downloads the wheel. So such a machine asks for
the local version ``+cpu``, which no CUDA build can satisfy, instead of inspecting what a plain
request would bring.
"""

import shutil
import subprocess
from dataclasses import dataclass

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
CUDA_INDEX = "https://download.pytorch.org/whl/cu130"

_IMPATIENT = ("--retries", "1", "--timeout", "20")


@dataclass(frozen=True)
class Source:
    """One way to get PyTorch.

    Parameters
    ----------
    title
        What it is, for the user.
    arguments
        What pip is given.
    """

    title: str
    arguments: tuple[str, ...]


def has_nvidia_gpu() -> bool:
    """Return whether the NVIDIA driver answers and lists a GPU."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return False
    try:
        answer = subprocess.run(
            [program, "--list-gpus"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and "GPU 0" in answer.stdout


def torch_sources(requirement: str, system: str, *, gpu: bool) -> list[Source]:
    """Return where to look for PyTorch, in the order to try.

    Parameters
    ----------
    requirement
        The pinned version, such as ``torch==2.13.0``.
    system
        Name of the operating system as :func:`platform.system` gives it.
    gpu
        Whether the machine has an NVIDIA GPU.
    """
    if system == "Linux" and not gpu:
        return _cpu_sources(requirement)
    plain = Source("PyPI", (requirement,))
    if system == "Windows" and gpu:
        cuda = Source("PyTorch's CUDA index", ("--index-url", CUDA_INDEX, *_IMPATIENT, requirement))
        return [cuda, plain]
    return [plain]


def _cpu_sources(requirement: str) -> list[Source]:
    # What PyTorch needs besides is pinned in run.txt: nothing else may come along.
    cpu = ("--no-deps", f"{requirement}+cpu")
    return [
        Source("the package index pip is set up with", cpu),
        Source("PyTorch's CPU index", ("--index-url", CPU_INDEX, *_IMPATIENT, *cpu)),
    ]


def refusal(requirement: str) -> str:
    """Return what to tell the user where no source had a build that fits."""
    host = CPU_INDEX.split("/")[2]
    return (
        f"No build of {requirement} that fits this machine can be reached: allow access to "
        f"{host}, or put the wheel from {CPU_INDEX} into a folder, name the folder in the "
        "environment variable PIP_FIND_LINKS and start again."
    )
