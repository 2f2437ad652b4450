"""What the trunk is trained to minimise."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from heteroagg_gui.learning.batches import Batch
from heteroagg_gui.learning.trunk import TrunkOutput

DENSITY_WEIGHT = 0.05
COUNT_WEIGHT = 0.5
CLUSTER_WEIGHT = 0.3
HUBER_DELTA = 0.5


@dataclass
class Scales:
    """Mean and standard deviation of each quantity, shape (9,) each."""

    mean: Tensor
    deviation: Tensor

    def standardise(self, quantities: Tensor) -> Tensor:
        """Return quantities with zero mean and unit variance over the training range."""
        return (quantities - self.mean) / self.deviation

    def restore(self, standardised: Tensor) -> Tensor:
        """Undo :meth:`standardise`."""
        return standardised * self.deviation + self.mean


def density_loss(predicted: Tensor, target: Tensor) -> Tensor:
    """Poisson log-likelihood of the counting maps, per image.

    Parameters
    ----------
    predicted, target
        Densities, shape (B, 5, H, W).
    """
    smallest = 1e-6
    cost = predicted - target * torch.log(predicted + smallest)
    floor = target - target * torch.log(target + smallest)
    return (cost - floor).sum(dim=(1, 2, 3)).mean()


def count_loss(predicted: Tensor, target: Tensor) -> Tensor:
    """Error of the counts in units of their Poisson spread, robust to outliers."""
    counts, truth = predicted.sum(dim=(2, 3)), target.sum(dim=(2, 3))
    error = (counts - truth) / torch.sqrt(truth + 4.0)
    return functional.huber_loss(error, torch.zeros_like(error), delta=1.0)


def trunk_loss(output: TrunkOutput, batch: Batch, scales: Scales) -> dict[str, Tensor]:
    """Return the parts of the loss; their sum under ``total``."""
    if batch.maps is None:
        raise ValueError("the trunk is trained on batches with dense targets")
    parts = {
        "density": DENSITY_WEIGHT * density_loss(output.densities, batch.maps),
        "count": COUNT_WEIGHT * count_loss(output.densities, batch.maps),
        "quantities": functional.huber_loss(
            output.quantities, scales.standardise(batch.quantities), delta=HUBER_DELTA
        )
        * output.quantities.shape[1],
        "clusters": CLUSTER_WEIGHT
        * functional.cross_entropy(output.cluster_logits.flatten(0, 1), batch.clusters.flatten())
        * 2.0,
    }
    parts["total"] = torch.stack(list(parts.values())).sum()
    return parts
