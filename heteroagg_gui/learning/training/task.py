"""What the engine asks of a task, and how it is told to update weights."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from heteroagg_gui.learning.training.team import Team

PAPER_LEARNING_RATE = 1e-4
Rate = Callable[[int, float], float]


class Task(Protocol):
    """A network and what it learns.

    Attributes
    ----------
    network
        What is trained.
    images_per_update
        Images that all processes together see in one update.
    updates_per_epoch
        Updates after which figures are reported and the network is validated.
    criterion
        Name of the figure that decides which weights are the best, the smaller the
        better; empty if the last weights are kept.
    kept
        Further tensors that belong into the checkpoint.
    """

    network: nn.Module
    images_per_update: int
    updates_per_epoch: int
    criterion: str
    kept: Mapping[str, Tensor]

    def chunks(self, first: int, team: Team) -> Iterator[Sequence[Any]]:
        """Yield what the updates ``first``, ``first + 1``, ... are made from.

        A chunk is one or more batches whose gradients are averaged. Chunk k is the same
        whenever it is asked for: that is what makes a resumed training exact.
        """

    def losses(self, batch: Any) -> dict[str, Tensor]:
        """Return scalars; ``total`` is minimised, the others are reported."""

    def validate(self) -> dict[str, float]:
        """Return figures measured on what the network has not been trained on."""


def constant_rate(learning_rate: float = PAPER_LEARNING_RATE, warmup: int = 0) -> Rate:
    """Return a learning rate that rises over ``warmup`` updates and then stays."""

    def rate(step: int, _done: float) -> float:
        return learning_rate * min(1.0, (step + 1) / (warmup + 1))

    return rate


def falling_rate(learning_rate: float = PAPER_LEARNING_RATE, warmup: int = 0) -> Rate:
    """Return a learning rate that follows half a cosine to zero as the training ends."""

    def rate(step: int, done: float) -> float:
        rise = min(1.0, (step + 1) / (warmup + 1))
        return learning_rate * rise * 0.5 * (1.0 + math.cos(math.pi * min(1.0, done)))

    return rate


@dataclass(frozen=True)
class Recipe:
    """How weights are updated: Adam, section 2.3.1.

    Parameters
    ----------
    rate
        Learning rate for a step and the share of the training that is done.
    clip
        Largest norm of the gradient; None to leave it as it is.
    averaging
        Decay of an exponential moving average of the weights; None for none.
    slower
        Factors of the learning rate for parameters by the beginning of their names.
    """

    rate: Rate = field(default_factory=constant_rate)
    clip: float | None = None
    averaging: float | None = None
    slower: Mapping[str, float] = field(default_factory=dict)

    def groups(self, network: nn.Module) -> list[dict[str, Any]]:
        """Return a network's parameters for an optimiser, in their order.

        Neighbours with the same factor of the learning rate make up a group each.
        """
        groups: list[dict[str, Any]] = []
        for name, parameter in network.named_parameters():
            factors = [f for start, f in self.slower.items() if name.startswith(start)]
            factor = factors[0] if factors else 1.0
            if not groups or groups[-1]["factor"] != factor:
                groups.append({"params": [], "factor": factor})
            groups[-1]["params"].append(parameter)
        return groups


@dataclass(frozen=True)
class Limits:
    """When a training ends; whichever comes first.

    Parameters
    ----------
    steps
        Updates in all, those before a resumption counted in.
    seconds
        Seconds of this call.
    patience
        Epochs without a better network.
    seconds_in_all
        Seconds in all, those before a resumption counted in.
    """

    steps: int | None = None
    seconds: float | None = None
    patience: int | None = None
    seconds_in_all: float | None = None

    @property
    def by_clock(self) -> bool:
        """Whether time is a limit."""
        return self.seconds is not None or self.seconds_in_all is not None

    def done(self, step: int, elapsed_s: float, before_s: float = 0.0) -> float:
        """Return the share of the training that is done, 0 to 1.

        Parameters
        ----------
        step
            Updates in all.
        elapsed_s, before_s
            Seconds of this call, and of those before it.
        """
        shares = [0.0]
        if self.seconds_in_all is not None:
            shares.append((before_s + elapsed_s) / max(1e-9, self.seconds_in_all))
        if self.steps is not None:
            shares.append(step / max(1, self.steps))
        if self.seconds is not None:
            shares.append(elapsed_s / max(1e-9, self.seconds))
        return min(1.0, max(shares))


def mixed_precision(device: torch.device) -> AbstractContextManager[None]:
    """Return the context in which networks compute in bf16 on CUDA, and in fp32 elsewhere."""
    return torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda")
