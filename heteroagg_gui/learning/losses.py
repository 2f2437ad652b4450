"""What the trunk is trained to minimise."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from heteroagg_gui.learning.batches import Batch
from heteroagg_gui.learning.targets import MAPS
from heteroagg_gui.learning.trunk import TrunkOutput

DENSITY_WEIGHT = 0.05
COUNT_WEIGHT = 0.5
CLUSTER_WEIGHT = 0.3
OBSERVABLE_WEIGHT = 0.6
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


def observable_loss(log_probabilities: Tensor, target: Tensor) -> Tensor:
    """Cross-entropy of the observable cluster size at the particles, mean over particles.

    Parameters
    ----------
    log_probabilities
        Shape (B, 2, 7, H, W).
    target
        Densities of the particles in clusters of every size, shape (B, 14, H, W).
    """
    cost = -(target * log_probabilities.flatten(1, 2)).sum(dim=(1, 2, 3))
    return (cost / target.sum(dim=(1, 2, 3)).clamp_min(1.0)).mean()


def trunk_loss(output: TrunkOutput, batch: Batch, scales: Scales) -> dict[str, Tensor]:
    """Return the parts of the loss; their sum under ``total``."""
    if batch.maps is None:
        raise ValueError("the trunk is trained on batches with dense targets")
    densities, observable = batch.maps[:, : len(MAPS)], batch.maps[:, len(MAPS) :]
    parts = {
        "density": DENSITY_WEIGHT * density_loss(output.densities, densities),
        "count": COUNT_WEIGHT * count_loss(output.densities, densities),
        "observable": OBSERVABLE_WEIGHT * observable_loss(output.cluster_sizes, observable),
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
