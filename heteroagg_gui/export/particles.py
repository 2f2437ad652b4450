"""Particles of aggregates as CSV, to the last bit."""

import csv
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import numpy as np

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.errors import ResourceError
from heteroagg_gui.core.files import replacing

COLUMNS = ("aggregate", "particle", "x_nm", "y_nm", "z_nm", "radius_nm", "label")
UNKNOWN_CLUSTER = -1
"""Primary cluster of particles read from CSV, which does not carry it."""


def write_particles_csv(path: Path, aggregates: Iterable[Aggregate]) -> None:
    """Write one row per particle; reading it back gives the same numbers bit for bit.

    Parameters
    ----------
    path
        The CSV file; replaced only once the new one is complete.
    aggregates
        Numbered from 0 in their order. Lengths are in nm, labels are those of the
        material system: in tio2-wo3 0 is WO3 and 1 is TiO2.
    """
    with replacing(path) as part, part.open("w", encoding="ascii", newline="") as file:
        file.write(",".join(COLUMNS) + "\n")
        for number, aggregate in enumerate(aggregates):
            positions, radii = aggregate.positions_nm.tolist(), aggregate.radii_nm.tolist()
            labels = aggregate.labels.tolist()
            file.writelines(
                f"{number},{index},{x!r},{y!r},{z!r},{radius!r},{label}\n"
                for index, ((x, y, z), radius, label) in enumerate(
                    zip(positions, radii, labels, strict=True)
                )
            )


def read_particles_csv(path: Path) -> list[Aggregate]:
    """Read what :func:`write_particles_csv` wrote.

    Returns
    -------
    list of Aggregate
        In the order of the file; the primary clusters are :data:`UNKNOWN_CLUSTER`.

    Raises
    ------
    ResourceError
        If the file is missing or no such table.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            if tuple(next(rows, ())) != COLUMNS:
                raise ValueError("its columns are others")
            return [_aggregate(list(group)) for _, group in groupby(rows, key=lambda row: row[0])]
    except (OSError, ValueError, IndexError, OverflowError) as error:
        raise ResourceError(
            f"'{path.name}' is no table of particles ({error}): "
            f"give a CSV file with the columns {', '.join(COLUMNS)}."
        ) from error


def _aggregate(rows: list[list[str]]) -> Aggregate:
    numbers = np.array([[float(text) for text in row[2:6]] for row in rows])
    return Aggregate(
        positions_nm=np.ascontiguousarray(numbers[:, :3]),
        radii_nm=numbers[:, 3].copy(),
        labels=np.array([int(row[6]) for row in rows], dtype=np.uint8),
        clusters=np.full(len(rows), UNKNOWN_CLUSTER, dtype=np.int32),
    )
