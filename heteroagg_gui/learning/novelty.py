"""How unlike the training images a new image is."""

from dataclasses import dataclass

import torch
from torch import Tensor

SHRINKAGE = 0.02
KEPT = 0.995


@dataclass
class Novelty:
    """Distance of image descriptions to those of the training images.

    Parameters
    ----------
    mean
        Mean description, shape (D,).
    whitening
        Matrix that turns descriptions into ones of unit covariance, shape (D, D).
    threshold
        Distance that held-out images stay below with probability 0.995.
    """

    mean: Tensor
    whitening: Tensor
    threshold: float

    def distance(self, descriptions: Tensor) -> Tensor:
        """Return Mahalanobis distances per square root of the dimension; (n, D) to (n,)."""
        whitened = (descriptions - self.mean) @ self.whitening
        return whitened.pow(2).mean(dim=1).sqrt()


def fit_novelty(training: Tensor, held_out: Tensor) -> Novelty:
    """Fit the distance on training descriptions and its threshold on held-out ones.

    Parameters
    ----------
    training, held_out
        Descriptions, shape (n, D) each.
    """
    mean = training.mean(dim=0)
    covariance = torch.cov((training - mean).double().T)
    variances = covariance.diagonal()
    shrunk = (1 - SHRINKAGE) * covariance + SHRINKAGE * torch.diag(variances)
    shrunk = shrunk + 1e-6 * variances.mean() * torch.eye(len(variances), dtype=torch.float64)
    values, vectors = torch.linalg.eigh(shrunk)
    whitening = (vectors * values.clamp_min(1e-12).rsqrt()).float()
    novelty = Novelty(mean, whitening, 0.0)
    threshold = torch.quantile(novelty.distance(held_out), KEPT)
    return Novelty(mean, whitening, float(threshold))
