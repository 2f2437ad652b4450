"""A common start for the five networks: the features f learn everything at once, first.

Where there is no GPU for five trainings from nothing, f is trained once on all that the
simulator knows of an image: density maps of particles, contacts and cluster sizes, the
descriptors, and theta. See :mod:`heteroagg_gui.learning.paper.read_outs` for what follows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.core.theta import PAPER_CLUSTER_SIZES
from heteroagg_gui.learning.dataset.reading import DataSet
from heteroagg_gui.learning.losses import (
    CLUSTER_WEIGHT,
    COUNT_WEIGHT,
    DENSITY_WEIGHT,
    OBSERVABLE_WEIGHT,
    count_loss,
    density_loss,
    observable_loss,
)
from heteroagg_gui.learning.paper.basic import FEATURES, BasicFeatures, initialise
from heteroagg_gui.learning.paper.examples import ImageBatch, is_homogeneous
from heteroagg_gui.learning.paper.intensities import DARKEST, network_images
from heteroagg_gui.learning.paper.model import as_stored
from heteroagg_gui.learning.paper.moved_targets import moved_maps
from heteroagg_gui.learning.paper.renormalisation import BatchRenormalisation
from heteroagg_gui.learning.paper.stored_examples import StoredExamples
from heteroagg_gui.learning.targets import LARGEST_CLUSTER, MAPS
from heteroagg_gui.learning.tensors import with_prefix
from heteroagg_gui.learning.training.augmentation import Augmentation
from heteroagg_gui.learning.training.checkpoint import read_checkpoint
from heteroagg_gui.learning.training.run import LAST_FILE
from heteroagg_gui.learning.training.team import ALONE, Team

MAP_CHANNELS = 128
FIRST_DENSITY = -4.0
HUBER_DELTA = 0.5
CALIBRATED_ON = 256
"""Images that the statistics of the normalisation are taken from."""
QUANTITIES = 8
VALIDATION_SHARE = 0.05
"""Share of the configurations that neither f nor the g on it learn from."""
HOMOGENEOUS_WEIGHT = 0.5


@dataclass
class Facts:
    """What is known of images besides their maps.

    ``quantities`` (n, Q) in standardised units, ``homogeneous`` (n,) 0 or 1, ``clusters``
    (n, 2) the places of theta_0 and theta_1 among the grid's values.
    """

    quantities: Tensor
    homogeneous: Tensor
    clusters: Tensor

    def of(self, indices: NDArray[np.int64]) -> "Facts":
        """Return those of some images."""
        chosen = torch.from_numpy(indices)
        return Facts(self.quantities[chosen], self.homogeneous[chosen], self.clusters[chosen])

    def on(self, device: torch.device) -> "Facts":
        """Return them on a device."""
        return Facts(
            self.quantities.to(device), self.homogeneous.to(device), self.clusters.to(device)
        )


def facts_of(data: DataSet) -> Facts:
    """Return the facts of all images of a set of training data."""
    table = data.descriptors
    columns = [
        table["fractal_dimension"],
        table["mixing_ratio"],
        np.log(table["n_particles"]),
        np.log(table["radius_of_gyration_nm"]),
        table["z_hetero"],
        table["z_total"],
        data.theta[:, 0],
        data.theta[:, 1],
    ]
    values = np.stack(columns, axis=1)
    learnt = values[data.training]
    standardised = (values - learnt.mean(axis=0)) / learnt.std(axis=0)
    places = np.searchsorted(PAPER_CLUSTER_SIZES, data.theta[:, 2:])
    return Facts(
        torch.from_numpy(standardised.astype(np.float32)),
        torch.from_numpy(is_homogeneous(table["mixing_ratio"]).astype(np.float32)),
        torch.from_numpy(places.astype(np.int64)),
    )


class CommonNetwork(nn.Module):
    """Features f with an output for everything; only f is kept.

    Parameters
    ----------
    side
        Pixels of an image's edge.
    """

    def __init__(self, side: int) -> None:
        super().__init__()
        self.features = BasicFeatures(side)
        self.densities = nn.Conv2d(MAP_CHANNELS, len(MAPS), 1)
        self.cluster_maps = nn.Conv2d(MAP_CHANNELS, 2 * LARGEST_CLUSTER, 1)
        self.quantities = nn.Linear(FEATURES, QUANTITIES)
        self.homogeneous = nn.Linear(FEATURES, 1)
        self.clusters = nn.Linear(FEATURES, 2 * len(PAPER_CLUSTER_SIZES))
        initialise(self)
        nn.init.constant_(self.densities.bias, FIRST_DENSITY)  # type: ignore[arg-type]

    def train(self, mode: bool = True) -> "CommonNetwork":
        """Switch to training; the normalisation keeps its statistics, see :meth:`calibrate`."""
        super().train(mode)
        for layer in self._normalisations():
            layer.eval()
        return self

    def _normalisations(self) -> list[BatchRenormalisation]:
        layers = self.features.modules()
        return [layer for layer in layers if isinstance(layer, BatchRenormalisation)]

    def calibrate(self, batches: Iterable[Tensor]) -> None:
        """Set the statistics of the normalisation to those of untrained maps, once and for all.

        The images are mostly background, and the statistics of a batch depend on how large
        its aggregates happen to be. Statistics that follow the batches were tried: after 11,000
        images the network counted 40 particles too few or too many.

        Parameters
        ----------
        batches
            Images, shape (B, 1, H, H), of each batch.
        """
        layers = self._normalisations()
        usual = [(layer.momentum, layer.largest_r, layer.largest_d) for layer in layers]
        with torch.no_grad():
            for number, images in enumerate(batches):
                for layer in layers:
                    layer.train()
                    layer.momentum = number / (number + 1.0)
                    layer.largest_r, layer.largest_d = 1.0, 0.0
                self.features(images)
        for layer, (momentum, largest_r, largest_d) in zip(layers, usual, strict=True):
            layer.momentum, layer.largest_r, layer.largest_d = momentum, largest_r, largest_d
            layer.eval()

    def forward(self, images: Tensor) -> dict[str, Tensor]:
        """Return all outputs for images of shape (B, 1, H, H)."""
        maps, vectors = self.features.with_maps(images)
        logits = self.cluster_maps(maps).unflatten(1, (2, LARGEST_CLUSTER))
        return {
            "densities": functional.softplus(self.densities(maps)),
            "cluster_maps": functional.log_softmax(logits, dim=2),
            "quantities": self.quantities(vectors),
            "homogeneous": self.homogeneous(vectors)[:, 0],
            "clusters": self.clusters(vectors).unflatten(1, (2, -1)),
        }


@dataclass
class CommonBatch:
    """Images as the network reads them, (B, 1, H, H), and all that is known of them."""

    images: Tensor
    maps: Tensor
    facts: Facts


class CommonTask:
    """The common start as the training engine sees it.

    Parameters
    ----------
    network
        What is trained.
    data
        Stored training data.
    examples
        Order and augmentation: those of CNN^Df.
    inverted
        Invert intensities, section 2.3.5.
    bfloat16
        Compute in half precision.
    processes
        How many processes share an update.
    """

    criterion = ""

    def __init__(
        self,
        network: CommonNetwork,
        data: DataSet,
        examples: StoredExamples,
        augmentation: Augmentation,
        *,
        inverted: bool,
        bfloat16: bool,
        processes: int = 1,
    ) -> None:
        self.network: nn.Module = network
        self._network = network
        self.kept: Mapping[str, Tensor] = {}
        self.updates_per_epoch = examples.updates_per_epoch
        self.images_per_update = examples.batch * processes
        self._data = data
        self._examples = examples
        self._augmentation = augmentation
        self._inverted = inverted
        self._bfloat16 = bfloat16
        self._facts = facts_of(data)

    def calibrate(self) -> None:
        """Set the statistics of the normalisation; see :meth:`CommonNetwork.calibrate`."""
        chunks = islice(self.chunks(0, ALONE), -(-CALIBRATED_ON // self._examples.batch))
        self._network.calibrate(chunk[0].images for chunk in chunks)

    def chunks(self, first: int, team: Team) -> Iterator[Sequence[CommonBatch]]:
        """Yield one batch per update."""
        for update, batch in zip(count(first), self._examples.batches(first, team), strict=False):
            indices = self._examples.rows(update, team.size)[team.rank :: team.size, 0]
            yield [self._common_batch(batch, indices)]

    def _common_batch(self, batch: ImageBatch, indices: NDArray[np.int64]) -> CommonBatch:
        frame = self._data.plan.frame
        images = network_images(batch.levels, batch.full_scale, inverted=self._inverted)
        transforms = batch.transforms
        if transforms is None:
            raise TypeError("examples of a training are moved")
        moved = self._augmentation.apply(images[:, None], transforms, DARKEST)
        maps = [
            moved_maps(
                self._data.aggregate(int(index)),
                transform.cpu().numpy(),
                frame.height,
                frame.pixel_size_nm,
                BasicFeatures.map_side(frame.height),
            )
            for index, transform in zip(indices, transforms, strict=True)
        ]
        stacked = torch.from_numpy(np.stack(maps)).to(images.device)
        return CommonBatch(moved, stacked, self._facts.of(indices).on(images.device))

    def losses(self, batch: CommonBatch) -> dict[str, Tensor]:
        """Return the parts of the loss."""
        with torch.autocast(batch.images.device.type, torch.bfloat16, enabled=self._bfloat16):
            found = self.network(batch.images)
        found = {name: values.float() for name, values in found.items()}
        densities, clusters = batch.maps[:, : len(MAPS)], batch.maps[:, len(MAPS) :]
        facts = batch.facts
        quantities = functional.huber_loss(found["quantities"], facts.quantities, delta=HUBER_DELTA)
        parts = {
            "density": DENSITY_WEIGHT * density_loss(found["densities"], densities),
            "count": COUNT_WEIGHT * count_loss(found["densities"], densities),
            "observable": OBSERVABLE_WEIGHT * observable_loss(found["cluster_maps"], clusters),
            "quantities": quantities * facts.quantities.shape[1],
            "homogeneous": HOMOGENEOUS_WEIGHT
            * functional.binary_cross_entropy_with_logits(found["homogeneous"], facts.homogeneous),
            "clusters": 2.0
            * CLUSTER_WEIGHT
            * functional.cross_entropy(found["clusters"].flatten(0, 1), facts.clusters.flatten()),
        }
        parts["total"] = torch.stack(list(parts.values())).sum()
        return parts

    def validate(self) -> dict[str, float]:
        """Measure nothing: the weights kept are the averaged ones, and the g are validated."""
        return {}


@dataclass
class StartedFeatures:
    """Features f of a common start.

    Parameters
    ----------
    features
        In evaluation mode, kernels rounded to the half precision they are stored in.
    note
        What a card says of the training: updates, images, seconds and losses.
    """

    features: BasicFeatures
    note: dict[str, Any]


def started_features(folder: Path, side: int) -> StartedFeatures:
    """Read the averaged features of a common start.

    Parameters
    ----------
    folder
        Holds its checkpoint.
    side
        Pixels of an image's edge.

    Raises
    ------
    ModelError
        If the checkpoint is missing, damaged or of another network.
    """
    checkpoint = read_checkpoint(folder / LAST_FILE)
    weights = with_prefix(checkpoint.tensors, "average.")
    network = CommonNetwork(side)
    try:
        network.load_state_dict(weights)
        state = checkpoint.notes["state"]
        note = {
            "updates": int(state["step"]),
            "images": int(state["log"][-1]["images"]),
            "seconds": round(float(state["seconds"]), 1),
            "losses": state["log"][-1],
        }
    except (RuntimeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise ModelError(
            f"The checkpoint in '{folder}' is not that of a common start: give another folder."
        ) from error
    return StartedFeatures(as_stored(network.features).eval(), note)
