"""Batch renormalisation, the normalisation whose seven numbers a channel Table 3 counts."""

from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from heteroagg_gui.learning.paper.parts import Parts
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

    def on_parts(self, parts: Parts) -> Parts:
        """Normalise maps of which parts are given, as :meth:`forward` does whole ones."""
        if not self.training:
            return parts.mapped(self)
        with torch.no_grad():
            own_mean, own_variance = _moments_of_parts(parts)
            mean = mean_over_team(own_mean)
            variance = mean_over_team(own_variance + (own_mean - mean).square())
            r, d = self._corrections(mean, variance)
            self._update_statistics(mean, variance)
            deviation = torch.sqrt(variance + self.epsilon)
        outside, *seen = _PartsNormalised.apply(  # type: ignore[no-untyped-call]
            (mean, deviation, parts.pixels_beyond),
            self.gamma * r,
            self.beta + self.gamma * d,
            parts.outside,
            *parts.seen,
        )
        return replace(parts, seen=seen, outside=outside)

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


class _PartsNormalised(torch.autograd.Function):
    """Batch normalisation of parts of maps and of the value that all pixels beyond have."""

    @staticmethod
    def forward(
        context: Any,
        statistics: tuple[Tensor, Tensor, int],
        weight: Tensor,
        bias: Tensor,
        outside: Tensor,
        *seen: Tensor,
    ) -> tuple[Tensor, ...]:
        mean, deviation, beyond = statistics
        context.save_for_backward(weight, mean, deviation, outside, *seen)
        context.beyond = beyond
        scale = weight / deviation
        offset = bias - mean * scale
        normalised = scale * outside + offset
        return (normalised.to(outside.dtype), *(_affine(part, scale, offset) for part in seen))

    @staticmethod
    def backward(context: Any, of_outside: Tensor, *of_seen: Tensor) -> tuple[Tensor | None, ...]:
        weight, mean, deviation, outside, *seen = context.saved_tensors
        beyond = context.beyond
        count = beyond + sum(part[0, 0].numel() for part in seen)
        summed, product = of_outside.to(mean.dtype), of_outside * outside.to(mean.dtype)
        for part, of_part in zip(seen, of_seen, strict=True):
            summed = summed + of_part.sum((0, 2, 3), dtype=mean.dtype)
            product = product + (of_part * part).sum((0, 2, 3), dtype=mean.dtype)
        by_weight = (product - mean * summed) / deviation
        scale = weight / deviation
        slope = scale * mean_over_team(by_weight) / (deviation * count)
        level = scale * mean_over_team(summed) / count - slope * mean
        from_outside = scale * of_outside - beyond * (level + slope * outside)
        from_seen = (
            _affine(of_part, scale, -level).sub_(_affine(part, slope))
            for part, of_part in zip(seen, of_seen, strict=True)
        )
        return None, by_weight, summed, from_outside.to(outside.dtype), *from_seen


def _affine(maps: Tensor, scale: Tensor, offset: Tensor | None = None) -> Tensor:
    """Return ``scale x + offset`` per channel of maps (B, C, H, W), in their precision."""
    scaled = maps * scale.to(maps.dtype)[:, None, None]
    return scaled if offset is None else scaled.add_(offset.to(maps.dtype)[:, None, None])


def _moments_of_parts(parts: Parts) -> tuple[Tensor, Tensor]:
    """Return mean and variance per channel of whole maps of which parts are given."""
    found = [(part[0, 0].numel(), *_moments(part)) for part in parts.seen]
    outside = parts.outside.to(found[0][1].dtype)
    found.append((parts.pixels_beyond, outside, torch.zeros_like(outside)))
    counts = torch.tensor([row[0] for row in found], dtype=outside.dtype)[:, None]
    means, variances = (
        torch.stack([row[1] for row in found]),
        torch.stack([row[2] for row in found]),
    )
    total = counts.sum()
    mean = (counts * means).sum(dim=0) / total
    return mean, (counts * (variances + (means - mean).square())).sum(dim=0) / total


def _moments(images: Tensor) -> tuple[Tensor, Tensor]:
    """Return mean and variance (of the population) per channel in single precision."""
    if images.dtype in (torch.float32, torch.float64):
        variance, mean = torch.var_mean(images, dim=(0, 2, 3), correction=0)
        return mean, variance
    count = images.numel() // images.shape[1]
    mean = images.mean(dim=(0, 2, 3), dtype=torch.float32)
    norm = torch.linalg.vector_norm(images, dim=(0, 2, 3), dtype=torch.float32)
    return mean, (norm.square() / count - mean.square()).clamp_min(0.0)
