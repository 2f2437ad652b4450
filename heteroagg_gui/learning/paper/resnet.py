"""ResNet-50 (He et al., 2016) as subnetwork f, for the comparison of Table 6."""

from torch import Tensor, nn
from torch.nn import functional

from heteroagg_gui.learning.paper.basic import FEATURES

BLOCKS = (3, 4, 6, 3)
EXPANSION = 4


class Bottleneck(nn.Module):
    """1 x 1, 3 x 3 and 1 x 1 convolutions around which the input is carried on."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        outputs = EXPANSION * width
        self.change = nn.Sequential(
            nn.Conv2d(inputs, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.shortcut: nn.Module = nn.Identity()
        if inputs != outputs or stride != 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, images: Tensor) -> Tensor:
        """Return 4 ``width`` channels."""
        return functional.relu(self.change(images) + self.shortcut(images))


class ResNetFeatures(nn.Module):
    """ResNet-50 for one channel, without its classifier.

    The convolutional part has 23,501,760 trainable numbers: the 23,508,032 of the published
    network less the 6,272 weights of the two colour channels an electron image lacks. A
    dense layer with 229,488 more reads 112 features from its 2048.
    """

    def __init__(self) -> None:
        super().__init__()
        stages: list[nn.Module] = [
            nn.Conv2d(1, 64, 7, 2, 3, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.MaxPool2d(3, 2, 1),
        ]
        channels = 64
        for index, blocks in enumerate(BLOCKS):
            width = 64 * 2**index
            for block in range(blocks):
                stride = 2 if index > 0 and block == 0 else 1
                stages.append(Bottleneck(channels, width, stride))
                channels = EXPANSION * width
        self.stages = nn.Sequential(*stages)
        self.features = nn.Linear(channels, FEATURES)

    def forward(self, images: Tensor) -> Tensor:
        """Describe images, shape (B, 1, 512, 512), by vectors, shape (B, 112)."""
        stages: Tensor = self.stages(functional.avg_pool2d(images, 2))
        return functional.relu(self.features(stages.mean(dim=(2, 3))))
