"""Images as a training will see them, to look at before it is begun."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.aggregation.descriptors import describe
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.examples import NETWORK_PIXEL_NM, image_stream, simulate_image
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.own_materials import own_system, ranges_with
from heteroagg_gui.learning.retraining.plan import RetrainingPlan
from heteroagg_gui.micrograph.prepare import prepare
from heteroagg_gui.stem.curves import Curves

PREVIEW_STREAM = 10**8 + 1
MOST_SAMPLES = 1000


@dataclass(frozen=True, eq=False)
class SampleImage:
    """A simulated image, raw and as the network reads it.

    Parameters
    ----------
    levels
        Prepared image, 2 nm a pixel, shape (height, width), uint8.
    pixels
        Raw image in electrons, shape (rows, columns), float32.
    pixel_size_nm
        Pixel size of the raw image in nm.
    truth
        theta and the descriptors of the aggregate, by name.
    """

    levels: NDArray[np.uint8]
    pixels: NDArray[np.float32]
    pixel_size_nm: float
    truth: dict[str, float]


def sample_images(
    plan: RetrainingPlan,
    count: int,
    seed: int,
    *,
    systems: Path | None = None,
    materials: Path | None = None,
    progress: Progress = no_progress,
) -> list[SampleImage]:
    """Simulate images as a training by a plan sees them.

    Parameters
    ----------
    plan
        The plan.
    count
        Number of images.
    seed
        Another seed gives other images.
    systems
        Folder of the user's own material systems.
    materials
        The folder ``materials`` of a training by this plan, where its reference curves lie.
    progress
        Receives the share done; may raise to stop.

    Raises
    ------
    ParameterError
        If there are no reference curves for the plan's materials and microscope yet.
    """
    if not 0 < count <= MOST_SAMPLES:
        raise ParameterError(f"{count} images can't be made: choose 1 to {MOST_SAMPLES}.")
    ranges = usable_ranges(plan, systems, materials)
    curves = ranges.curves()
    found = []
    for image in _simulated(ranges, curves, count, seed):
        found.append(image)
        progress(len(found) / count, "Simulating images")
    return found


def usable_ranges(
    plan: RetrainingPlan, systems: Path | None, materials: Path | None = None
) -> TrainingRanges:
    """Return ranges whose reference curves are there already.

    Raises
    ------
    ParameterError
        If they have to be computed first.
    """
    needed = own_system(plan, systems)
    if needed is None:
        return ranges_with(None, plan.ranges, Path())
    if materials is not None and (materials / f"{needed.name}.json").is_file():
        return ranges_with(needed, plan.ranges, materials)
    if not needed.tables and systems is not None:
        return ranges_with(needed, plan.ranges, systems)
    raise ParameterError(
        "The reference curves of these materials for this microscope are not computed yet: "
        "images can be shown once the training has done that."
    )


def _simulated(
    ranges: TrainingRanges, curves: Curves, count: int, seed: int
) -> Iterator[SampleImage]:
    for k in range(count):
        rng = image_stream(seed, PREVIEW_STREAM, k)
        theta = ranges.draw_theta(rng)
        aggregate, micrograph = simulate_image(theta, ranges, curves, rng)
        truth = {f"theta_{name}".replace("theta_theta", "theta"): float(value)
                 for name, value in theta.as_dict().items()}  # fmt: skip
        yield SampleImage(
            prepare(micrograph, NETWORK_PIXEL_NM).levels,
            micrograph.pixels,
            float(micrograph.pixel_size_nm or 0.0),
            truth | {key: float(value) for key, value in describe(aggregate).items()},
        )


def write_samples(
    plan: RetrainingPlan, count: int, folder: Path, *, systems: Path | None = None
) -> dict[str, Any]:
    """Write images to a folder, raw and prepared as ``.npy``, and say what is in them.

    Returns
    -------
    dict
        The names of the files and the truth of each image.
    """
    entries = []
    for k, image in enumerate(sample_images(plan, count, plan.seed, systems=systems)):
        names = {"levels": f"{k:03}-levels.npy", "pixels": f"{k:03}-pixels.npy"}
        for key, name in names.items():
            with replacing(folder / name) as part:
                np.save(part, getattr(image, key), allow_pickle=False)
        truth = {name: v if np.isfinite(v) else None for name, v in image.truth.items()}
        entries.append({**names, "pixel_size_nm": image.pixel_size_nm, "truth": truth})
    document = {"out": str(folder), "samples": entries}
    with replacing(folder / "samples.json") as part:
        part.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return document
