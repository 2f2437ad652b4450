"""A paper network as the engine trains it: losses and validation."""

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from heteroagg_gui.learning.paper.estimators import cluster_size
from heteroagg_gui.learning.paper.examples import Examples, ImageBatch
from heteroagg_gui.learning.paper.intensities import DARKEST, network_images
from heteroagg_gui.learning.paper.networks import PaperNetwork, Purpose
from heteroagg_gui.learning.training.augmentation import Augmentation
from heteroagg_gui.learning.training.task import mixed_precision
from heteroagg_gui.learning.training.team import Team


class PaperTask:
    """One of the five networks and its examples.

    Parameters
    ----------
    network
        On the device of the examples.
    examples
        What it learns from.
    augmentation
        How training images are moved; None leaves them.
    processes
        How many processes share an update.
    """

    criterion = "validation_loss"

    def __init__(
        self,
        network: PaperNetwork,
        examples: Examples,
        augmentation: Augmentation | None,
        processes: int = 1,
    ) -> None:
        self.network: nn.Module = network
        self.kept: Mapping[str, Tensor] = {}
        self.purpose = network.purpose
        self.examples = examples
        self.augmentation = augmentation
        self.updates_per_epoch = examples.updates_per_epoch
        self.images_per_update = examples.batch * network.purpose.images * processes
        self._paper_network = network

    def chunks(self, first: int, team: Team) -> Iterator[Sequence[ImageBatch]]:
        """Yield one batch per update."""
        return ([batch] for batch in self.examples.batches(first, team))

    def scores(self, batch: ImageBatch) -> Tensor:
        """Return the network's outputs before the transfer function, shape (E,)."""
        images = network_images(batch.levels, batch.full_scale, inverted=self.purpose.inverted)
        if self.augmentation is not None and batch.transforms is not None:
            moved = self.augmentation.apply(images[:, None], batch.transforms, DARKEST)
            images = moved[:, 0]
        grouped = images.view(-1, self.purpose.images, *images.shape[1:])
        with mixed_precision(images.device):
            return self._paper_network.scores(grouped)

    def losses(self, batch: ImageBatch) -> dict[str, Tensor]:
        """Return the loss of section 2.3.1 and the mean absolute error."""
        return loss_of(self.purpose, self.scores(batch), batch.target)

    def validate(self) -> dict[str, float]:
        """Return errors on held-out images, in units of the descriptor and of theta."""
        self.network.eval()
        with torch.inference_mode():
            sets = [
                (self.scores(batch), batch.target, batch.theta)
                for batch in self.examples.validation()
            ]
        return validation_figures(self.purpose, sets)


def validation_figures(
    purpose: Purpose, sets: Sequence[tuple[Tensor, Tensor, Tensor]]
) -> dict[str, float]:
    """Return a network's errors in units of the descriptor and of theta.

    Parameters
    ----------
    purpose
        Which network.
    sets
        Scores, targets and theta, shape (E,) each, of the images of one configuration each.
    """
    if not sets:
        return {}
    scores, target, theta = (torch.cat(part).cpu() for part in zip(*sets, strict=True))
    outputs = purpose.transfer(scores)
    figures = {"validation_mae": float((outputs - target).abs().mean())}
    if purpose.classifies:
        return figures | _classification(scores, target)
    figures["validation_loss"] = float(functional.mse_loss(outputs, target))
    if purpose.images > 1:
        error = (cluster_size(outputs) - theta).abs()
        figures["validation_exact"] = float((error == 0).float().mean())
        figures["validation_within_one"] = float((error <= 1).float().mean())
    else:
        means = [(purpose.transfer(part).mean(), truth[0]) for part, _, truth in sets]
        estimated, truth = (torch.stack(part).cpu() for part in zip(*means, strict=True))
        figures["validation_theta_mae"] = float((estimated - truth).abs().mean())
    return figures


def loss_of(purpose: Purpose, scores: Tensor, target: Tensor) -> dict[str, Tensor]:
    """Return the loss of section 2.3.1, ``total``, and the mean absolute error, ``mae``."""
    outputs = purpose.transfer(scores)
    if purpose.classifies:
        total = functional.binary_cross_entropy_with_logits(scores, target)
    else:
        total = functional.mse_loss(outputs, target)
    return {"total": total, "mae": (outputs.detach() - target).abs().mean()}


def _classification(scores: Tensor, target: Tensor) -> dict[str, float]:
    """Return cross entropy and accuracy, both classes weighing the same."""
    cost = functional.binary_cross_entropy_with_logits(scores, target, reduction="none")
    right = ((scores > 0) == (target > 0.5)).float()
    present = [target == label for label in (0.0, 1.0) if bool((target == label).any())]
    return {
        "validation_loss": float(torch.stack([cost[p].mean() for p in present]).mean()),
        "validation_accuracy": float(torch.stack([right[p].mean() for p in present]).mean()),
    }
