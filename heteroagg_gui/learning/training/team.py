"""Several processes that train one network together, each on its share of every batch."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import torch
from torch import Tensor, distributed, nn

Item = TypeVar("Item")


@dataclass(frozen=True)
class Team:
    """The processes of a training, started by ``torchrun``; one by default.

    Parameters
    ----------
    rank
        Index of this process.
    size
        Number of processes.
    """

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this process writes files and decides when to stop."""
        return self.rank == 0

    def share(self, items: Sequence[Item]) -> Sequence[Item]:
        """Return this process's part of a batch."""
        return items[self.rank :: self.size]

    def average_gradients(self, network: nn.Module) -> None:
        """Replace every gradient by its mean over the processes."""
        if self.size == 1:
            return
        gradients = [p.grad for p in network.parameters() if p.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        distributed.all_reduce(flat)
        flat /= self.size
        start = 0
        for gradient in gradients:
            gradient.copy_(flat[start : start + gradient.numel()].view_as(gradient))
            start += gradient.numel()

    def agreed(self, value: float, device: torch.device) -> float:
        """Return the leading process's value."""
        if self.size == 1:
            return value
        told = torch.tensor([value], dtype=torch.float32, device=device)
        distributed.broadcast(told, src=0)
        return float(told.item())


ALONE = Team()
LONGEST_WAIT = timedelta(days=2)
"""For a process that waits while the leading one is paused or prepares the training."""


def processes_asked_for() -> int:
    """Return how many processes ``torchrun`` has started."""
    return int(os.environ.get("WORLD_SIZE", "1"))


@contextmanager
def joined_team(device: str) -> Iterator[tuple[Team, str]]:
    """Join the processes that ``torchrun`` has started and leave them in the end.

    Parameters
    ----------
    device
        ``cpu`` (gloo) or ``cuda`` (nccl; each process takes the GPU of its local rank).

    Yields
    ------
    tuple
        The team and this process's device.
    """
    if processes_asked_for() == 1:
        yield ALONE, device
        return
    if device == "cuda":
        device = f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
        torch.cuda.set_device(torch.device(device))
    backend = "nccl" if device.startswith("cuda") else "gloo"
    distributed.init_process_group(backend, timeout=LONGEST_WAIT)
    try:
        yield Team(distributed.get_rank(), distributed.get_world_size()), device
    finally:
        distributed.destroy_process_group()


class _SummedOverTeam(torch.autograd.Function):
    """Sum over the processes whose gradient is summed over them, too."""

    @staticmethod
    def forward(_context: Any, values: Tensor) -> Tensor:
        total = values.clone()
        distributed.all_reduce(total)
        return total

    @staticmethod
    def backward(_context: Any, *gradients: Tensor) -> Tensor:
        total = gradients[0].clone()
        distributed.all_reduce(total)
        return total


def team_size() -> int:
    """Return the number of processes that have joined."""
    if not distributed.is_available() or not distributed.is_initialized():
        return 1
    return int(distributed.get_world_size())


def mean_over_team(values: Tensor) -> Tensor:
    """Return the mean over the processes, through which gradients flow."""
    if team_size() == 1:
        return values
    total: Tensor = _SummedOverTeam.apply(values)  # type: ignore[no-untyped-call]
    return total / team_size()
