"""Descriptions of sets of images, made in parts so that an interruption costs little."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import torch

from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.makers import IN_THIS_PROCESS, Makers
from heteroagg_gui.learning.set_data import (
    Describer,
    ImageSets,
    Row,
    SetTable,
    described_sets,
    load_table,
    save_table,
    table_of,
)

IMAGES_OF_A_PART = 600


def kept_tables(
    describers: Sequence[Describer],
    sets: ImageSets,
    folder: Path,
    *,
    makers: Makers = IN_THIS_PROCESS,
    device: str = "cpu",
    progress: Progress = no_progress,
) -> list[SetTable]:
    """Describe sets of images by each of some trunks; what is finished already is kept.

    Parameters
    ----------
    describers, sets, makers, device
        As for :func:`~heteroagg_gui.learning.set_data.described_sets`.
    folder
        Where the tables are kept. Its name must tell which sets and describers they are of.
    progress
        Receives the share of sets done.

    Returns
    -------
    list of SetTable
        One for each describer.
    """
    numbers = range(len(describers))
    ends = _ends(len(sets), sets.per_set)
    kept = 0
    while kept < len(ends) and all(_path(folder, kept, number).exists() for number in numbers):
        kept += 1
    first = ends[kept - 1] if kept else 0
    if kept < len(ends):
        rows: list[list[Row]] = []
        made = described_sets(describers, sets, first=first, makers=makers, device=device)
        with closing(made):
            for done, row in enumerate(made, start=first + 1):
                rows.append(row)
                if done == ends[kept]:
                    _keep(rows, sets.thetas[done - len(rows) : done], folder, kept)
                    kept, rows = kept + 1, []
                progress(done / len(sets), "Describing images")
    progress(1.0, "Describing images")
    return [
        _joined([load_table(_path(folder, part, number)) for part in range(len(ends))])
        for number in numbers
    ]


def _keep(rows: list[list[Row]], thetas: Sequence[Theta], folder: Path, part: int) -> None:
    for number, own in enumerate(zip(*rows, strict=True)):
        save_table(table_of(own, thetas), _path(folder, part, number))


def _ends(sets: int, per_set: int) -> list[int]:
    step = max(1, IMAGES_OF_A_PART // per_set)
    return [*range(step, sets, step), sets]


def _path(folder: Path, part: int, number: int) -> Path:
    return folder / f"{part:05}-{number}.safetensors"


def _joined(tables: list[SetTable]) -> SetTable:
    names = [field.name for field in fields(SetTable)]
    return SetTable(*(torch.cat([getattr(table, name) for table in tables]) for name in names))
