"""Every aggregate is a valid realisation of the model, whatever theta."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import pdist, squareform

from heteroagg_gui.aggregation import sampler
from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.aggregation.sampler import (
    aggregate_generator,
    sample_aggregate,
    sample_aggregates,
    sample_with_counts,
)
from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.errors import Cancelled, ParameterError
from heteroagg_gui.core.theta import Theta

USUAL = AggregationParameters()

thetas = st.builds(
    Theta,
    fractal_dimension=st.floats(1.2, 2.6),
    mixing_ratio=st.floats(0.0, 1.0),
    theta_0=st.integers(1, 6),
    theta_1=st.integers(1, 6),
)
settings_of_the_model = st.builds(
    AggregationParameters,
    radius_mean_nm=st.floats(3.0, 50.0),
    radius_sd_nm=st.floats(0.0, 2.0),
    size_range=st.tuples(st.integers(1, 30), st.integers(30, 80)),
    prefactor=st.floats(1.0, 1.6),
    contact_factor=st.sampled_from([1.005, 1.01, 1.05]),
)
seeds = st.integers(0, 2**63)


def _distances(aggregate: Aggregate) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return centre distances and sums of radii of all pairs, as numpy computes them."""
    positions, radii = aggregate.positions_nm, aggregate.radii_nm
    difference = positions[:, None] - positions[None]
    i, j = np.triu_indices(len(radii), 1)
    return np.sqrt((difference**2).sum(axis=-1))[i, j], (radii[:, None] + radii[None])[i, j]


def _components(aggregate: Aggregate, chosen: NDArray[np.bool_], contact_factor: float) -> int:
    touch = squareform(_distances(aggregate)[0]) <= contact_factor * (
        aggregate.radii_nm[:, None] + aggregate.radii_nm[None]
    )
    return int(connected_components(csr_array(touch[np.ix_(chosen, chosen)]))[0])


@settings(max_examples=150, deadline=None)
@given(theta=thetas, parameters=settings_of_the_model, seed=seeds)
def test_particles_neither_overlap_nor_fall_apart(
    theta: Theta, parameters: AggregationParameters, seed: int
) -> None:
    aggregate = sample_aggregate(theta, aggregate_generator(seed, 0), parameters)
    distances, reach = _distances(aggregate)
    assert np.all(distances >= reach)
    assert np.all(pdist(aggregate.positions_nm) >= reach)
    everything = np.ones(len(aggregate), bool)
    assert _components(aggregate, everything, parameters.contact_factor) == 1
    assert aggregate.positions_nm.mean(axis=0) == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(theta=thetas, seed=seeds)
def test_primary_clusters_are_whole_homogeneous_and_connected(theta: Theta, seed: int) -> None:
    aggregate = sample_aggregate(theta, aggregate_generator(seed, 0), USUAL)
    sizes = np.bincount(aggregate.clusters)
    for cluster, size in enumerate(sizes):
        members = aggregate.clusters == cluster
        (label,) = set(aggregate.labels[members].tolist())
        assert size == (theta.theta_0, theta.theta_1)[label]
        assert _components(aggregate, members, USUAL.contact_factor) == 1
    assert np.all(np.diff(aggregate.clusters) >= 0)
    assert len(aggregate) >= 20
    assert len(aggregate) - sizes[-1] < 80


@settings(max_examples=100, deadline=None)
@given(theta=thetas, seed=seeds)
def test_every_placement_is_counted_once(theta: Theta, seed: int) -> None:
    aggregate, counts = sample_with_counts(theta, aggregate_generator(seed, 0), USUAL)
    sizes = np.bincount(aggregate.clusters)
    record = aggregate.relaxations
    assert counts.sum(axis=1).tolist() == [(sizes - 1).sum(), len(sizes) - 1]
    assert record.attachments == len(aggregate) - 1
    assert record.relaxed == counts[:, 1:].sum()
    lone_pairs = np.count_nonzero(sizes > 1) + (sizes[:2].tolist() == [1, 1])
    assert record.touching == lone_pairs


def test_arrays_have_the_agreed_types() -> None:
    aggregate = sample_aggregate(Theta(1.8, 0.4, 3, 2), aggregate_generator(1, 0), USUAL)
    n = len(aggregate)
    assert [
        (str(array.dtype), array.shape)
        for array in (
            aggregate.positions_nm,
            aggregate.radii_nm,
            aggregate.labels,
            aggregate.clusters,
        )
    ] == [("float64", (n, 3)), ("float64", (n,)), ("uint8", (n,)), ("int32", (n,))]


def test_two_lone_particles_touch_and_say_so() -> None:
    pair = AggregationParameters(size_range=(2, 2))
    aggregate = sample_aggregate(Theta(2.0, 0.5, 1, 1), aggregate_generator(5, 0), pair)
    distances, reach = _distances(aggregate)
    assert distances == pytest.approx(reach, rel=2e-6)
    assert (aggregate.relaxations.attachments, aggregate.relaxations.touching) == (1, 1)


def test_a_third_particle_at_low_dimension_stands_as_far_out_as_contact_allows() -> None:
    three = AggregationParameters(size_range=(3, 3), radius_sd_nm=0.0)
    aggregate = sample_aggregate(Theta(1.5, 0.5, 1, 1), aggregate_generator(5, 0), three)
    assert aggregate.relaxations.nearer == 1
    distances, _ = _distances(aggregate)
    assert sorted(distances) == pytest.approx([24.0, 24.24, 48.24], rel=1e-5)


def test_dense_packings_are_relaxed_outwards_and_stay_valid() -> None:
    small = AggregationParameters(size_range=(20, 20))
    theta = Theta(2.9, 0.5, 3, 4)
    aggregates = sample_aggregates([theta] * 10, 1, small)
    assert sum(aggregate.relaxations.farther for aggregate in aggregates) > 0
    for aggregate in aggregates:
        distances, reach = _distances(aggregate)
        assert np.all(distances >= reach)
        assert _components(aggregate, np.ones(len(aggregate), bool), 1.01) == 1


def test_unrelaxed_placements_meet_equation_8_exactly() -> None:
    """With equal masses and the mean radius, D_f is the preset value after the last one."""
    for index, dimension in enumerate((1.9, 2.0, 2.2, 2.5)):
        theta = Theta(dimension, 0.5, 1, 1)
        aggregate, counts = sample_with_counts(theta, aggregate_generator(2, index), USUAL)
        assert counts[1, 1:].sum() <= 2
        moment = (aggregate.positions_nm**2).sum() / len(aggregate)
        ratio = np.sqrt(moment) / aggregate.radii_nm.mean()
        assert np.log(len(aggregate) / 1.3) / np.log(ratio) == pytest.approx(dimension, rel=1e-9)


@pytest.mark.parametrize(("ratio", "label"), [(0.0, 1), (1.0, 0)])
def test_pure_aggregates(ratio: float, label: int) -> None:
    aggregate = sample_aggregate(Theta(1.8, ratio, 2, 3), aggregate_generator(1, 0), USUAL)
    assert set(aggregate.labels.tolist()) == {label}


def test_a_single_particle_is_an_aggregate() -> None:
    one = AggregationParameters(size_range=(1, 1))
    aggregate = sample_aggregate(Theta(1.8, 0.5, 1, 1), aggregate_generator(1, 0), one)
    assert aggregate.positions_nm.tolist() == [[0.0, 0.0, 0.0]]
    assert aggregate.relaxations.attachments == 0


def _same(first: Aggregate, second: Aggregate) -> bool:
    return (
        np.array_equal(first.positions_nm, second.positions_nm)
        and np.array_equal(first.radii_nm, second.radii_nm)
        and np.array_equal(first.labels, second.labels)
        and np.array_equal(first.clusters, second.clusters)
        and first.relaxations == second.relaxations
    )


def test_an_aggregate_depends_on_seed_and_index_alone() -> None:
    vectors = [Theta(1.5 + 0.1 * (k % 11), 0.5, 1 + k % 6, 1 + k % 4) for k in range(50)]
    serial = sample_aggregates(vectors, 7, USUAL, jobs=1)
    parallel = sample_aggregates(vectors, 7, USUAL, jobs=2)
    assert len(serial) == len(vectors)
    assert all(map(_same, serial, parallel))
    assert _same(serial[23], sample_aggregate(vectors[23], aggregate_generator(7, 23), USUAL))
    assert not _same(serial[0], sample_aggregates(vectors, 8, USUAL)[0])
    first, second = sample_aggregates(vectors[:1] * 2, 7, USUAL)
    assert not np.array_equal(first.radii_nm[:10], second.radii_nm[:10])


@pytest.mark.parametrize("jobs", [1, 2])
def test_progress_rises_to_one(jobs: int) -> None:
    reports: list[float] = []
    sample_aggregates(
        [Theta(1.8, 0.5, 1, 1)] * 30, 1, USUAL, jobs, lambda fraction, _: reports.append(fraction)
    )
    assert len(reports) > 3
    assert reports == sorted(reports)
    assert reports[-1] == 1.0


@pytest.mark.parametrize("jobs", [1, 2])
def test_cancelling_ends_the_drawing(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = 0

    def count(*args: object) -> Aggregate:
        nonlocal drawn
        drawn += 1
        return sample_aggregate(*args)  # type: ignore[arg-type]

    def cancel(fraction: float, message: str) -> None:
        raise Cancelled

    monkeypatch.setattr(sampler, "sample_aggregate", count)
    with pytest.raises(Cancelled) as kept:
        sample_aggregates([Theta(1.8, 0.5, 1, 1)] * 2000, 1, USUAL, jobs, cancel)
    at_once = drawn
    time.sleep(0.2)
    assert kept.traceback
    assert 0 < at_once == drawn < 1000


@pytest.mark.parametrize(("seed", "jobs"), [(-1, 1), (1, 0)])
def test_senseless_requests_are_refused(seed: int, jobs: int) -> None:
    with pytest.raises(ParameterError):
        sample_aggregates([Theta(1.8, 0.5, 1, 1)], seed, USUAL, jobs)


def test_no_vectors_give_no_aggregates() -> None:
    assert sample_aggregates([], 1, USUAL) == []


def test_a_cluster_that_does_not_fit_is_grown_anew_before_the_law_is_relaxed() -> None:
    """Two dimers meet Eq. (8) at D_f = 1.4 only if they happen to line up: half the time."""
    two_dimers = AggregationParameters(size_range=(4, 4))
    theta = Theta(1.4, 0.5, 2, 2)
    exact = sum(
        sample_with_counts(theta, aggregate_generator(1, index), two_dimers)[1][1, 0]
        for index in range(300)
    )
    assert exact > 0.85 * 300
