"""Batches of images with what a network shall say of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from heteroagg_gui.learning.paper.networks import Purpose
from heteroagg_gui.learning.paper.orders import Indices, StoredImages
from heteroagg_gui.learning.training.team import Team

RESIDENT_SHARE = 0.6
UPLOADED_AT_ONCE = 256


@dataclass
class ImageBatch:
    """Images of E evaluations of b images each.

    ``levels`` (E b, H, W) uint8 and ``full_scale`` (E b,) hold the images, ``target`` (E,)
    what the network shall say, ``theta`` (E,) the parameter it is used to estimate, and
    ``transforms`` (E b, 2, 3) how the images are to be moved, if they are.
    """

    levels: Tensor
    full_scale: Tensor
    target: Tensor
    theta: Tensor
    transforms: Tensor | None = None


class Examples(Protocol):
    """What a network learns from and is validated on.

    Attributes
    ----------
    updates_per_epoch
        Updates between two validations.
    batch
        Evaluations per update and process.
    """

    updates_per_epoch: int
    batch: int

    def batches(self, first: int, team: Team) -> Iterator[ImageBatch]:
        """Yield this process's batches of the updates ``first``, ``first + 1``, ..."""

    def validation(self) -> Iterator[ImageBatch]:
        """Yield batches without augmentation, each of images of one configuration."""


class ImageStore(Protocol):
    """Gives images to a device."""

    def images(self, indices: Indices) -> tuple[Tensor, Tensor]:
        """Return levels, shape (k, H, W), and full scales, shape (k,), on the device."""


class ResidentImages:
    """Images that lie on the device as bytes.

    Parameters
    ----------
    data
        Where they come from.
    indices
        Which ones.
    device
        Where they shall lie.
    """

    def __init__(self, data: StoredImages, indices: Indices, device: torch.device) -> None:
        side = data.levels(indices[:1]).shape[1:]
        self._levels = torch.empty((len(indices), *side), dtype=torch.uint8, device=device)
        for start in range(0, len(indices), UPLOADED_AT_ONCE):
            part = indices[start : start + UPLOADED_AT_ONCE]
            self._levels[start : start + len(part)] = torch.from_numpy(data.levels(part)).to(device)
        self._full_scale = torch.from_numpy(data.full_scale[indices]).to(device)
        self._place = np.full(len(data.configuration), -1, dtype=np.int64)
        self._place[indices] = np.arange(len(indices))

    def images(self, indices: Indices) -> tuple[Tensor, Tensor]:
        """See :class:`ImageStore`."""
        place = torch.from_numpy(self._place[indices]).to(self._levels.device)
        return self._levels[place], self._full_scale[place]


class StreamedImages:
    """Images that are read from the disk when they are needed."""

    def __init__(self, data: StoredImages, device: torch.device) -> None:
        self._data = data
        self._device = device

    def images(self, indices: Indices) -> tuple[Tensor, Tensor]:
        """See :class:`ImageStore`."""
        levels = torch.from_numpy(self._data.levels(indices))
        full_scale = torch.from_numpy(self._data.full_scale[indices])
        return levels.to(self._device), full_scale.to(self._device)


def image_store(data: StoredImages, indices: Indices, device: torch.device) -> ImageStore:
    """Put images onto a GPU if they fit, and read them from the disk otherwise."""
    if device.type == "cuda":
        free_bytes = torch.cuda.mem_get_info(device)[0]
        pixels = data.levels(indices[:1]).size
        if len(indices) * pixels < RESIDENT_SHARE * free_bytes:
            return ResidentImages(data, indices, device)
    return StreamedImages(data, device)


def is_homogeneous(mixing_ratio: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Mark the aggregates of one material, whose mixing ratio is exactly 0 or 1."""
    return np.isin(mixing_ratio, (0.0, 1.0))


def target_of(
    purpose: Purpose, theta: NDArray[np.float64], fractal: NDArray[np.float64],
    mixing: NDArray[np.float64],
) -> NDArray[np.float32]:  # fmt: skip
    """Return what a network shall say of each image, shape (n,).

    Parameters
    ----------
    purpose
        Which network.
    theta
        Parameter vectors, shape (n, 4).
    fractal, mixing
        D_f(A), Eq. (5), and rho(A), Eq. (3), shape (n,).
    """
    values = {
        "Df": fractal,
        "rho-reg": mixing,
        "rho-class": is_homogeneous(mixing),
        "theta0": theta[:, 2],
        "theta1": theta[:, 3],
    }
    return np.asarray(values[purpose.key], dtype=np.float32)


def theta_of(purpose: Purpose, theta: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the component of theta that a network serves to estimate, shape (n,)."""
    column = {"Df": 0, "rho-reg": 1, "rho-class": 1, "theta0": 2, "theta1": 3}[purpose.key]
    return np.asarray(theta[:, column], dtype=np.float32)
