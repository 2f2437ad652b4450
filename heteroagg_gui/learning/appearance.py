"""What an image looks like, in numbers that have a name, and what is unusual about it.

The distance of descriptions says that an image is unlike the training images; these numbers
say in which respect.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.examples import (
    NETWORK_PIXEL_NM,
    QUANTITIES,
    image_stream,
    make_example,
)
from heteroagg_gui.learning.noise_level import noise_level
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.micrograph.foreground import foreground_mask

APPEARANCE = ("feature_nm", "extent_nm", "noise", "border", "detached", "n_particles")
SMOOTHING_PIXELS = 1.0
KEPT = 0.998
SLACK = 0.05
LEAST_SLACK = (0.3, 10.0, 0.2, 0.1, 0.05, 8.0)
APPEARANCE_STREAM = 2 * 10**7
_MEANT_FOR_DARK_GROUND = frozenset({"feature_nm", "extent_nm", "n_particles"})
_SMALLEST_GRADIENT = 1e-6
_LOG_N = QUANTITIES.index("log_n_particles")

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "feature_nm": (
            (
                "particles look smaller than any in the training images: check the pixel size, or "
                "the particles are of another size"
            ),
            (
                "particles look larger than any in the training images: check the pixel size, or "
                "the particles are of another size"
            ),
        ),
        "extent_nm": (
            "what stands out is smaller than any aggregate in the training images",
            (
                "what stands out is larger than any aggregate in the training images: cut out one "
                "aggregate"
            ),
        ),
        "noise": (
            "less grainy than the training images, as if smoothed",
            "noisier than the training images",
        ),
        "border": (
            "the background is darker than in the training images",
            "the background is too bright: the contrast may be inverted, or the film thick",
        ),
        "detached": (
            "",
            "several objects lie apart from each other: show one whole aggregate",
        ),
        "n_particles": (
            "fewer particles than in any training image",
            "more particles than in any training image",
        ),
    }
)
"""What to say where a number is below or above its usual range; empty where nothing is odd."""


def appearance(levels: NDArray[np.uint8], pixel_size_nm: float) -> NDArray[np.float64]:
    """Measure how a prepared image looks.

    Parameters
    ----------
    levels
        The image as the network reads it, shape (height, width).
    pixel_size_nm
        Edge of its pixels in nm.

    Returns
    -------
    NDArray
        The entries of :data:`APPEARANCE` but the number of particles, which the network
        tells: mean brightness over mean gradient in nm, longest side of the crop in nm, graininess
        (see :func:`~heteroagg_gui.learning.noise_level.noise_level`), median of the
        outermost pixels as a share of the full scale, and the share of the foreground that
        is not connected to its largest part.
    """
    image = levels.astype(np.float64) / 255.0
    smooth = ndimage.gaussian_filter(image, SMOOTHING_PIXELS)
    rows, columns = np.gradient(smooth)
    gradient = max(float(np.hypot(rows, columns).sum()), _SMALLEST_GRADIENT)
    ring = np.concatenate([image[0], image[-1], image[1:-1, 0], image[1:-1, -1]])
    grain = float(noise_level(torch.from_numpy(image).float()[None, None]))
    return np.array(
        [
            float(smooth.sum()) / gradient * pixel_size_nm,
            max(levels.shape) * pixel_size_nm,
            grain,
            float(np.median(ring)),
            _detached(image),
        ]
    )


def _detached(image: NDArray[np.float64]) -> float:
    regions, count = ndimage.label(foreground_mask(image))
    if count < 2:
        return 0.0
    areas = np.bincount(regions.ravel())[1:]
    return float(1.0 - areas.max() / areas.sum())


@dataclass
class UsualRange:
    """Between which values the appearance of the training images lies.

    Parameters
    ----------
    low, high
        Shape (6,), in the order of :data:`APPEARANCE`.
    """

    low: Tensor
    high: Tensor

    def oddities(self, values: NDArray[np.float64]) -> list[str]:
        """Say what is unusual about an image, the most unusual first.

        Parameters
        ----------
        values
            Its appearance, shape (6,).
        """
        low, high = self.low.double().numpy(), self.high.double().numpy()
        span = np.maximum(high - low, 1e-9)
        excess = np.maximum((low - values) / span, (values - high) / span)
        odd = [
            (name, excess[index], WORDS[name][int(values[index] > high[index])])
            for index, name in enumerate(APPEARANCE)
            if excess[index] > 0.0
        ]
        if any(name == "border" for name, _, _ in odd):
            odd = [entry for entry in odd if entry[0] not in _MEANT_FOR_DARK_GROUND]
        odd.sort(key=lambda entry: -entry[1])
        return [words for _, _, words in odd if words]


def usual_range(values: NDArray[np.float64]) -> UsualRange:
    """Return the central range of the training images' appearance, with some slack.

    Parameters
    ----------
    values
        Appearances of simulated images, shape (n, 6).
    """
    low, high = np.quantile(values, [(1.0 - KEPT) / 2.0, (1.0 + KEPT) / 2.0], axis=0)
    slack = np.maximum(SLACK * (high - low), LEAST_SLACK)
    return UsualRange(torch.from_numpy(low - slack).float(), torch.from_numpy(high + slack).float())


def training_appearance(
    ranges: TrainingRanges, count: int, seed: int, progress: Progress = no_progress
) -> NDArray[np.float64]:
    """Measure simulated images; the number of particles is the true one.

    Parameters
    ----------
    ranges
        What they are drawn from.
    count
        Number of images.
    seed
        Seed of their random numbers.
    progress
        Receives the share done.
    """
    curves = ranges.curves()
    rows = []
    for k in range(count):
        rng = image_stream(seed, APPEARANCE_STREAM, k)
        example = make_example(ranges.draw_theta(rng), ranges, curves, rng, with_maps=False)
        particles = np.exp(float(example.quantities[_LOG_N]))
        rows.append([*appearance(example.levels, NETWORK_PIXEL_NM), particles])
        progress((k + 1) / count, "Measuring training images")
    return np.array(rows)
