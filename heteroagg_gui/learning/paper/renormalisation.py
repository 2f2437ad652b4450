"""Batch renormalisation, the normalisation whose seven numbers a channel Table 3 counts."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from heteroagg_gui.learning.training.team import mean_over_team, team_size

MOMENTUM = 0.99
EPSILON = 1e-3


class BatchRenormalisation(nn.Module):
    """Batch renormalisation (Ioffe, 2017) of images, shape (B, channels, H, W).

    In training, x becomes ``gamma ((x - m) / s * r + d) + beta`` with mean m and standard
    deviation s of the batch; ``r = s / S`` and ``d = (m - M) / S`` tie the batch to the
    renorm statistics M and S, and no gradient flows through them. In evaluation, x becomes
    ``gamma (x - moving mean) / sqrt(moving variance + epsilon) + beta``.

    A channel has gamma, beta and five statistics: moving mean, moving variance, moving
    standard deviation (which the moving variance is computed from) and the renorm mean and
    standard deviation. In a training by several processes the batch is that of all of them.

    Parameters
    ----------
    channels
        Number of channels.
    momentum
        Of all moving statistics.
    epsilon
        Added to variances.
    largest_r, largest_d
        r is clipped to [1 / largest_r, largest_r] and d to [-largest_d, largest_d]; None
        for no clipping, since the paper states none.
    """

    gamma: nn.Parameter
    beta: nn.Parameter
    moving_mean: Tensor
    moving_variance: Tensor
    moving_deviation: Tensor
    renorm_mean: Tensor
    renorm_deviation: Tensor

    def __init__(
        self,
        channels: int,
        *,
        momentum: float = MOMENTUM,
        epsilon: float = EPSILON,
        largest_r: float | None = None,
        largest_d: float | None = None,
    ) -> None:
        super().__init__()
        self.momentum = momentum
        self.epsilon = epsilon
        self.largest_r = largest_r
        self.largest_d = largest_d
        self.gamma = nn.Parameter(torch.ones(channels))
        self.beta = nn.Parameter(torch.zeros(channels))
        self.register_buffer("moving_mean", torch.zeros(channels))
        self.register_buffer("moving_variance", torch.ones(channels))
        self.register_buffer("moving_deviation", torch.ones(channels))
        self.register_buffer("renorm_mean", torch.zeros(channels))
        self.register_buffer("renorm_deviation", torch.ones(channels))

    def forward(self, images: Tensor) -> Tensor:
        """Normalise images; the shape stays."""
        if not self.training:
            return functional.batch_norm(
                images,
                self.moving_mean,
                self.moving_variance,
                self.gamma,
                self.beta,
                eps=self.epsilon,
            )
        if team_size() > 1:
            return self._normalised_over_team(images)
        with torch.no_grad():
            mean, variance = _moments(images)
            r, d = self._corrections(mean, variance)
            self._update_statistics(mean, variance)
        weight, bias = self.gamma * r, self.beta + self.gamma * d
        return functional.batch_norm(
            images, None, None, weight, bias, training=True, eps=self.epsilon
        )

    def _normalised_over_team(self, images: Tensor) -> Tensor:
        own_variance, own_mean = torch.var_mean(images.float(), dim=(0, 2, 3), correction=0)
        mean = mean_over_team(own_mean)
        variance = mean_over_team(own_variance + (own_mean - mean).square())
        with torch.no_grad():
            r, d = self._corrections(mean, variance)
            self._update_statistics(mean, variance)
        scale = self.gamma * r * torch.rsqrt(variance + self.epsilon)
        offset = self.beta + self.gamma * d - mean * scale
        normalised: Tensor = images * scale[:, None, None] + offset[:, None, None]
        return normalised.to(images.dtype)

    def _corrections(self, mean: Tensor, variance: Tensor) -> tuple[Tensor, Tensor]:
        """Return r and d, from the statistics as they were before this batch."""
        usual = self.renorm_deviation.clamp_min(self.epsilon**0.5)
        r = torch.sqrt(variance + self.epsilon) / usual
        d = (mean - self.renorm_mean) / usual
        if self.largest_r is not None:
            r = r.clamp(1.0 / self.largest_r, self.largest_r)
        if self.largest_d is not None:
            d = d.clamp(-self.largest_d, self.largest_d)
        return r, d

    def _update_statistics(self, mean: Tensor, variance: Tensor) -> None:
        deviation = torch.sqrt(variance + self.epsilon)
        share = 1.0 - self.momentum
        self.renorm_mean.lerp_(mean, share)
        self.renorm_deviation.lerp_(deviation, share)
        self.moving_mean.lerp_(mean, share)
        self.moving_deviation.lerp_(deviation, share)
        squared = self.moving_deviation.square() - self.epsilon
        self.moving_variance.copy_(squared.clamp_min(0.0))


def _moments(images: Tensor) -> tuple[Tensor, Tensor]:
    """Return mean and variance (of the population) per channel in single precision."""
    if images.dtype == torch.float32:
        variance, mean = torch.var_mean(images, dim=(0, 2, 3), correction=0)
        return mean, variance
    count = images.numel() // images.shape[1]
    mean = images.mean(dim=(0, 2, 3), dtype=torch.float32)
    norm = torch.linalg.vector_norm(images, dim=(0, 2, 3), dtype=torch.float32)
    return mean, (norm.square() / count - mean.square()).clamp_min(0.0)
