"""Contacts of Eq. (2) and the clusters that follow from them."""

import numpy as np
import pytest
from scipy import sparse

from heteroagg_gui.aggregation.contacts import (
    connected_components,
    contact_pairs,
    observable_clusters,
)
from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.aggregation.sampler import sample_aggregates
from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.theta import Theta


def _row(gaps: list[float], labels: list[int]) -> Aggregate:
    """Return unit spheres on a line, ``gaps`` between neighbouring centres."""
    positions = np.zeros((len(labels), 3))
    positions[1:, 0] = np.cumsum(gaps)
    count = len(labels)
    return Aggregate(
        positions, np.ones(count), np.array(labels, np.uint8), np.arange(count, dtype=np.int32)
    )


@pytest.mark.parametrize(
    ("gap", "touching"), [(2.0, True), (2.0199, True), (2.0201, False), (3.0, False)]
)
def test_contact_ends_one_percent_beyond_touching(gap: float, touching: bool) -> None:
    assert len(contact_pairs(_row([gap], [0, 1]))) == touching


def test_the_contact_factor_can_be_chosen() -> None:
    row = _row([2.3], [0, 0])
    assert len(contact_pairs(row)) == 0
    assert contact_pairs(row, 1.2).tolist() == [[0, 1]]
    assert connected_components(row, 1.2).tolist() == [0, 0]
    assert observable_clusters(row, 1.2).tolist() == [0, 0]


def test_pairs_are_listed_once_in_ascending_order() -> None:
    pairs = contact_pairs(_row([2.0, 2.0, 2.0], [0, 0, 1, 1]))
    assert pairs.dtype == np.int64
    assert pairs.tolist() == [[0, 1], [1, 2], [2, 3]]


def test_clusters_end_where_the_material_changes_or_the_contact_breaks() -> None:
    row = _row([2.0, 2.0, 2.0, 3.0, 2.0], [0, 0, 1, 0, 0, 0])
    assert observable_clusters(row).tolist() == [0, 0, 1, 2, 3, 3]
    assert connected_components(row).tolist() == [0, 0, 0, 0, 1, 1]


def test_no_contacts_is_an_empty_table() -> None:
    assert contact_pairs(_row([], [0])).shape == (0, 2)


def test_more_contacts_than_expected_are_kept() -> None:
    crowd = _row([0.0] * 39, [0] * 40)
    assert len(contact_pairs(crowd)) == 40 * 39 // 2


def test_clusters_agree_with_scipy() -> None:
    thetas = [Theta(1.5 + 0.1 * k, 0.1 + 0.08 * k, 1 + k % 6, 1 + k % 5) for k in range(11)]
    for aggregate in sample_aggregates(thetas, 2, AggregationParameters()):
        first, second = contact_pairs(aggregate).T
        same = aggregate.labels[first] == aggregate.labels[second]
        shape = (len(aggregate), len(aggregate))
        graph = sparse.coo_array((same[same], (first[same], second[same])), shape)
        expected = sparse.csgraph.connected_components(graph, directed=False)[1]
        found = observable_clusters(aggregate)
        assert len(set(zip(found, expected, strict=True))) == found.max() + 1 == expected.max() + 1
