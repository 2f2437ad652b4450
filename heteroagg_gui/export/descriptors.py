"""Descriptors of a population of aggregates as CSV."""

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.files import replacing

WHOLE_NUMBERS = frozenset({"n_particles", "relaxed_attachments"})
"""Descriptors that count something and are written without a decimal point."""


def write_descriptors_csv(path: Path, descriptors: Mapping[str, ArrayLike]) -> None:
    """Write one row per aggregate: its number from 0, then each descriptor.

    Parameters
    ----------
    path
        The CSV file; replaced only once the new one is complete.
    descriptors
        Equally long columns by name, in order; NaN becomes an empty cell.

    Raises
    ------
    ParameterError
        If the columns differ in length.
    """
    columns = {
        name: _cells(np.asarray(values), name in WHOLE_NUMBERS)
        for name, values in descriptors.items()
    }
    lengths = {name: len(cells) for name, cells in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ParameterError(
            f"The descriptors are of different lengths ({lengths}): "
            "give one value per aggregate and descriptor."
        )
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(("aggregate", *columns)) + "\n")
        for number, cells in enumerate(zip(*columns.values(), strict=True)):
            file.write(",".join((str(number), *cells)) + "\n")


def _cells(values: np.ndarray, whole: bool) -> list[str]:
    return [_cell(value, whole) for value in values.tolist()]


def _cell(value: float, whole: bool) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if whole else repr(value)
