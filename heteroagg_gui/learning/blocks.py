"""Convolutions without batch statistics."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional


class StandardisedConvolution(nn.Conv2d):
    """Convolution whose kernels are standardised, with a learnt gain per output channel.

    Hetero-aggregate images are mostly empty, so that batch statistics are heavy-tailed and
    normalising by them fails in evaluation; standardised kernels need none.
    """

    def __init__(self, inputs: int, outputs: int, size: int = 3, stride: int = 1) -> None:
        super().__init__(inputs, outputs, size, stride=stride, padding=size // 2)
        self.gain = nn.Parameter(torch.full((outputs, 1, 1, 1), math.sqrt(2.0)))

    def standardised_kernel(self) -> Tensor:
        """Return the kernel the convolution is done with."""
        fan_in = self.weight[0].numel()
        mean = self.weight.mean(dim=(1, 2, 3), keepdim=True)
        variance = self.weight.var(dim=(1, 2, 3), keepdim=True, unbiased=False)
        return self.gain * (self.weight - mean) * torch.rsqrt(fan_in * variance + 1e-6)

    def forward(self, images: Tensor) -> Tensor:
        """Convolve; shape (B, inputs, H, W) to (B, outputs, H', W')."""
        kernel = self.standardised_kernel()
        return functional.conv2d(images, kernel, self.bias, self.stride, self.padding)


class ResidualBlock(nn.Module):
    """Two standardised convolutions around which the input is carried on."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = StandardisedConvolution(channels, channels)
        self.second = StandardisedConvolution(channels, channels)
        self.branch_scale = nn.Parameter(torch.tensor(0.3))

    def forward(self, features: Tensor) -> Tensor:
        """Return features of the same shape."""
        change = self.second(functional.relu(self.first(functional.relu(features))))
        return features + self.branch_scale * change


class Stage(nn.Sequential):
    """A change of resolution or width followed by residual blocks."""

    def __init__(self, inputs: int, outputs: int, blocks: int, stride: int = 1) -> None:
        size = 3 if stride > 1 else 1
        super().__init__(
            StandardisedConvolution(inputs, outputs, size, stride),
            *(ResidualBlock(outputs) for _ in range(blocks)),
        )
