"""The paper's basic network, section 2.3.1, Table 3: features f and read-out g."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from heteroagg_gui.learning.paper.parts import Parts, seen_parts
from heteroagg_gui.learning.paper.renormalisation import BatchRenormalisation

SIDE_PIXELS = 512
LEAST_SIDE_PIXELS = 156
PIXEL_NM = 1.25
FEATURES = 112
READ_OUT_UNITS = 44
# Output channels of the convolutions; "pool" is a 2 x 2 max pooling.
LAYERS: tuple[int | str, ...] = (
    8, 16, 32, "pool", 64, 64, "pool", 128, 128, "pool", 256, 256, "pool",
)  # fmt: skip
MAP_LAYERS = 9
"""Of these up to layer 10 of Table 3, whose maps are fine enough to count particles on."""


def initialise(network: nn.Module) -> None:
    """Draw all kernels by Glorot's uniform rule and set biases to zero."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


class ConvolutionBlock(nn.Module):
    """Convolution without padding, 3 x 3, then renormalisation and ReLU."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, 3)
        self.norm: nn.Module = BatchRenormalisation(outputs)

    def forward(self, images: Tensor) -> Tensor:
        """Return features two rows and two columns smaller."""
        return functional.relu(self.norm(self.convolution(images)))

    def on_parts(self, parts: Parts) -> Parts:
        """Return what :meth:`forward` does, of maps of which parts are given."""
        convolved = parts.convolved(self.convolution)
        if isinstance(self.norm, BatchRenormalisation):
            convolved = self.norm.on_parts(convolved)
        return convolved.mapped(functional.relu)

    def fold(self) -> None:
        """Multiply the trained normalisation into the convolution, for faster predictions."""
        norm = self.norm
        if not isinstance(norm, BatchRenormalisation):
            return
        with torch.no_grad():
            factor = norm.gamma * torch.rsqrt(norm.moving_variance + norm.epsilon)
            self.convolution.weight.mul_(factor[:, None, None, None])
            bias = self.convolution.bias
            if bias is not None:
                bias.copy_((bias - norm.moving_mean) * factor + norm.beta)
        self.norm = nn.Identity()


class BasicFeatures(nn.Module):
    """Subnetwork f: layers 1 to 17 of Table 3.

    With 512 pixels a side it has 9,457,624 numbers, trainable or not.

    Parameters
    ----------
    side
        Pixels of the edge of an image; the paper's is 512, the least is 156.
    """

    def __init__(self, side: int = SIDE_PIXELS) -> None:
        super().__init__()
        blocks: list[nn.Module] = []
        channels, side = 1, side // 2
        for layer in LAYERS:
            if isinstance(layer, int):
                blocks.append(ConvolutionBlock(channels, layer))
                channels, side = layer, side - 2
            else:
                blocks.append(nn.MaxPool2d(2))
                side //= 2
        self.blocks = nn.Sequential(*blocks)
        self.dense = nn.Linear(channels * side * side, 224)
        self.features = nn.Linear(224, FEATURES)

    @staticmethod
    def map_side(side: int) -> int:
        """Return the pixels of an edge of layer 10's maps for images of so many pixels."""
        side //= 2
        for layer in LAYERS[:MAP_LAYERS]:
            side = side - 2 if isinstance(layer, int) else side // 2
        return side

    def forward(self, images: Tensor) -> Tensor:
        """Describe images, shape (B, 1, H, H), by vectors, shape (B, 112)."""
        return self.with_maps(images)[1]

    def with_maps(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Return the maps of layer 10, shape (B, 128, h, h), too."""
        pooled = functional.avg_pool2d(images, 2)
        if images.device.type == "cpu":
            maps = self._maps_of_parts(seen_parts(pooled)).whole()
        else:
            maps = self.blocks[:MAP_LAYERS](pooled)
        flat = torch.flatten(self.blocks[MAP_LAYERS:](maps), 1)
        return maps, functional.relu(self.features(functional.relu(self.dense(flat))))

    def _maps_of_parts(self, parts: Parts) -> Parts:
        """Return the maps of layer 10; what is background is computed once for all of it."""
        for block in list(self.blocks)[:MAP_LAYERS]:
            parts = block.on_parts(parts) if isinstance(block, ConvolutionBlock) else parts.pooled()
        return parts


class ReadOut(nn.Module):
    """Subnetwork g: layers 18 and 19 of Table 3, before the output's transfer function.

    Parameters
    ----------
    images
        Images b whose feature vectors are concatenated, Eq. (15).
    """

    def __init__(self, images: int) -> None:
        super().__init__()
        self.dense = nn.Linear(FEATURES * images, READ_OUT_UNITS)
        self.output = nn.Linear(READ_OUT_UNITS, 1)

    def forward(self, features: Tensor) -> Tensor:
        """Read vectors of shape (B, 112 b) out to numbers, shape (B,)."""
        values: Tensor = self.output(functional.relu(self.dense(features)))
        return values[:, 0]
