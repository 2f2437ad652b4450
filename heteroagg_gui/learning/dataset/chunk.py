"""Making the images of one file; needs nothing but its request."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.aggregation.descriptors import describe_many
from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.aggregation.sampler import sample_aggregate
from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.dataset.levels import bright_box, to_levels
from heteroagg_gui.learning.dataset.plan import (
    AGGREGATE_STREAM,
    IMAGE_STREAM,
    DataPlan,
    random_stream,
)
from heteroagg_gui.stem.curves import Curves, load_curves
from heteroagg_gui.stem.image import render_image
from heteroagg_gui.stem.microscope import Frame, Microscope

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class ChunkRequest:
    """What one file shall hold; small enough to be sent to another machine.

    Parameters
    ----------
    index
        Number of the file.
    first
        Index of its first image in the whole set.
    thetas
        Parameter vector of each image.
    configuration, part
        Of each image, see :class:`~heteroagg_gui.learning.dataset.plan.DataPlan`.
    aggregation, microscope, frame, system, seed
        As in the plan.
    """

    index: int
    first: int
    thetas: tuple[Theta, ...]
    configuration: NDArray[np.int32]
    part: NDArray[np.uint8]
    aggregation: AggregationParameters
    microscope: Microscope
    frame: Frame
    system: str
    seed: int


def request_of(plan: DataPlan, index: int) -> ChunkRequest:
    """Return the request for file ``index`` of a plan."""
    images = plan.chunk(index)
    configuration = np.array([i // plan.per_configuration for i in images], dtype=np.int32)
    place = np.array([i % plan.per_configuration for i in images])
    return ChunkRequest(
        index=index,
        first=images.start,
        thetas=tuple(plan.configurations[c] for c in configuration),
        configuration=configuration,
        part=(place >= plan.training_per_configuration).astype(np.uint8),
        aggregation=plan.aggregation,
        microscope=plan.microscope,
        frame=plan.frame,
        system=plan.system,
        seed=plan.seed,
    )


@lru_cache(maxsize=4)
def _curves(system: str, microscope: Microscope) -> Curves:
    return load_curves(system, microscope)


def make_chunk(request: ChunkRequest) -> Arrays:
    """Draw the aggregates of a file, image and describe them.

    Returns
    -------
    dict
        The arrays of the file, as docs/data-format.md lists them.
    """
    curves = _curves(request.system, request.microscope)
    aggregates: list[Aggregate] = []
    boxes: list[tuple[int, int, int, int]] = []
    cuts: list[NDArray[np.uint8]] = []
    scales: list[np.float32] = []
    for index, theta in enumerate(request.thetas, start=request.first):
        rng = random_stream(request.seed, AGGREGATE_STREAM, index)
        aggregate = sample_aggregate(theta, rng, request.aggregation)
        noise = random_stream(request.seed, IMAGE_STREAM, index)
        levels, full_scale = to_levels(
            render_image(aggregate, curves, request.microscope, request.frame, noise)
        )
        top, left, height, width = bright_box(levels)
        aggregates.append(aggregate)
        boxes.append((top, left, height, width))
        cuts.append(levels[top : top + height, left : left + width].reshape(-1))
        scales.append(full_scale)
    return {
        "index": np.arange(request.first, request.first + len(aggregates), dtype=np.int64),
        "theta": np.array([list(t.as_dict().values()) for t in request.thetas], dtype=np.float64),
        "configuration": request.configuration,
        "part": request.part,
        "full_scale": np.array(scales, dtype=np.float32),
        "box": np.array(boxes, dtype=np.int32),
        "pixel_start": starts_of([len(cut) for cut in cuts]),
        "levels": np.concatenate(cuts),
        **_geometry(aggregates),
        "descriptors": _described(aggregates, request.aggregation),
    }


def starts_of(lengths: list[int]) -> NDArray[np.int64]:
    """Return where each of several runs starts, and where the last ends; shape (k + 1,)."""
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)


def _geometry(aggregates: list[Aggregate]) -> Arrays:
    relaxations = [(r.attachments, r.touching, r.nearer, r.farther) for r in _relaxed(aggregates)]
    return {
        "particle_start": starts_of([len(a) for a in aggregates]),
        "positions_nm": np.concatenate([a.positions_nm for a in aggregates]),
        "radii_nm": np.concatenate([a.radii_nm for a in aggregates]),
        "labels": np.concatenate([a.labels for a in aggregates]).astype(np.uint8),
        "clusters": np.concatenate([a.clusters for a in aggregates]).astype(np.int32),
        "relaxations": np.array(relaxations, dtype=np.int32),
    }


def _relaxed(aggregates: list[Aggregate]) -> list[Any]:
    return [aggregate.relaxations for aggregate in aggregates]


def _described(
    aggregates: list[Aggregate], parameters: AggregationParameters
) -> NDArray[np.float64]:
    columns: Mapping[str, NDArray[np.float64]] = describe_many(aggregates, parameters)
    return np.stack(list(columns.values()), axis=1)
