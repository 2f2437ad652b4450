"""From the descriptions of any number of images to a distribution over theta."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from heteroagg_gui.core.theta import PAPER_CLUSTER_SIZES

COMPONENTS = 4
CONTINUOUS = 2
SMALLEST_DEVIATION = 1e-3


@dataclass
class ThetaDistribution:
    """Predicted distributions for S sets.

    ``weights``, ``means`` and ``deviations`` describe Gaussian mixtures of theta_Df and
    theta_rho in their own units, shape (S, 2, K); ``probabilities`` those of theta_0 and
    theta_1 being 1 ... 6, shape (S, 2, 6).
    """

    weights: Tensor
    means: Tensor
    deviations: Tensor
    probabilities: Tensor

    def cumulative(self, values: Tensor) -> Tensor:
        """Return the distribution functions at ``values``; (S, 2, V) to (S, 2, V)."""
        standard = (values[..., None] - self.means[:, :, None]) / self.deviations[:, :, None]
        shares: Tensor = self.weights[:, :, None] * torch.special.ndtr(standard)
        return shares.sum(dim=-1)

    def quantiles(self, levels: Tensor) -> Tensor:
        """Invert the distribution functions by bisection; (V,) to (S, 2, V)."""
        shape = (*self.means.shape[:2], len(levels))
        low = (self.means - 8 * self.deviations).amin(dim=-1, keepdim=True).expand(shape).clone()
        high = (self.means + 8 * self.deviations).amax(dim=-1, keepdim=True).expand(shape).clone()
        for _ in range(40):
            middle = (low + high) / 2
            below = self.cumulative(middle) < levels
            low = torch.where(below, middle, low)
            high = torch.where(below, high, middle)
        return (low + high) / 2

    def log_density(self, values: Tensor) -> Tensor:
        """Return log densities of theta_Df and theta_rho at ``values``; (S, 2) to (S, 2)."""
        standard = (values[..., None] - self.means) / self.deviations
        log_normal = -0.5 * standard**2 - torch.log(self.deviations) - 0.5 * math.log(2 * math.pi)
        return torch.logsumexp(torch.log(self.weights) + log_normal, dim=-1)


def average(distributions: list[ThetaDistribution]) -> ThetaDistribution:
    """Mix the distributions of an ensemble with equal weights."""
    return ThetaDistribution(
        torch.cat([d.weights for d in distributions], dim=-1) / len(distributions),
        torch.cat([d.means for d in distributions], dim=-1),
        torch.cat([d.deviations for d in distributions], dim=-1),
        torch.stack([d.probabilities for d in distributions]).mean(dim=0),
    )


class SetHead(nn.Module):
    """Permutation-invariant read-out over the images of a set.

    Every image's description is transformed alike; mean, spread and maximum over the set
    and attention averages are joined with the logarithm of the number of images.
    """

    def __init__(self, inputs: int, width: int = 192, attention_heads: int = 4) -> None:
        super().__init__()
        self.register_buffer("input_mean", torch.zeros(inputs))
        self.register_buffer("input_deviation", torch.ones(inputs))
        self.register_buffer("target_mean", torch.zeros(CONTINUOUS))
        self.register_buffer("target_deviation", torch.ones(CONTINUOUS))
        self.register_buffer("spread", torch.ones(CONTINUOUS))
        self.register_buffer("temperature", torch.ones(2))
        self.phi = nn.Sequential(
            nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU()
        )
        self.attention = nn.Linear(width, attention_heads)
        pooled = width * (3 + attention_heads) + 1
        outputs = CONTINUOUS * 3 * COMPONENTS + 2 * len(PAPER_CLUSTER_SIZES)
        self.read_out = nn.Sequential(
            nn.Linear(pooled, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, outputs),
        )

    input_mean: Tensor
    input_deviation: Tensor
    target_mean: Tensor
    target_deviation: Tensor
    spread: Tensor
    temperature: Tensor

    def forward(self, descriptions: Tensor, present: Tensor) -> ThetaDistribution:
        """Predict theta.

        Parameters
        ----------
        descriptions
            Image descriptions, shape (S, n, D).
        present
            True where a set has an image, shape (S, n); at least one each.
        """
        inputs = (descriptions - self.input_mean) / self.input_deviation
        features = self.phi(inputs.clamp(-8.0, 8.0))
        outputs = self.read_out(self._pool(features, present))
        mixture = outputs[:, : CONTINUOUS * 3 * COMPONENTS].view(-1, CONTINUOUS, 3, COMPONENTS)
        logits = outputs[:, CONTINUOUS * 3 * COMPONENTS :].view(-1, 2, len(PAPER_CLUSTER_SIZES))
        scale = self.target_deviation[:, None]
        deviations = torch.exp(mixture[:, :, 2].clamp(-6.0, 2.0)) + SMALLEST_DEVIATION
        return ThetaDistribution(
            torch.softmax(mixture[:, :, 0], dim=-1),
            mixture[:, :, 1] * scale + self.target_mean[:, None],
            deviations * scale * self.spread[:, None],
            torch.softmax(logits / self.temperature[:, None], dim=-1),
        )

    def _pool(self, features: Tensor, present: Tensor) -> Tensor:
        mask = present[:, :, None].to(features.dtype)
        count = mask.sum(dim=1)
        mean = (features * mask).sum(dim=1) / count
        variance = (((features - mean[:, None]) ** 2) * mask).sum(dim=1) / count
        largest = features.masked_fill(~present[:, :, None], -torch.inf).amax(dim=1)
        scores = self.attention(features).masked_fill(~present[:, :, None], -torch.inf)
        attended = torch.einsum("snh,snw->shw", torch.softmax(scores, dim=1), features)
        return torch.cat(
            [mean, torch.sqrt(variance + 1e-6), largest, attended.flatten(1), torch.log(count)],
            dim=1,
        )
