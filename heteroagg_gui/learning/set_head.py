"""From the descriptions of any number of images to a distribution over theta."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from heteroagg_gui.core.theta import PAPER_CLUSTER_SIZES

COMPONENTS = 6
CONTINUOUS = 2
SIZES = len(PAPER_CLUSTER_SIZES)
SMALLEST_DEVIATION = 1e-3


@dataclass
class ThetaDistribution:
    """Predicted joint distributions of theta for S sets: mixtures of K components.

    Within a component the four parameters are independent; together the components carry
    their correlations. ``weights`` (S, K); ``means`` and ``deviations`` (S, 2, K) of
    theta_Df and theta_rho in their own units; ``sizes`` (S, 2, K, 6) the probabilities of
    theta_0 and theta_1 being 1 ... 6.
    """

    weights: Tensor
    means: Tensor
    deviations: Tensor
    sizes: Tensor

    @property
    def probabilities(self) -> Tensor:
        """Marginal probabilities of theta_0 and theta_1, shape (S, 2, 6)."""
        return torch.einsum("sk,sckv->scv", self.weights, self.sizes)

    def cumulative(self, values: Tensor) -> Tensor:
        """Return the distribution functions at ``values``; (S, 2, V) to (S, 2, V)."""
        standard = (values[..., None] - self.means[:, :, None]) / self.deviations[:, :, None]
        shares: Tensor = self.weights[:, None, None] * torch.special.ndtr(standard)
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
        """Return marginal log densities of theta_Df and theta_rho; (S, 2) to (S, 2)."""
        weighted = torch.log(self.weights)[:, None] + self._log_normal(values)
        return torch.logsumexp(weighted, dim=-1)

    def log_joint(self, theta: Tensor) -> Tensor:
        """Return the joint log likelihood of parameter vectors; (S, 4) to (S,)."""
        index = (theta[:, 2:].long() - 1)[:, :, None, None].expand(-1, -1, self.sizes.shape[2], 1)
        chosen = self.sizes.gather(3, index).squeeze(3)
        parts = self._log_normal(theta[:, :2]).sum(dim=1) + torch.log(chosen + 1e-9).sum(dim=1)
        return torch.logsumexp(torch.log(self.weights) + parts, dim=-1)

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draw parameter vectors of the first set from its joint distribution.

        Components get their expected numbers of draws up to rounding, which spares the
        noise of choosing them at random.

        Returns
        -------
        NDArray
            Shape (count, 4): theta_Df, theta_rho, theta_0, theta_1.
        """
        weights = self.weights[0].double().numpy()
        edges = np.cumsum(weights / weights.sum())
        component = np.searchsorted(edges, (np.arange(count) + rng.random()) / count)
        component = np.minimum(component, len(weights) - 1)
        means, deviations = self.means[0].double().numpy(), self.deviations[0].double().numpy()
        normal = rng.normal(size=(2, count))
        continuous = means[:, component] + deviations[:, component] * normal
        steps = np.cumsum(self.sizes[0].double().numpy()[:, component], axis=2)
        cut = rng.random((2, count, 1)) * steps[:, :, -1:]
        sizes = (cut > steps).sum(axis=2) + 1
        drawn: NDArray[np.float64] = np.concatenate([continuous, sizes]).T
        return rng.permutation(drawn)

    def _log_normal(self, values: Tensor) -> Tensor:
        standard = (values[..., None] - self.means) / self.deviations
        return -0.5 * standard**2 - torch.log(self.deviations) - 0.5 * math.log(2 * math.pi)


def average(distributions: list[ThetaDistribution]) -> ThetaDistribution:
    """Mix the distributions of an ensemble with equal weights."""
    return ThetaDistribution(
        torch.cat([d.weights for d in distributions], dim=-1) / len(distributions),
        torch.cat([d.means for d in distributions], dim=-1),
        torch.cat([d.deviations for d in distributions], dim=-1),
        torch.cat([d.sizes for d in distributions], dim=2),
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
        outputs = COMPONENTS * (1 + 2 * CONTINUOUS + 2 * SIZES)
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
        outputs = self.read_out(self._pool(features, present)).unflatten(1, (COMPONENTS, -1))
        continuous = outputs[:, :, 1 : 1 + 2 * CONTINUOUS].unflatten(2, (2, CONTINUOUS))
        logits = outputs[:, :, 1 + 2 * CONTINUOUS :].unflatten(2, (2, SIZES))
        means, spreads = continuous.permute(2, 0, 3, 1)
        scale = self.target_deviation[:, None]
        deviations = torch.exp(spreads.clamp(-6.0, 2.0)) + SMALLEST_DEVIATION
        return ThetaDistribution(
            torch.softmax(outputs[:, :, 0], dim=-1),
            means * scale + self.target_mean[:, None],
            deviations * scale * self.spread[:, None],
            torch.softmax(logits.transpose(1, 2) / self.temperature[:, None, None], dim=-1),
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
