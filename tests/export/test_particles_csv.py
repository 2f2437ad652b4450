"""particles.csv carries every particle to the last bit."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.errors import ResourceError
from heteroagg_gui.export.particles import UNKNOWN_CLUSTER, read_particles_csv, write_particles_csv
from tests.export.scenes import aggregate

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def assert_same(found: Aggregate, expected: Aggregate) -> None:
    assert found.positions_nm.tobytes() == expected.positions_nm.tobytes()
    assert found.radii_nm.tobytes() == expected.radii_nm.tobytes()
    np.testing.assert_array_equal(found.labels, expected.labels)
    assert found.labels.dtype == np.uint8


def test_columns_and_rows(tmp_path: Path):
    path = tmp_path / "particles.csv"
    write_particles_csv(path, [aggregate(2), aggregate(3, seed=5)])
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["aggregate", "particle", "x_nm", "y_nm", "z_nm", "radius_nm", "label"]
    numbers = [(row["aggregate"], row["particle"]) for row in rows]
    assert numbers == [("0", "0"), ("0", "1"), ("1", "0"), ("1", "1"), ("1", "2")]
    last = aggregate(3, seed=5)
    assert float(rows[-1]["y_nm"]) == last.positions_nm[2, 1]
    assert float(rows[-1]["radius_nm"]) == last.radii_nm[2]
    assert {row["label"] for row in rows} <= {"0", "1"}
    assert b"\r" not in path.read_bytes()


def test_population_comes_back_bit_for_bit(tmp_path):
    population = [aggregate(count, seed=count) for count in (1, 20, 80)]
    write_particles_csv(tmp_path / "a.csv", iter(population))
    found = read_particles_csv(tmp_path / "a.csv")
    assert len(found) == 3
    for one, other in zip(found, population, strict=True):
        assert_same(one, other)
        assert (one.clusters == UNKNOWN_CLUSTER).all()


@settings(max_examples=50)
@given(numbers=arrays(np.float64, (3, 4), elements=FINITE))
def test_any_double_comes_back(numbers, tmp_path_factory):
    spheres = Aggregate(
        numbers[:, :3].copy(), numbers[:, 3].copy(), np.zeros(3, np.uint8), np.zeros(3, np.int32)
    )
    path = tmp_path_factory.getbasetemp() / "any.csv"
    write_particles_csv(path, [spheres])
    assert_same(read_particles_csv(path)[0], spheres)


def test_nothing_gives_a_header(tmp_path):
    write_particles_csv(tmp_path / "a.csv", [])
    assert read_particles_csv(tmp_path / "a.csv") == []


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "a,b\n1,2\n",
        "aggregate,particle,x_nm,y_nm,z_nm,radius_nm,label\n0,0,1,2\n",
        "aggregate,particle,x_nm,y_nm,z_nm,radius_nm,label\n0,0,1,2,3,x,0\n",
        "aggregate,particle,x_nm,y_nm,z_nm,radius_nm,label\n0,0,1,2,3,4,900\n",
    ],
)
def test_other_tables_are_refused(tmp_path, content):
    path = tmp_path / "a.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ResourceError, match=r"'a.csv' is no table of particles .*: give a CSV"):
        read_particles_csv(path)
