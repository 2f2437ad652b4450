"""Training and calibration of the set head on descriptions of images."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.set_data import SetTable
from heteroagg_gui.learning.set_head import SetHead, ThetaDistribution, average


@dataclass(frozen=True)
class HeadPlan:
    """How the set heads are trained.

    Parameters
    ----------
    members
        Heads in the ensemble.
    steps
        Updates of each.
    sets
        Sets per update.
    learning_rate
        Peak of a half-cosine schedule.
    weight_decay
        Decoupled weight decay.
    seed
        Seed of weights and of the choice of images.
    """

    members: int = 4
    steps: int = 4000
    sets: int = 128
    learning_rate: float = 2e-3
    weight_decay: float = 1e-3
    seed: int = 1


def head_loss(distribution: ThetaDistribution, theta: Tensor) -> Tensor:
    """Negative joint log-likelihood of theta (S, 4), averaged over sets."""
    return -distribution.log_joint(theta).mean()


def draw_subsets(
    tables: Sequence[SetTable], sets: int, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Choose sets and, in each, a random number of images; descriptions, presence, theta.

    How many images there are at most is drawn up to the number of a set chosen among all; sets
    that have fewer are not chosen then.
    """
    sizes = torch.tensor([len(table.theta) for table in tables])
    some = int(torch.randint(int(sizes.sum()), (1,), generator=generator))
    longest = tables[int((some >= sizes.cumsum(0)).sum())].descriptions.shape[1]
    largest = int(torch.randint(1, longest + 1, (1,), generator=generator))
    enough = [table for table in tables if table.descriptions.shape[1] >= largest]
    total = sum(len(table.theta) for table in enough)
    chosen = torch.randint(total, (sets,), generator=generator)
    descriptions, theta, first = [], [], 0
    for table in enough:
        rows = chosen[(chosen >= first) & (chosen < first + len(table.theta))] - first
        first += len(table.theta)
        chance = torch.rand(len(rows), table.descriptions.shape[1], generator=generator)
        images = chance.argsort(dim=1)[:, :largest]
        descriptions.append(table.descriptions[rows[:, None], images])
        theta.append(table.theta[rows])
    counts = torch.randint(max(1, largest // 2), largest + 1, (sets, 1), generator=generator)
    present = torch.arange(largest)[None] < counts
    return torch.cat(descriptions), present, torch.cat(theta)


def train_head(
    tables: Sequence[SetTable], plan: HeadPlan, member: int, progress: Progress = no_progress
) -> SetHead:
    """Train one head of the ensemble.

    Parameters
    ----------
    tables
        Descriptions of training sets; the sets of a table have equally many images.
    plan
        Length and rates.
    member
        Index in the ensemble; it changes the seed.
    progress
        Receives the share of updates done.
    """
    generator = torch.Generator().manual_seed(plan.seed * 1000 + member)
    torch.manual_seed(plan.seed * 1000 + member)
    flat = torch.cat([table.descriptions.flatten(0, 1) for table in tables])
    known = torch.cat([table.theta[:, :2] for table in tables])
    head = SetHead(flat.shape[1])
    head.input_mean.copy_(flat.mean(dim=0))
    head.input_deviation.copy_(flat.std(dim=0).clamp_min(1e-3))
    head.target_mean.copy_(known.mean(dim=0))
    head.target_deviation.copy_(known.std(dim=0))
    optimiser = torch.optim.AdamW(
        head.parameters(), lr=plan.learning_rate, weight_decay=plan.weight_decay
    )
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, plan.steps)
    for step in range(plan.steps):
        descriptions, present, theta = draw_subsets(tables, plan.sets, generator)
        optimiser.zero_grad(set_to_none=True)
        head_loss(head(descriptions, present), theta).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(head.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        if step % 5 == 0:
            progress(step / plan.steps, f"Training set head {member + 1} of {plan.members}")
    return head.eval()


def predict_sets(
    heads: list[SetHead], descriptions: Tensor, present: Tensor | None = None
) -> ThetaDistribution:
    """Predict with the whole ensemble; descriptions (S, n, D)."""
    if present is None:
        present = torch.ones(descriptions.shape[:2], dtype=torch.bool)
    with torch.inference_mode():
        return average([head(descriptions, present) for head in heads])


def calibrate(heads: list[SetHead], table: SetTable, images: int = 12) -> None:
    """Set spread and temperature so that held-out sets are as likely as can be.

    One factor for the width of each continuous distribution and one temperature for each
    cluster size are chosen by their likelihood on sets that no head was trained on.

    Parameters
    ----------
    heads
        The ensemble, changed in place.
    table
        Held-out sets.
    images
        Images per set that the calibration is made for.
    """
    descriptions = table.descriptions[:, :images]
    grid = torch.linspace(-0.6, 0.9, 31).exp()
    spread_scores, temperature_scores = [], []
    for factor in grid:
        for head in heads:
            head.spread.fill_(factor)
            head.temperature.fill_(factor)
        predicted = predict_sets(heads, descriptions)
        spread_scores.append(predicted.log_density(table.theta[:, :2]).mean(dim=0))
        sizes = (table.theta[:, 2:].long() - 1).flatten()
        logs = torch.log(predicted.probabilities + 1e-9).flatten(0, 1)
        cost = functional.nll_loss(logs, sizes, reduction="none").view(-1, 2)
        temperature_scores.append(-cost.mean(dim=0))
    spread = grid[torch.stack(spread_scores).argmax(dim=0)]
    temperature = grid[torch.stack(temperature_scores).argmax(dim=0)]
    for head in heads:
        head.spread.copy_(spread)
        head.temperature.copy_(temperature)
