"""Stored networks as estimators, one adapter per kind of network."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import torch

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.core.theta import PAPER_CLUSTER_SIZES
from heteroagg_gui.learning.batches import pad_levels
from heteroagg_gui.learning.blocks import freeze_kernels
from heteroagg_gui.learning.compact import CompactNetwork, device_named, load_compact
from heteroagg_gui.learning.dataset.reading import DataSet
from heteroagg_gui.learning.evaluation.compact_figures import grid_medians
from heteroagg_gui.learning.evaluation.estimator import (
    Estimator,
    ImageMemory,
    Indices,
    Reals,
    Values,
)
from heteroagg_gui.learning.evaluation.paper_estimator import load_paper_estimator
from heteroagg_gui.learning.examples import NETWORK_PIXEL_NM, QUANTITIES
from heteroagg_gui.learning.model_card import PAPER_FIVE, read_card
from heteroagg_gui.learning.set_data import describe_images
from heteroagg_gui.learning.train_head import predict_sets
from heteroagg_gui.learning.train_trunk import network_input
from heteroagg_gui.micrograph.prepare import PreparedImage, prepare

CHUNK = 64
BATCH = 8
SETS_AT_ONCE = 256


class CompactEstimator:
    """The compact set network on stored images, prepared as its predictor does.

    Parameters
    ----------
    name
        Name of the network.
    network
        Its parts.
    device
        A torch device.
    """

    def __init__(self, name: str, network: CompactNetwork, device: str = "cpu") -> None:
        self.name = name
        self.title = f"network '{name}'"
        self.reasons: Mapping[str, str] = {}
        self._device = device
        self._network = network
        network.trunk.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        freeze_kernels(network.trunk)
        self._memory = ImageMemory(self._describe)
        self.cost = self._memory.cost

    def images(self, data: DataSet, indices: Indices, progress: Progress = no_progress) -> Values:
        """Return the trunk's estimates; see :class:`Estimator`."""
        rows = self._memory.rows(data, indices, progress)
        named = dict(zip(QUANTITIES, rows[:, -len(QUANTITIES) :].T, strict=True))
        count = np.exp(np.minimum(named["log_n_particles"], 12.0))
        ratio = np.clip(named["mixing_ratio"], 0.0, 1.0)
        return {
            "fractal_dimension": np.clip(named["fractal_dimension"], 1.0, 3.0),
            "mixing_ratio": ratio,
            "n_particles": count,
            "homogeneous": (count * np.minimum(ratio, 1.0 - ratio) < 0.5).astype(float),
            "s_tio2": np.exp(named["log_s_tio2"]),
            "s_wo3": np.exp(named["log_s_wo3"]),
            "z_hetero": named["z_hetero"],
            "z_total": named["z_total"],
        }

    def sets(self, data: DataSet, groups: Indices, progress: Progress = no_progress) -> Values:
        """Return what the set heads say; see :class:`Estimator`."""
        rows = self._memory.rows(data, groups, progress)
        parts = [
            self._read_out(rows[start : start + SETS_AT_ONCE])
            for start in range(0, len(rows), SETS_AT_ONCE)
        ]
        return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}

    def _read_out(self, rows: Reals) -> dict[str, Reals]:
        descriptions = torch.from_numpy(rows[:, :, : -len(QUANTITIES)].astype(np.float32))
        predicted = predict_sets(self._network.heads, descriptions)
        quantiles = predicted.quantiles(torch.tensor([0.05, 0.5, 0.95])).numpy().astype(float)
        probabilities = predicted.probabilities.numpy().astype(float)
        sizes = np.array(PAPER_CLUSTER_SIZES, dtype=float)
        values = {
            "theta_mixing_ratio_on_grid": grid_medians(predicted).numpy().astype(float),
            **{f"theta_{k}": sizes[probabilities[:, k].argmax(axis=1)] for k in (0, 1)},
            **{f"theta_{k}_unrounded": probabilities[:, k] @ sizes for k in (0, 1)},
        }
        for column, name in enumerate(("theta_fractal_dimension", "theta_mixing_ratio")):
            for place, suffix in enumerate(("_low", "", "_high")):
                values[name + suffix] = quantiles[:, column, place]
        return values

    def _describe(self, data: DataSet, indices: Indices, progress: Progress) -> Reals:
        rows = []
        with torch.inference_mode():
            for start in range(0, len(indices), CHUNK):
                chunk = indices[start : start + CHUNK]
                rows.append(self._described(list(_prepared(data, chunk))))
                done = start + len(chunk)
                progress(done / len(indices), f"{self.name}: {done} of {len(indices)} images")
        return np.concatenate(rows)

    def _described(self, images: list[PreparedImage]) -> Reals:
        """Describe a chunk, images of similar size together so that little is padded."""
        order = sorted(range(len(images)), key=lambda k: images[k].levels.size)
        found: dict[int, Reals] = {}
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            levels = pad_levels([images[k].levels for k in part]).to(self._device)
            output = self._network.trunk(network_input(levels))
            quantities = output.quantities.float().cpu()
            restored = quantities * self._network.scales.deviation + self._network.scales.mean
            descriptions = describe_images(output).cpu()
            refined = self._network.read_out(descriptions, restored)
            joined = torch.cat([descriptions, refined], dim=1)
            found |= dict(zip(part, joined.numpy().astype(float), strict=True))
        return np.stack([found[k] for k in range(len(images))])


def _prepared(data: DataSet, indices: Indices) -> Iterator[PreparedImage]:
    for index in indices:
        pixels = data.intensities(np.array([index]))[0]
        micrograph = Micrograph(pixels, data.plan.frame.pixel_size_nm, f"image {index}")
        yield prepare(micrograph, NETWORK_PIXEL_NM)


def _load_compact(folder: Path, name: str, device: str) -> Estimator:
    return CompactEstimator(name, load_compact(folder), device)


ADAPTERS: Mapping[str, Callable[[Path, str, str], Estimator]] = {
    "compact-set": _load_compact,
    PAPER_FIVE: load_paper_estimator,
}
"""By the kind that a network's card states: from folder, name and device to an estimator."""


def load_estimator(folder: Path, device: str = "auto") -> Estimator:
    """Load a stored network for evaluation.

    Parameters
    ----------
    folder
        Holds the network's card and weights.
    device
        ``auto``, ``cpu``, ``cuda`` or ``mps``.

    Raises
    ------
    ModelError
        If the network is missing or damaged, or its kind can't be evaluated.
    """
    card = read_card(folder)
    if card.kind not in ADAPTERS:
        raise ModelError(
            f"The network '{card.name}' is of the kind '{card.kind}', which can't be evaluated: "
            f"choose one of the kinds {', '.join(ADAPTERS)}."
        )
    return ADAPTERS[card.kind](folder, card.name, device_named(device))
