"""Prediction of theta from micrographs by a network in a folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from heteroagg_gui.core.errors import MicrographError, ModelError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.prediction import ImagePrediction, Prediction
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.appearance import appearance
from heteroagg_gui.learning.batches import pad_levels
from heteroagg_gui.learning.blocks import freeze_kernels
from heteroagg_gui.learning.compact import CompactNetwork, device_named, load_compact
from heteroagg_gui.learning.examples import NETWORK_PIXEL_NM, QUANTITIES
from heteroagg_gui.learning.model_card import (
    PAPER_FIVE,
    WEIGHTS_FILE,
    ModelCard,
    checksum,
    read_card,
)
from heteroagg_gui.learning.paper.model import load_paper
from heteroagg_gui.learning.paper.predictor import PaperPredictor
from heteroagg_gui.learning.set_data import describe_images
from heteroagg_gui.learning.set_head import ThetaDistribution
from heteroagg_gui.learning.train_head import predict_sets
from heteroagg_gui.learning.train_trunk import network_input
from heteroagg_gui.micrograph.prepare import PreparedImage, prepare

DRAWS = 400
LARGEST_CROP = 1024
FLAGGED_SHARE = 0.15
UNLIKE = (
    "unlike the training images ({:.1f} times the distance that 99.5 % of held-out images stay "
    "below): check pixel size, contrast, and that one whole aggregate is shown"
)


class Predictor(Protocol):
    """A loaded network."""

    card: ModelCard

    def predict(
        self, micrographs: Sequence[Micrograph], progress: Progress = no_progress
    ) -> Prediction:
        """Estimate theta from images of aggregates of one sample."""


def load_predictor(folder: Path, device: str = "auto") -> Predictor:
    """Load the network in a folder.

    Parameters
    ----------
    folder
        Holds ``card.json`` and the weights.
    device
        ``auto``, ``cpu``, ``cuda`` or ``mps``.

    Raises
    ------
    ModelError
        If the network is missing, damaged or the device is not there.
    """
    card = read_card(folder)
    if card.kind == PAPER_FIVE:
        found = device_named(device)
        return PaperPredictor(load_paper(folder, found), found)
    expected = card.document.get("sha256")
    if expected is not None and checksum(folder / WEIGHTS_FILE) != expected:
        raise ModelError(
            f"The weights of the network '{card.name}' are not those its card describes: "
            "install it again."
        )
    return CompactPredictor(card, load_compact(folder), device_named(device))


class CompactPredictor:
    """The compact set network: any number of images, a distribution over theta."""

    def __init__(self, card: ModelCard, network: CompactNetwork, device: str) -> None:
        self.card = card
        self.device = device
        self._network = network
        self._network.trunk.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        freeze_kernels(network.trunk)
        scales = network.scales
        scales.mean, scales.deviation = scales.mean.to(device), scales.deviation.to(device)

    def predict(
        self, micrographs: Sequence[Micrograph], progress: Progress = no_progress
    ) -> Prediction:
        """Estimate theta from images of aggregates of one sample.

        Parameters
        ----------
        micrographs
            Calibrated images, one aggregate each; their order does not matter.
        progress
            Receives the share of images done.

        Raises
        ------
        MicrographError
            If there is no image, or one can't be prepared; the sentence names it.
        """
        if not micrographs:
            raise MicrographError("There is no image to predict from: add calibrated micrographs.")
        descriptions, images = [], []
        for done, micrograph in enumerate(micrographs, start=1):
            prepared = _prepared(micrograph)
            description, values = self._describe(prepared)
            descriptions.append(description)
            images.append(self._image(prepared, description, values[0].tolist()))
            progress(done / len(micrographs), f"Reading {micrograph.name}")
        distribution = predict_sets(self._network.heads, torch.cat(descriptions)[None])
        return self._summary(distribution, tuple(images))

    def _describe(self, prepared: PreparedImage) -> tuple[Tensor, Tensor]:
        levels = pad_levels([prepared.levels]).to(self.device)
        with torch.inference_mode():
            output = self._network.trunk(network_input(levels))
            values = self._network.scales.restore(output.quantities.float()).cpu()
            descriptions = describe_images(output).cpu()
            return descriptions, self._network.read_out(descriptions, values)

    def _image(
        self, prepared: PreparedImage, description: Tensor, quantities: list[float]
    ) -> ImagePrediction:
        named = dict(zip(QUANTITIES, quantities, strict=True))
        count = float(np.exp(min(named["log_n_particles"], 12.0)))
        looks = appearance(prepared.levels, prepared.pixel_size_nm)
        oddities = self._network.usual.oddities(np.append(looks, count))
        novelty = self._network.novelty
        distance = float(novelty.distance(description)[0]) / novelty.threshold
        if distance > 1.0 and not oddities:
            oddities = [UNLIKE.format(distance)]
        return ImagePrediction(
            fractal_dimension=float(np.clip(named["fractal_dimension"], 1.0, 3.0)),
            mixing_ratio=float(np.clip(named["mixing_ratio"], 0.0, 1.0)),
            n_particles=count,
            inside_training_range=not oddities,
            reason="; ".join(oddities) or None,
        )

    def _summary(
        self, distribution: ThetaDistribution, images: tuple[ImagePrediction, ...]
    ) -> Prediction:
        levels = torch.tensor([0.05, 0.5, 0.95])
        quantiles = distribution.quantiles(levels)[0]
        limits = ((1.001, 2.999), (0.0, 1.0))
        (d_low, d_mid, d_high), (r_low, r_mid, r_high) = (
            [float(np.clip(value, *limit)) for value in row]
            for row, limit in zip(quantiles.tolist(), limits, strict=True)
        )
        probabilities = distribution.probabilities[0]
        sizes = [int(k) + 1 for k in probabilities.argmax(dim=1)]
        flagged = sum(image.is_unusual for image in images)
        outside = flagged >= max(1.0, FLAGGED_SHARE * len(images))
        warnings = []
        if outside:
            warnings.append(
                f"{flagged} of {len(images)} images are unlike those the network was trained "
                "on: do not trust the values before you have looked at them."
            )
        return Prediction(
            model=self.card.name,
            theta=Theta(d_mid, r_mid, sizes[0], sizes[1]),
            interval_90={"fractal_dimension": (d_low, d_high), "mixing_ratio": (r_low, r_high)},
            probabilities={
                "theta_0": tuple(probabilities[0].tolist()),
                "theta_1": tuple(probabilities[1].tolist()),
            },
            images=images,
            draws=_draws(distribution),
            inside_training_range=not outside,
            warnings=tuple(warnings),
            system=self.card.material_system,
        )


def _prepared(micrograph: Micrograph) -> PreparedImage:
    prepared = prepare(micrograph, NETWORK_PIXEL_NM)
    if max(prepared.levels.shape) > LARGEST_CROP:
        raise MicrographError(
            "What stands out from the background extends over more than "
            f"{LARGEST_CROP * NETWORK_PIXEL_NM:.0f} nm: check the pixel size, or cut out one "
            "aggregate."
        )
    return prepared


def _draws(distribution: ThetaDistribution) -> tuple[Theta, ...]:
    """Draws from the joint distribution, the same for the same distribution."""
    drawn = distribution.draw(DRAWS, np.random.default_rng(0))
    dimensions = np.clip(drawn[:, 0], 1.05, 2.95).tolist()
    ratios = np.clip(drawn[:, 1], 0.0, 1.0).tolist()
    sizes = drawn[:, 2:].astype(int).tolist()
    return tuple(
        Theta(dimension, ratio, *pair)
        for dimension, ratio, pair in zip(dimensions, ratios, sizes, strict=True)
    )
