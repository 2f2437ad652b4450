"""A population of shadows as arrays, and back, number for number."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.aggregate import Aggregate, Relaxations
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.shadow.population import ShadowPopulation
from heteroagg_gui.workflow.session_file.container import (
    DamagedError,
    SessionReader,
    SessionWriter,
)
from heteroagg_gui.workflow.session_file.entry import LARGEST_SEED, Entry
from heteroagg_gui.workflow.session_file.prediction_entry import theta_of

_FOLDER = "shadows"
_KINDS = {"positions_nm": "<f8", "radii_nm": "<f8", "labels": "|u1", "clusters": "<i4"}
_LARGEST_NM = 1e9


def shadows_entry(population: ShadowPopulation) -> dict[str, Any]:
    """Return what is said of a population beside its arrays."""
    return {
        "count": len(population),
        "seed": population.seed,
        "system": population.system,
        "descriptors": list(population.descriptors),
    }


def add_shadows(writer: SessionWriter, population: ShadowPopulation) -> None:
    """Add the particles, thetas and descriptors of all shadows."""
    aggregates = population.aggregates
    counts = [len(aggregate) for aggregate in aggregates]
    writer.add_array(f"{_FOLDER}/counts", np.array(counts), "<i8")
    for name, kind in _KINDS.items():
        joined = np.concatenate([getattr(aggregate, name) for aggregate in aggregates])
        writer.add_array(f"{_FOLDER}/{name}", joined, kind)
    thetas = [list(theta.as_dict().values()) for theta in population.thetas]
    writer.add_array(f"{_FOLDER}/thetas", np.array(thetas), "<f8")
    relaxed = [list(vars(aggregate.relaxations).values()) for aggregate in aggregates]
    writer.add_array(f"{_FOLDER}/relaxations", np.array(relaxed), "<i8")
    table = np.array(list(population.descriptors.values()))
    writer.add_array(f"{_FOLDER}/descriptors", table, "<f8")


def shadows_of(reader: SessionReader, entry: Entry) -> ShadowPopulation:
    """Return the population as it was saved.

    Descriptors that a later version of the program knows and the file does not have are
    computed from the particles.

    Raises
    ------
    DamagedError
        If the arrays make no sense.
    """
    count = entry.whole("count", 1)
    aggregates = _aggregates(reader, count)
    rows = reader.array(f"{_FOLDER}/thetas", (count, 4), "<f8").tolist()
    known: dict[tuple[float, ...], Theta] = {}
    for row in rows:
        if tuple(row) not in known:
            whole = [int(size) if size.is_integer() else size for size in row[2:]]
            known[tuple(row)] = theta_of([*row[:2], *whole], "the theta of a shadow")
    return ShadowPopulation(
        aggregates=aggregates,
        thetas=tuple(known[tuple(row)] for row in rows),
        descriptors=_descriptors(reader, entry, aggregates),
        seed=entry.whole("seed", 0, LARGEST_SEED),
        system=entry.text("system"),
    )


def _aggregates(reader: SessionReader, count: int) -> tuple[Aggregate, ...]:
    counts = reader.array(f"{_FOLDER}/counts", (count,), "<i8")
    if counts.min() < 1 or counts.max() > np.iinfo(np.int32).max:
        raise DamagedError("a shadow has no particles")
    ends = np.cumsum(counts)
    total = int(ends[-1])
    arrays = {
        name: reader.array(
            f"{_FOLDER}/{name}", (total, 3) if name == "positions_nm" else (total,), kind
        )
        for name, kind in _KINDS.items()
    }
    _check(arrays)
    relaxed = reader.array(f"{_FOLDER}/relaxations", (count, 4), "<i8").tolist()
    parts = {name: np.split(array, ends[:-1]) for name, array in arrays.items()}
    return tuple(
        Aggregate(
            **{name: part[k] for name, part in parts.items()}, relaxations=Relaxations(*relaxed[k])
        )
        for k in range(count)
    )


def _check(arrays: dict[str, NDArray[Any]]) -> None:
    lengths = np.abs(arrays["positions_nm"])
    radii = arrays["radii_nm"]
    sound = (lengths <= _LARGEST_NM).all() and (radii > 0.0).all() and (radii <= _LARGEST_NM).all()
    if not sound or arrays["labels"].max() > 1 or arrays["clusters"].min() < 0:
        raise DamagedError("a particle is out of bounds")


def _descriptors(
    reader: SessionReader, entry: Entry, aggregates: tuple[Aggregate, ...]
) -> dict[str, NDArray[np.float64]]:
    from heteroagg_gui.aggregation.descriptors import DESCRIPTORS, describe_many

    names = entry.values("descriptors")
    table = reader.array(f"{_FOLDER}/descriptors", (len(names), len(aggregates)), "<f8")
    if np.isinf(table).any():
        raise DamagedError("a descriptor is out of bounds")
    saved = dict(zip(map(str, names), table, strict=True))
    keys = [info.key for info in DESCRIPTORS]
    if not set(keys) <= set(saved):
        saved = describe_many(aggregates) | saved
    return {key: saved[key] for key in keys}
