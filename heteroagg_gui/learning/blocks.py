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
        self._frozen: Tensor | None = None

    def standardised_kernel(self) -> Tensor:
        """Return the kernel the convolution is done with."""
        fan_in = self.weight[0].numel()
        mean = self.weight.mean(dim=(1, 2, 3), keepdim=True)
        variance = self.weight.var(dim=(1, 2, 3), keepdim=True, unbiased=False)
        return self.gain * (self.weight - mean) * torch.rsqrt(fan_in * variance + 1e-6)

    def freeze(self) -> None:
        """Store the standardised kernel, so that predictions need not compute it again."""
        with torch.no_grad():
            kernel = self.standardised_kernel().contiguous(memory_format=torch.channels_last)
        self._frozen = kernel

    def forward(self, images: Tensor) -> Tensor:
        """Convolve; shape (B, inputs, H, W) to (B, outputs, H', W')."""
        kernel = self.standardised_kernel() if self._frozen is None else self._frozen
        return functional.conv2d(images, kernel, self.bias, self.stride, self.padding)


def freeze_kernels(network: nn.Module) -> None:
    """Freeze all standardised kernels of a network that is not trained any more."""
    for layer in network.modules():
        if isinstance(layer, StandardisedConvolution):
            layer.freeze()


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
        result: Tensor = features + self.branch_scale * change
        return result


class Stage(nn.Sequential):
    """A change of resolution or width followed by residual blocks."""

    def __init__(self, inputs: int, outputs: int, blocks: int, stride: int = 1) -> None:
        size = 3 if stride > 1 else 1
        super().__init__(
            StandardisedConvolution(inputs, outputs, size, stride),
            *(ResidualBlock(outputs) for _ in range(blocks)),
        )
