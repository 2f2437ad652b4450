"""A task of two numbers: fit a line with noise; fast enough to test the engine on."""

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn

from heteroagg_gui.learning.training.team import Team


class LineTask:
    """Fits y = 2 x - 1; validation errors may be given instead of measured."""

    updates_per_epoch = 5
    images_per_update = 8
    criterion = "validation_loss"

    def __init__(self, told: Sequence[float] = (), broken_from: int | None = None) -> None:
        torch.manual_seed(0)
        self.network: nn.Module = nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1))
        self.kept: Mapping[str, Tensor] = {}
        self.told = list(told)
        self.broken_from = broken_from
        self.validated = 0

    def chunks(self, first: int, team: Team) -> Iterator[Sequence[Tensor]]:
        update = first
        while True:
            generator = torch.Generator().manual_seed(update)
            x = torch.rand(8, 1, generator=generator)
            if self.broken_from is not None and update >= self.broken_from:
                x = x * float("nan")
            yield [x[team.rank :: team.size]]
            update += 1

    def losses(self, batch: Tensor) -> dict[str, Tensor]:
        error = self.network(batch) - (2 * batch - 1)
        return {"total": error.square().mean()}

    def validate(self) -> dict[str, float]:
        self.validated += 1
        if self.told:
            return {"validation_loss": self.told[self.validated - 1]}
        with torch.no_grad():
            return {
                "validation_loss": float(self.losses(torch.linspace(0, 1, 9)[:, None])["total"])
            }
