"""Descriptors by hand, and against an implementation that shares no code."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import pdist, squareform
from scipy.spatial.transform import Rotation

from heteroagg_gui.aggregation.descriptors import DESCRIPTORS, describe, describe_many
from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.aggregation.sampler import (
    aggregate_generator,
    sample_aggregate,
    sample_aggregates,
)
from heteroagg_gui.core.aggregate import Aggregate, Relaxations
from heteroagg_gui.core.theta import Theta

KEYS = [
    "n_particles",
    "fractal_dimension",
    "mixing_ratio",
    "radius_of_gyration_nm",
    "s_tio2",
    "s_wo3",
    "z_hetero",
    "z_total",
    "relaxed_attachments",
]


def _aggregate(
    positions: list[tuple[float, float, float]], radii: list[float], labels: list[int]
) -> Aggregate:
    return Aggregate(
        np.array(positions, float),
        np.array(radii, float),
        np.array(labels, np.uint8),
        np.arange(len(radii), dtype=np.int32),
        Relaxations(attachments=9, touching=2, nearer=1, farther=4),
    )


def test_descriptors_are_the_agreed_columns() -> None:
    assert [info.key for info in DESCRIPTORS] == KEYS
    assert all(info.title and info.help for info in DESCRIPTORS)
    pair = _aggregate([(0, 0, 0), (20, 0, 0)], [10, 10], [0, 1])
    assert list(describe(pair)) == KEYS
    assert all(type(value) is float for value in describe(pair).values())


def test_unequal_dimer() -> None:
    found = describe(_aggregate([(1, 2, 3), (1, 2, 33)], [10, 20], [0, 1]))
    gyration = math.sqrt(1 * 8) / 9 * 30
    assert found["radius_of_gyration_nm"] == pytest.approx(gyration)
    assert found["fractal_dimension"] == pytest.approx(math.log(2 / 1.3) / math.log(gyration / 15))
    assert found["n_particles"] == 2
    assert found["mixing_ratio"] == 0.5
    assert (found["s_tio2"], found["s_wo3"]) == (1, 1)
    assert (found["z_hetero"], found["z_total"]) == (1, 1)
    assert found["relaxed_attachments"] == 7


def test_triangle() -> None:
    height = 10 * math.sqrt(3)
    found = describe(_aggregate([(0, 0, 0), (20, 0, 0), (10, height, 0)], [10, 10, 10], [0, 0, 1]))
    assert found["radius_of_gyration_nm"] == pytest.approx(20 / math.sqrt(3))
    assert found["fractal_dimension"] == pytest.approx(
        math.log(3 / 1.3) / math.log(2 / math.sqrt(3))
    )
    assert found["mixing_ratio"] == pytest.approx(2 / 3)
    assert (found["s_tio2"], found["s_wo3"]) == (1, 2)
    assert found["z_hetero"] == pytest.approx(4 / 3)
    assert found["z_total"] == pytest.approx(2)


def test_chain_of_six() -> None:
    positions = [(20.0 * k, 0.0, 0.0) for k in range(6)]
    found = describe(_aggregate(positions, [10] * 6, [0, 0, 1, 1, 1, 0]))
    assert found["radius_of_gyration_nm"] == pytest.approx(20 * math.sqrt(35 / 12))
    assert (found["s_tio2"], found["s_wo3"]) == (3, 1.5)
    assert found["z_hetero"] == pytest.approx(2 * 2 / 6)
    assert found["z_total"] == pytest.approx(2 * 5 / 6)


def test_materials_do_not_weigh_differently() -> None:
    positions: list[tuple[float, float, float]] = [(0, 0, 0), (20, 0, 0), (40, 0, 0)]
    gyrations = [
        describe(_aggregate(positions, [10] * 3, labels))["radius_of_gyration_nm"]
        for labels in ([0, 0, 0], [0, 1, 1], [1, 1, 1])
    ]
    assert gyrations == pytest.approx([gyrations[0]] * 3)


@pytest.mark.parametrize(
    ("label", "absent", "present"), [(0, "s_tio2", "s_wo3"), (1, "s_wo3", "s_tio2")]
)
def test_clusters_of_an_absent_material_have_no_mean_size(
    label: int, absent: str, present: str
) -> None:
    found = describe(_aggregate([(0, 0, 0), (0, 20, 0)], [10, 10], [label, label]))
    assert math.isnan(found[absent])
    assert found[present] == 2
    assert found["mixing_ratio"] == 1 - label


def test_fractal_dimension_is_missing_where_equation_5_has_no_solution() -> None:
    assert math.isnan(describe(_aggregate([(0, 0, 0)], [10], [0]))["fractal_dimension"])
    equal = _aggregate([(0, 0, 0), (20, 0, 0)], [10, 10], [0, 1])
    assert math.isnan(describe(equal)["fractal_dimension"])


def test_prefactor_and_contact_factor_can_be_chosen() -> None:
    loose = _aggregate([(0, 0, 0), (33, 0, 0)], [10, 20], [0, 1])
    assert describe(loose)["z_total"] == 0
    parameters = AggregationParameters(prefactor=1.1, contact_factor=1.2)
    found = describe(loose, parameters)
    assert found["z_total"] == 1
    gyration = math.sqrt(8) / 9 * 33
    assert found["fractal_dimension"] == pytest.approx(math.log(2 / 1.1) / math.log(gyration / 15))


def _mean_size(touch: NDArray[np.bool_], members: NDArray[np.bool_]) -> float:
    clusters = connected_components(csr_array(touch[np.ix_(members, members)]))[0]
    return float(members.sum() / clusters) if clusters else math.nan


def _independently(aggregate: Aggregate) -> dict[str, float]:
    positions, radii = aggregate.positions_nm, aggregate.radii_nm
    labels = aggregate.labels
    n = len(radii)
    touch = squareform(pdist(positions)) <= 1.01 * np.add.outer(radii, radii)
    np.fill_diagonal(touch, False)
    mass = radii**3
    squares = squareform(pdist(positions, "sqeuclidean"))
    gyration = math.sqrt(float(mass @ squares @ mass) / 2.0) / float(mass.sum())
    hetero = touch & np.not_equal.outer(labels, labels)
    return {
        "n_particles": n,
        "fractal_dimension": math.log(n / 1.3) / math.log(gyration / float(radii.mean())),
        "mixing_ratio": (labels == 0).mean(),
        "radius_of_gyration_nm": gyration,
        "s_tio2": _mean_size(touch, labels == 1),
        "s_wo3": _mean_size(touch, labels == 0),
        "z_hetero": hetero.sum(axis=1).mean(),
        "z_total": touch.sum(axis=1).mean(),
        "relaxed_attachments": aggregate.relaxations.relaxed,
    }


@settings(max_examples=60, deadline=None)
@given(
    theta=st.builds(
        Theta,
        fractal_dimension=st.floats(1.5, 2.5),
        mixing_ratio=st.floats(0.0, 1.0),
        theta_0=st.integers(1, 6),
        theta_1=st.integers(1, 6),
    ),
    seed=st.integers(0, 2**32),
)
def test_descriptors_agree_with_an_independent_implementation(theta: Theta, seed: int) -> None:
    aggregate = sample_aggregate(theta, aggregate_generator(seed, 0), AggregationParameters())
    assert describe(aggregate) == pytest.approx(_independently(aggregate), rel=1e-9, nan_ok=True)


def test_descriptors_do_not_depend_on_place_and_orientation() -> None:
    for aggregate in sample_aggregates([Theta(1.8, 0.4, 3, 2)] * 5, 3, AggregationParameters()):
        turned = Rotation.from_rotvec([0.3, -1.2, 2.0]).apply(aggregate.positions_nm)
        moved = Aggregate(
            turned + np.array([100.0, -20.0, 7.0]),
            aggregate.radii_nm,
            aggregate.labels,
            aggregate.clusters,
            aggregate.relaxations,
        )
        assert describe(moved) == pytest.approx(describe(aggregate), rel=1e-9)


def test_a_population_is_described_row_by_row() -> None:
    aggregates = sample_aggregates([Theta(1.8, 0.1, 2, 2)] * 20, 4, AggregationParameters())
    columns = describe_many(aggregates)
    assert list(columns) == KEYS
    for index, aggregate in enumerate(aggregates):
        row = {key: values[index] for key, values in columns.items()}
        assert row == pytest.approx(describe(aggregate), nan_ok=True)
    assert describe_many([])["z_total"].shape == (0,)
