"""What a network notices: images unlike those it was trained on, one kind after the other.

``python -m heteroagg_gui.learning.evaluation.unusual_images models/compact`` writes a table.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from scipy import ndimage

from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.aggregation.sampler import sample_aggregate
from heteroagg_gui.core.errors import MicrographError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.learning.predictor import Predictor, load_predictor
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.stem.curves import Curves
from heteroagg_gui.stem.image import frame_around
from heteroagg_gui.stem.imperfections import Imperfections
from heteroagg_gui.stem.microscope import Microscope
from heteroagg_gui.stem.realistic_image import render_realistic

SEED = 51
PIXEL_NM = 1.25
SIDE = 512
_RANGES = TrainingRanges()


@cache
def _curves() -> Curves:
    return _RANGES.curves()


def image(
    index: int,
    sizes: AggregationParameters = _RANGES.aggregation,
    microscope: Microscope = _RANGES.microscope,
    imperfections: Imperfections | None = None,
) -> Micrograph:
    """Simulate an image that is usual but for what is given."""
    imperfections = imperfections or Imperfections()
    rng = np.random.default_rng([SEED, index])
    theta = _RANGES.draw_theta(rng)
    aggregate = sample_aggregate(theta, rng, sizes)
    others = [sample_aggregate(theta, rng, sizes) for _ in range(imperfections.neighbours)]
    frame = frame_around(aggregate, PIXEL_NM, 100.0 if others else 40.0)
    pixels = render_realistic(aggregate, _curves(), microscope, frame, rng, imperfections, others)
    return Micrograph(pixels, PIXEL_NM, f"image {index}")


def _calibrated(factor: float) -> Callable[[int], Micrograph]:
    return lambda k: replace(image(k), pixel_size_nm=PIXEL_NM * factor)


def _sized(mean_nm: float, sd_nm: float) -> Callable[[int], Micrograph]:
    return lambda k: image(k, AggregationParameters(mean_nm, sd_nm))


def _counted(fewest: int, most: int) -> Callable[[int], Micrograph]:
    return lambda k: image(k, AggregationParameters(size_range=(fewest, most)))


def _dosed(dose_e_per_a2: float) -> Callable[[int], Micrograph]:
    return lambda k: image(k, microscope=Microscope(dose_e_per_a2=dose_e_per_a2))


def _flawed(**imperfections: float) -> Callable[[int], Micrograph]:
    flaws = Imperfections(**imperfections)  # type: ignore[arg-type]
    return lambda k: image(k, imperfections=flaws)


def _inverted(index: int) -> Micrograph:
    usual = image(index)
    return replace(usual, pixels=usual.pixels.max() - usual.pixels)


def _blurred(index: int) -> Micrograph:
    usual = image(index)
    return replace(usual, pixels=ndimage.gaussian_filter(usual.pixels, 4.0))


def _two(index: int) -> Micrograph:
    one, other = image(index).pixels, image(index + 10_000).pixels
    height = max(one.shape[0], other.shape[0])
    parts = [
        np.pad(part, ((0, height - part.shape[0]), (0, 0)), constant_values=part.min())
        for part in (one, other)
    ]
    return Micrograph(np.concatenate(parts, axis=1), PIXEL_NM, "two")


def _noise(index: int) -> Micrograph:
    pixels = np.random.default_rng(index).normal(size=(SIDE, SIDE)).astype(np.float32)
    return Micrograph(pixels, PIXEL_NM, "noise")


def _lattice(index: int) -> Micrograph:
    rows, columns = np.arange(SIDE)[:, None], np.arange(SIDE)
    noise = np.random.default_rng(index).normal(size=(SIDE, SIDE)) * 0.3
    pixels = np.cos(rows * 0.5 + index) * np.cos(columns * 0.45) + noise
    return Micrograph(pixels.astype(np.float32), PIXEL_NM, "lattice")


def _ramp(index: int) -> Micrograph:
    slope = np.arange(SIDE) * (index + 1) / 10.0
    noise = np.random.default_rng(index).normal(size=(SIDE, SIDE)) * 5.0
    return Micrograph((np.arange(SIDE)[:, None] + slope + noise).astype(np.float32), PIXEL_NM, "r")


CASES: Mapping[str, Callable[[int], Micrograph]] = MappingProxyType(
    {
        "as in training": image,
        "pixel size stated twice too large": _calibrated(2.0),
        "pixel size stated 1.5 times too large": _calibrated(1.5),
        "pixel size stated half": _calibrated(0.5),
        "radius 6 nm": _sized(6.0, 1.5),
        "radius 12 nm with a standard deviation of 7 nm": _sized(12.0, 7.0),
        "5 to 10 particles": _counted(5, 10),
        "150 particles": _counted(150, 150),
        "inverted contrast": _inverted,
        "5 electrons per square angstrom": _dosed(5.0),
        "20 electrons per square angstrom": _dosed(20.0),
        "two neighbours": _flawed(neighbours=2),
        "two aggregates": _two,
        "support film, 0.6 % of the beam": _flawed(
            support_intensity=0.006, support_granularity=0.1
        ),
        "background, 0.5 % of the beam": _flawed(background_intensity=0.005),
        "drift of 7 nm and jitter of 1 nm": _flawed(
            row_jitter_nm=1.0, drift_x_nm=5.0, drift_y_nm=5.0
        ),
        "saturated": _flawed(detector_gain_counts=655350.0, saturation_counts=30000.0),
        "blurred": _blurred,
        "noise alone": _noise,
        "a lattice": _lattice,
        "a ramp": _ramp,
    }
)
"""Kinds of images, each made from the number of the image."""


@dataclass(frozen=True)
class Noticed:
    """How often a kind of image was noticed.

    Parameters
    ----------
    refused, flagged
        Shares of the images that could not be prepared, and that got a flag.
    reason
        The beginning of the reason given most often; empty if there was none.
    """

    refused: float
    flagged: float
    reason: str


def notice(network: Predictor, make: Callable[[int], Micrograph], images: int) -> Noticed:
    """Ask a network about images of one kind."""
    refused, reasons = 0, Counter[str]()
    for index in range(images):
        try:
            answer = network.predict([make(index)]).images[0]
        except MicrographError:
            refused += 1
            continue
        if answer.is_unusual:
            reasons[(answer.reason or "").split(":")[0].split(";")[0]] += 1
    most = reasons.most_common(1)
    flagged = sum(reasons.values())
    return Noticed(refused / images, flagged / images, most[0][0] if most else "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table of a network from the command line."""
    parser = argparse.ArgumentParser(description="What a network notices.")
    parser.add_argument("network", type=Path, metavar="FOLDER")
    parser.add_argument("--images", type=int, default=100, metavar="N", help="images of a kind")
    options = parser.parse_args(arguments)
    network = load_predictor(options.network, "cpu")
    out = sys.stdout
    out.write("| images | noticed | reason given most often |\n| --- | --- | --- |\n")
    for name, make in CASES.items():
        found = notice(network, make, options.images)
        out.write(f"| {name} | {found.refused + found.flagged:.0%} | {found.reason} |\n")
        out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
