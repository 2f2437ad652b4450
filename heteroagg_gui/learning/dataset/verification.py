"""Checking a set of training data from end to end."""

from pathlib import Path

import numpy as np

from heteroagg_gui.aggregation.contacts import find_contacts, join_components
from heteroagg_gui.aggregation.descriptors import describe_many
from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.errors import DataSetError
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.dataset.chunk_file import Arrays, ChunkFile, chunk_name
from heteroagg_gui.learning.dataset.manifest import Manifest, checksum
from heteroagg_gui.learning.dataset.plan import DataPlan

SAMPLE_PER_CHUNK = 5
OVERLAP_TOLERANCE = 1e-9


def verify(folder: Path, manifest: Manifest, progress: Progress = no_progress) -> None:
    """Check a set: checksums, plan, split, and a sample of the aggregates of every file.

    Parameters
    ----------
    folder
        Where the set lies.
    manifest
        What its dataset.json says.
    progress
        Receives the share of files checked.

    Raises
    ------
    DataSetError
        For the first defect, naming the file.
    """
    plan = manifest.plan
    planned: Arrays = {
        "theta": plan.theta,
        "configuration": plan.configuration,
        "part": plan.part,
    }
    for number in range(plan.n_chunks):
        name = chunk_name(number)
        found = checksum(folder / name)
        if found is None:
            raise _defect(name, "is missing")
        if found != manifest.chunks[number]:
            raise _defect(name, "is damaged: its checksum is another one")
        file = ChunkFile(folder / name)
        _check_plan(plan, number, planned, file)
        for row in np.linspace(0, len(file) - 1, SAMPLE_PER_CHUNK, dtype=int):
            _check_aggregate(plan, file, int(row), name)
        stop = plan.chunk(number).stop
        progress((number + 1) / plan.n_chunks, f"{stop} of {len(plan)} images checked")


def _defect(name: str, what: str) -> DataSetError:
    return DataSetError(
        f"The file '{name}' of the training data {what}: run 'heteroagg generate' again with "
        "the same options, which makes it anew."
    )


def _check_plan(plan: DataPlan, number: int, planned: Arrays, file: ChunkFile) -> None:
    images = plan.chunk(number)
    rows = slice(images.start, images.stop)
    if not np.array_equal(file.arrays["index"], np.array(images)):
        raise _defect(chunk_name(number), "holds other images than planned")
    for key, values in planned.items():
        if not np.array_equal(file.arrays[key], values[rows]):
            raise _defect(chunk_name(number), f"does not follow the plan ({key})")


def _check_aggregate(plan: DataPlan, file: ChunkFile, row: int, name: str) -> None:
    aggregate = file.aggregate(row)
    image = int(file.arrays["index"][row])
    factor = plan.aggregation.contact_factor
    if _overlaps(aggregate):
        raise _defect(name, f"holds overlapping particles (image {image})")
    pairs = find_contacts(aggregate.positions_nm, aggregate.radii_nm, factor)
    if join_components(pairs, np.zeros(len(aggregate), dtype=np.int64)).any():
        raise _defect(name, f"holds an aggregate in several pieces (image {image})")
    described = np.concatenate(list(describe_many([aggregate], plan.aggregation).values()))
    if not np.array_equal(described, file.arrays["descriptors"][row], equal_nan=True):
        raise _defect(name, f"holds wrong descriptors (image {image})")


def _overlaps(aggregate: Aggregate) -> bool:
    """Tell whether two particles are nearer than the sum of their radii."""
    apart = aggregate.positions_nm[:, None] - aggregate.positions_nm[None]
    distance = np.sqrt((apart**2).sum(axis=2))
    sums = aggregate.radii_nm[:, None] + aggregate.radii_nm[None]
    np.fill_diagonal(distance, np.inf)
    return bool((distance < sums * (1.0 - OVERLAP_TOLERANCE)).any())
