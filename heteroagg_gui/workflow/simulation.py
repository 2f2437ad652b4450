"""Simulated micrographs with the truth about them."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from heteroagg_gui import __version__
from heteroagg_gui.aggregation.descriptors import describe
from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.aggregation.sampler import sample_aggregate, sample_aggregates
from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.micrograph import SYSTEM_ENTRY, Micrograph
from heteroagg_gui.core.progress import Progress, part_of
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.export.document import write_json
from heteroagg_gui.export.particles import write_particles_csv
from heteroagg_gui.export.tiff import write_tiff
from heteroagg_gui.stem.curves import Curves, load_curves
from heteroagg_gui.stem.image import extent_nm
from heteroagg_gui.stem.imperfections import Imperfections
from heteroagg_gui.stem.microscope import Frame, Microscope
from heteroagg_gui.stem.realistic_image import render_realistic
from heteroagg_gui.workflow.documents import Document
from heteroagg_gui.workflow.materials import find_system
from heteroagg_gui.workflow.results import make_folder

_IMAGE_STREAM = 1
_NEIGHBOUR_STREAM = 2


@dataclass(frozen=True, eq=False)
class SimulatedBatch:
    """Micrographs of aggregates drawn with one theta.

    Parameters
    ----------
    theta, seed, system
        What they were drawn with and made of.
    parameters, microscope, imperfections, frame
        Conditions of the aggregation and of the imaging.
    aggregates, micrographs
        One image per aggregate.
    """

    theta: Theta
    seed: int
    system: str
    parameters: AggregationParameters
    microscope: Microscope
    imperfections: Imperfections
    frame: Frame
    aggregates: tuple[Aggregate, ...]
    micrographs: tuple[Micrograph, ...]

    @property
    def cut_off(self) -> tuple[bool, ...]:
        """For each image whether the aggregate reaches beyond its frame."""
        size = self.frame.pixel_size_nm
        return tuple(
            height > self.frame.height * size or width > self.frame.width * size
            for height, width in map(extent_nm, self.aggregates)
        )


def image_generator(seed: int, index: int) -> np.random.Generator:
    """Return the random stream of the image of aggregate ``index``, apart from its own."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(index, _IMAGE_STREAM)))


def planned_batch(values: Mapping[str, Any]) -> SimulatedBatch:
    """Return the batch that the values of ``simulate`` ask for, before anything is drawn.

    Raises
    ------
    ParameterError
        If a value makes no physical sense.
    """
    return SimulatedBatch(
        theta=values["theta"],
        seed=values["seed"],
        system=values["system"],
        parameters=AggregationParameters(
            radius_mean_nm=values["radius_mean_nm"],
            radius_sd_nm=values["radius_sd_nm"],
            size_range=values["size_range"],
        ),
        microscope=Microscope(**_fields_of(Microscope, values)),
        imperfections=Imperfections(**_fields_of(Imperfections, values)),
        frame=Frame(values["pixels"], values["pixels"], values["pixel_size_nm"]),
        aggregates=(),
        micrographs=(),
    )


def simulate_batch(values: Mapping[str, Any], progress: Progress) -> SimulatedBatch:
    """Draw aggregates and form their images.

    Parameters
    ----------
    values
        The values of the action ``simulate``.
    progress
        Receives the fraction done; may raise to end early.
    """
    batch, jobs = planned_batch(values), values["jobs"]
    curves = load_curves(find_system(batch.system), batch.microscope)
    thetas = [batch.theta] * values["count"]
    drawing = part_of(progress, 0.0, 0.2)
    aggregates = sample_aggregates(thetas, batch.seed, batch.parameters, jobs, drawing)
    batch = replace(batch, aggregates=tuple(aggregates))
    images = tuple(_render(batch, curves, jobs, part_of(progress, 0.2, 1.0)))
    return replace(batch, micrographs=images)


def _fields_of(kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
    return {entry.name: values[entry.name] for entry in fields(kind) if entry.name in values}


def draw_neighbours(batch: SimulatedBatch, index: int) -> list[Aggregate]:
    """Draw the other aggregates in the field of an image, as the one in its middle."""
    key = (index, _NEIGHBOUR_STREAM)
    rng = np.random.default_rng(np.random.SeedSequence(batch.seed, spawn_key=key))
    count = batch.imperfections.neighbours
    return [sample_aggregate(batch.theta, rng, batch.parameters) for _ in range(count)]


def form_image(
    batch: SimulatedBatch, curves: Curves, index: int, neighbours: Sequence[Aggregate]
) -> Micrograph:
    """Form the image of one aggregate of the batch.

    Parameters
    ----------
    batch
        Its aggregates and conditions.
    curves
        Reference curves of its material system for its detector.
    index
        Number of the aggregate.
    neighbours
        What :func:`draw_neighbours` drew for it.
    """
    pixels = render_realistic(
        batch.aggregates[index],
        curves,
        batch.microscope,
        batch.frame,
        image_generator(batch.seed, index),
        batch.imperfections,
        neighbours,
    )
    return Micrograph(
        pixels,
        batch.frame.pixel_size_nm,
        f"image_{index:03d}.tif",
        metadata={SYSTEM_ENTRY: batch.system, "seed": f"{batch.seed}, image {index}"},
    )


def _render(
    batch: SimulatedBatch, curves: Curves, jobs: int, progress: Progress
) -> Iterator[Micrograph]:
    def image(index: int) -> Micrograph:
        return form_image(batch, curves, index, draw_neighbours(batch, index))

    count = len(batch.aggregates)
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="stem")
    try:
        for index, micrograph in enumerate(pool.map(image, range(count))):
            progress((index + 1) / count, f"{index + 1} images formed")
            yield micrograph
    finally:
        pool.shutdown(cancel_futures=True)


def truth_document(batch: SimulatedBatch) -> Document:
    """Return what the images were made from, with the descriptors of each aggregate."""
    images = zip(batch.micrographs, batch.aggregates, batch.cut_off, strict=True)
    return {
        "program": f"heteroagg {__version__}",
        "theta": batch.theta.as_dict(),
        "seed": batch.seed,
        "system": batch.system,
        "microscope": asdict(batch.microscope),
        "imperfections": asdict(batch.imperfections),
        "frame": asdict(batch.frame),
        "aggregation": asdict(batch.parameters),
        "images": [
            {
                "file": micrograph.name,
                "particles": _particles_name(index),
                "reaches_beyond_frame": cut,
                "descriptors": describe(aggregate, batch.parameters),
            }
            for index, (micrograph, aggregate, cut) in enumerate(images)
        ],
    }


def write_batch(folder: Path, batch: SimulatedBatch) -> None:
    """Write the images, the particles of each aggregate and truth.json to a folder.

    The images hold whole numbers of 8 or 16 bits if the detector gives such, else float32.
    """
    make_folder(folder)
    pixel_type = batch.imperfections.pixel_type or np.float32
    for index, micrograph in enumerate(batch.micrographs):
        write_tiff(
            folder / micrograph.name,
            micrograph.pixels.astype(pixel_type),
            micrograph.pixel_size_nm,
            f"Simulated by heteroagg {__version__}, seed {batch.seed}, image {index}\n"
            f"{SYSTEM_ENTRY}: {batch.system}",
        )
        write_particles_csv(folder / _particles_name(index), [batch.aggregates[index]])
    write_json(folder / "truth.json", truth_document(batch))


def _particles_name(index: int) -> str:
    return f"aggregate_{index:03d}.csv"
