"""A writer that fails half way leaves the old file and nothing else."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.export.obj import write_obj
from heteroagg_gui.export.particles import write_particles_csv
from heteroagg_gui.export.tiff import write_tiff
from heteroagg_gui.export.vtk import write_vtk
from heteroagg_gui.export.xyz import write_xyz
from tests.export.scenes import aggregate


class StoppedError(Exception):
    """What interrupts the writer."""


def interrupted() -> Iterator[Aggregate]:
    yield aggregate()
    raise StoppedError


def broken() -> Aggregate:
    whole = aggregate()
    return Aggregate(whole.positions_nm, whole.radii_nm, whole.labels[:-1], whole.clusters)


def test_a_population_that_ends_early(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("old")
    with pytest.raises(StoppedError):
        write_particles_csv(path, interrupted())
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("write", [write_obj, write_xyz])
def test_an_aggregate_that_breaks_the_writer(tmp_path, write: Callable[[Path, Aggregate], None]):
    path = tmp_path / "a.out"
    path.write_text("old")
    with pytest.raises(ValueError, match="zip"):
        write(path, broken())
    assert path.read_text() == "old"
    assert {other.suffix for other in tmp_path.iterdir()} <= {".out", ".mtl"}


def test_a_library_that_fails(tmp_path, monkeypatch):
    path = tmp_path / "a.tif"
    path.write_text("old")

    def fail(part: Path, *arguments: object, **options: object) -> None:
        part.write_bytes(b"half")
        raise StoppedError

    monkeypatch.setattr("tifffile.imwrite", fail)
    with pytest.raises(StoppedError):
        write_tiff(path, np.eye(8), 1.0)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("write", [write_obj, write_xyz, write_vtk])
def test_folders_are_made_and_old_files_replaced(tmp_path, write):
    path = tmp_path / "new" / "deep" / "a.out"
    write(path, aggregate(2))
    first = path.read_bytes()
    write(path, aggregate(3))
    assert path.read_bytes() != first
    assert not list(path.parent.glob(".*"))
