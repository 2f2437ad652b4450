"""The per-image network: counts particles and contacts, then describes the aggregate."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from heteroagg_gui.core.theta import PAPER_CLUSTER_SIZES
from heteroagg_gui.learning.blocks import Stage, StandardisedConvolution
from heteroagg_gui.learning.examples import NETWORK_PIXEL_NM, QUANTITIES
from heteroagg_gui.learning.noise_level import noise_level
from heteroagg_gui.learning.pooling import (
    CLUSTER_FACTS,
    GEOMETRY_SIZE,
    cluster_facts,
    coarsen,
    geometry,
    weighted_mean,
)
from heteroagg_gui.learning.targets import LARGEST_CLUSTER, MAPS

SIDE_MULTIPLE = 16
INITIAL_DENSITY = -4.0
FACTS = GEOMETRY_SIZE + CLUSTER_FACTS + 1


@dataclass(frozen=True)
class TrunkSize:
    """Width and depth of the trunk.

    Parameters
    ----------
    channels
        Channels at 1/2, 1/4, 1/8 and 1/16 resolution.
    blocks
        Residual blocks at 1/4, 1/8 and 1/16 resolution on the way down.
    embedding
        Length of the vector that describes an image.
    """

    channels: tuple[int, int, int, int] = (24, 48, 96, 128)
    blocks: tuple[int, int, int] = (2, 3, 1)
    embedding: int = 128


@dataclass
class TrunkOutput:
    """What the trunk says of a batch of B images.

    ``densities`` has shape (B, 5, H/4, W/4), ``cluster_sizes`` (B, 2, 7, H/4, W/4) log
    probabilities of the size of the observable cluster that a particle belongs to,
    ``quantities`` (B, 9) in standardised units, ``cluster_logits`` (B, 2, 6),
    ``embedding`` (B, E).
    """

    densities: Tensor
    cluster_sizes: Tensor
    quantities: Tensor
    cluster_logits: Tensor
    embedding: Tensor


class Trunk(nn.Module):
    """Encoder-decoder with dense counting maps and features pooled where the particles are."""

    def __init__(self, size: TrunkSize | None = None) -> None:
        super().__init__()
        size = size or TrunkSize()
        half, quarter, eighth, sixteenth = size.channels
        self.entry = StandardisedConvolution(1, half, 5, stride=2)
        self.down4 = Stage(half, quarter, size.blocks[0], stride=2)
        self.down8 = Stage(quarter, eighth, size.blocks[1], stride=2)
        self.down16 = Stage(eighth, sixteenth, size.blocks[2], stride=2)
        self.graininess = nn.Linear(1, sixteenth)
        nn.init.zeros_(self.graininess.weight)
        nn.init.zeros_(self.graininess.bias)
        self.up8 = Stage(eighth + sixteenth, eighth, 1)
        self.up4 = Stage(quarter + eighth, quarter, 1)
        self.densities = nn.Conv2d(quarter, len(MAPS), 1)
        nn.init.constant_(self.densities.bias, INITIAL_DENSITY)  # type: ignore[arg-type]
        self.cluster_sizes = nn.Conv2d(quarter, 2 * LARGEST_CLUSTER, 1)
        pooled = 3 * quarter + 2 * eighth + sixteenth + FACTS
        self.describe = nn.Sequential(
            nn.Linear(pooled, 2 * size.embedding),
            nn.ReLU(),
            nn.Linear(2 * size.embedding, size.embedding),
            nn.ReLU(),
        )
        self.quantities = nn.Linear(size.embedding + FACTS, len(QUANTITIES))
        self.cluster_logits = nn.Linear(size.embedding + FACTS, 2 * len(PAPER_CLUSTER_SIZES))

    def forward(self, images: Tensor) -> TrunkOutput:
        """Describe images.

        Parameters
        ----------
        images
            Levels scaled to 0 ... 1, shape (B, 1, H, W); H and W are multiples of 16.
        """
        at4 = self.down4(functional.relu(self.entry(images)))
        at8 = self.down8(at4)
        noise = noise_level(images)
        at16 = self.down16(at8) + self.graininess(noise)[:, :, None, None]
        up8 = self.up8(torch.cat([at8, _enlarged(at16)], dim=1))
        up4 = self.up4(torch.cat([at4, _enlarged(up8)], dim=1))
        features = functional.relu(up4)
        densities = functional.softplus(self.densities(features).float())
        logits = self.cluster_sizes(features).float().unflatten(1, (2, LARGEST_CLUSTER))
        sizes = functional.log_softmax(logits, dim=2)
        facts = torch.cat(
            [geometry(densities, NETWORK_PIXEL_NM), cluster_facts(densities, sizes.exp()), noise],
            dim=1,
        )
        pooled = self._pooled(features, functional.relu(up8), functional.relu(at16), densities)
        embedding = self.describe(torch.cat([pooled, facts], dim=1))
        described = torch.cat([embedding, facts], dim=1)
        primary = self.cluster_logits(described).view(-1, 2, len(PAPER_CLUSTER_SIZES))
        return TrunkOutput(densities, sizes, self.quantities(described), primary, described)

    @staticmethod
    def _pooled(fine: Tensor, middle: Tensor, coarse: Tensor, densities: Tensor) -> Tensor:
        where = densities.detach()
        particles, hetero = where[:, :2], where[:, 4:5]
        everything = particles.sum(dim=1, keepdim=True)
        at8 = coarsen(particles, (middle.shape[2], middle.shape[3]))
        at16 = coarsen(everything, (coarse.shape[2], coarse.shape[3]))
        return torch.cat(
            [
                weighted_mean(fine, torch.cat([particles, hetero], dim=1)),
                weighted_mean(middle, at8),
                weighted_mean(coarse, at16),
            ],
            dim=1,
        )


def _enlarged(features: Tensor) -> Tensor:
    return functional.interpolate(features, scale_factor=2.0, mode="nearest")
