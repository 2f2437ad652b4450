"""Inception-v3 (Szegedy et al., 2016) as subnetwork f, for the comparison of Table 6."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from heteroagg_gui.learning.paper.basic import FEATURES

Kernel = tuple[int, int]


class NormalisedConvolution(nn.Sequential):
    """Convolution without bias, batch normalisation, ReLU."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int | Kernel,
        stride: int = 1,
        padding: int | Kernel = 0,
    ) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False),
            nn.BatchNorm2d(outputs, eps=1e-3),
            nn.ReLU(),
        )


class Branches(nn.Module):
    """Several paths over one input whose outputs are stacked along the channels."""

    def __init__(self, *paths: nn.Module) -> None:
        super().__init__()
        self.paths = nn.ModuleList(paths)

    def forward(self, images: Tensor) -> Tensor:
        """Return the stacked outputs."""
        return torch.cat([path(images) for path in self.paths], dim=1)


def _pooled(inputs: int, outputs: int) -> nn.Sequential:
    pooling = nn.AvgPool2d(3, stride=1, padding=1)
    return nn.Sequential(pooling, NormalisedConvolution(inputs, outputs, 1))


def _grid35(inputs: int, pooled: int) -> Branches:
    return Branches(
        NormalisedConvolution(inputs, 64, 1),
        nn.Sequential(
            NormalisedConvolution(inputs, 48, 1), NormalisedConvolution(48, 64, 5, padding=2)
        ),
        nn.Sequential(
            NormalisedConvolution(inputs, 64, 1),
            NormalisedConvolution(64, 96, 3, padding=1),
            NormalisedConvolution(96, 96, 3, padding=1),
        ),
        _pooled(inputs, pooled),
    )


def _to_grid17() -> Branches:
    return Branches(
        NormalisedConvolution(288, 384, 3, stride=2),
        nn.Sequential(
            NormalisedConvolution(288, 64, 1),
            NormalisedConvolution(64, 96, 3, padding=1),
            NormalisedConvolution(96, 96, 3, stride=2),
        ),
        nn.MaxPool2d(3, stride=2),
    )


def _long(inputs: int, outputs: int, *, flat: bool) -> NormalisedConvolution:
    kernel, padding = ((1, 7), (0, 3)) if flat else ((7, 1), (3, 0))
    return NormalisedConvolution(inputs, outputs, kernel, padding=padding)


def _grid17(width: int) -> Branches:
    return Branches(
        NormalisedConvolution(768, 192, 1),
        nn.Sequential(
            NormalisedConvolution(768, width, 1),
            _long(width, width, flat=True),
            _long(width, 192, flat=False),
        ),
        nn.Sequential(
            NormalisedConvolution(768, width, 1),
            _long(width, width, flat=False),
            _long(width, width, flat=True),
            _long(width, width, flat=False),
            _long(width, 192, flat=True),
        ),
        _pooled(768, 192),
    )


def _to_grid8() -> Branches:
    return Branches(
        nn.Sequential(
            NormalisedConvolution(768, 192, 1), NormalisedConvolution(192, 320, 3, stride=2)
        ),
        nn.Sequential(
            NormalisedConvolution(768, 192, 1),
            _long(192, 192, flat=True),
            _long(192, 192, flat=False),
            NormalisedConvolution(192, 192, 3, stride=2),
        ),
        nn.MaxPool2d(3, stride=2),
    )


def _cross() -> Branches:
    return Branches(
        NormalisedConvolution(384, 384, (1, 3), padding=(0, 1)),
        NormalisedConvolution(384, 384, (3, 1), padding=(1, 0)),
    )


def _grid8(inputs: int) -> Branches:
    return Branches(
        NormalisedConvolution(inputs, 320, 1),
        nn.Sequential(NormalisedConvolution(inputs, 384, 1), _cross()),
        nn.Sequential(
            NormalisedConvolution(inputs, 448, 1),
            NormalisedConvolution(448, 384, 3, padding=1),
            _cross(),
        ),
        _pooled(inputs, 192),
    )


class InceptionFeatures(nn.Module):
    """Inception-v3 for one channel, without its auxiliary output and classifier.

    The convolutional part has 21,784,992 trainable numbers: the 21,785,568 of the published
    network less the 576 weights of the two colour channels an electron image lacks. A dense
    layer with 229,488 more reads 112 features from its 2048.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.Sequential(
            NormalisedConvolution(1, 32, 3, stride=2),
            NormalisedConvolution(32, 32, 3),
            NormalisedConvolution(32, 64, 3, padding=1),
            nn.MaxPool2d(3, stride=2),
            NormalisedConvolution(64, 80, 1),
            NormalisedConvolution(80, 192, 3),
            nn.MaxPool2d(3, stride=2),
            _grid35(192, 32),
            _grid35(256, 64),
            _grid35(288, 64),
            _to_grid17(),
            *(_grid17(width) for width in (128, 160, 160, 192)),
            _to_grid8(),
            _grid8(1280),
            _grid8(2048),
        )
        self.features = nn.Linear(2048, FEATURES)

    def forward(self, images: Tensor) -> Tensor:
        """Describe images, shape (B, 1, 512, 512), by vectors, shape (B, 112)."""
        stages: Tensor = self.stages(functional.avg_pool2d(images, 2))
        return functional.relu(self.features(stages.mean(dim=(2, 3))))
