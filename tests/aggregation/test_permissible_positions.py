"""Positions are uniform on the permissible set, against rejection over the whole sphere."""

import math
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from heteroagg_gui.aggregation import growth

Reals = NDArray[np.float64]
SAMPLES = 6000
SMALLEST_P = 1e-3


class Case(NamedTuple):
    """Two clusters, each centred at 0, and the sphere to place the second one on."""

    a_pos: Reals
    a_rad: Reals
    c_pos: Reals
    c_rad: Reals
    distance: float
    contact_factor: float


def _centred(positions: list[tuple[float, float, float]]) -> Reals:
    array: Reals = np.array(positions, float)
    array -= array.mean(axis=0)
    return array


_TRIMER = _centred([(0, 0, 0), (21, 0, 0), (9, 19, 2)])
_TRIMER_RADII = np.array([9.0, 12.0, 11.0])
_DIMER = _centred([(0, 0, 0), (3, 14, 15)])
_DIMER_RADII = np.array([8.0, 12.0])
_LONE, _LONE_RADIUS = np.zeros((1, 3)), np.array([10.0])

CASES = {
    "particle at trimer, thin contacts": Case(
        _TRIMER, _TRIMER_RADII, _LONE, _LONE_RADIUS, 27.0, 1.01
    ),
    "particle at trimer, wide contacts": Case(
        _TRIMER, _TRIMER_RADII, _LONE, _LONE_RADIUS, 27.0, 1.3
    ),
    "dimer at trimer, wide contacts": Case(_TRIMER, _TRIMER_RADII, _DIMER, _DIMER_RADII, 30.0, 1.3),
    "two lone particles": Case(_LONE, _LONE_RADIUS, np.zeros((1, 3)), np.array([11.0]), 21.1, 1.01),
}


def _pair_ratios(case: Case, points: Reals) -> Reals:
    """Return centre distances in sums of radii, shape (points, pairs)."""
    axes = (case.a_pos[:, None] - case.c_pos[None]).reshape(-1, 3)
    reach = (case.a_rad[:, None] + case.c_rad[None]).reshape(-1)
    ratios: Reals = np.linalg.norm(points[:, None] - axes[None], axis=-1) / reach
    return ratios


def _reject_over_sphere(case: Case, rng: np.random.Generator) -> Reals:
    kept: list[Reals] = []
    while sum(map(len, kept)) < SAMPLES:
        points = rng.standard_normal((200_000, 3))
        points *= case.distance / np.linalg.norm(points, axis=1, keepdims=True)
        ratios = _pair_ratios(case, points).min(axis=1)
        kept.append(points[(ratios >= 1.0) & (ratios <= case.contact_factor)])
    return np.concatenate(kept)[:SAMPLES]


def _sample(case: Case, rng: np.random.Generator, count: int = SAMPLES) -> Reals:
    bands = np.empty((len(case.a_rad) * len(case.c_rad), growth.BAND_COLUMNS))
    points = np.empty((count, 3))
    for point in points:
        assert growth.sample_on_sphere(
            rng,
            case.a_pos,
            case.a_rad,
            case.c_pos,
            case.c_rad,
            case.distance,
            case.contact_factor,
            bands,
            point,
        )
    return points


@pytest.fixture(scope="module", params=CASES, ids=str)
def drawn(request: pytest.FixtureRequest) -> tuple[Case, Reals, Reals]:
    case = CASES[request.param]
    rng = np.random.default_rng(20)
    return case, _sample(case, rng), _reject_over_sphere(case, rng)


def test_every_position_is_permissible(drawn: tuple[Case, Reals, Reals]) -> None:
    case, sampled, _ = drawn
    nearest = _pair_ratios(case, sampled).min(axis=1)
    assert np.linalg.norm(sampled, axis=1) == pytest.approx(case.distance, rel=1e-12)
    assert nearest.min() >= 1.0
    assert nearest.max() <= case.contact_factor


def test_contacts_keep_a_millionth_clear_of_both_ends() -> None:
    case = CASES["dimer at trimer, wide contacts"]._replace(contact_factor=1.001)
    points = _sample(case, np.random.default_rng(8), 20_000)
    nearest = _pair_ratios(case, points).min(axis=1)
    assert 1.0 + 0.9e-6 < nearest.min() < 1.0 + 2e-6
    assert 1.001 - 2e-6 < nearest.max() < 1.001 - 0.9e-6


def test_height_and_azimuth_follow_the_same_law(drawn: tuple[Case, Reals, Reals]) -> None:
    _, sampled, expected = drawn
    height = [points[:, 2] for points in (sampled, expected)]
    azimuth = [np.arctan2(points[:, 1], points[:, 0]) for points in (sampled, expected)]
    assert stats.ks_2samp(*height).pvalue > SMALLEST_P
    assert stats.ks_2samp(*azimuth).pvalue > SMALLEST_P


def test_cells_of_the_sphere_are_hit_equally_often(drawn: tuple[Case, Reals, Reals]) -> None:
    case, sampled, expected = drawn
    table = []
    for points in (sampled, expected):
        height = np.floor(4.999 * (points[:, 2] / case.distance + 1.0) / 2.0)
        azimuth = np.floor(7.999 * (np.arctan2(points[:, 1], points[:, 0]) / math.tau + 0.5))
        table.append(np.bincount((8 * height + azimuth).astype(int), minlength=40))
    counts = np.array(table)[:, np.sum(table, axis=0) >= 10]
    assert stats.chi2_contingency(counts).pvalue > SMALLEST_P


def test_pairs_touch_equally_often(drawn: tuple[Case, Reals, Reals]) -> None:
    case, sampled, expected = drawn
    shares = [
        (_pair_ratios(case, points) <= case.contact_factor).mean(axis=0)
        for points in (sampled, expected)
    ]
    spread = np.sqrt(2.0 * shares[1] * (1.0 - shares[1]) / SAMPLES)
    assert np.all(np.abs(shares[0] - shares[1]) <= 4.0 * spread + 1e-3)


def test_multiple_contacts_at_once_are_common_enough_to_matter() -> None:
    case = CASES["dimer at trimer, wide contacts"]
    points = _reject_over_sphere(case, np.random.default_rng(1))
    touching = (_pair_ratios(case, points) <= case.contact_factor).sum(axis=1)
    assert (touching > 1).mean() > 0.2


@pytest.mark.parametrize("distance", [5.0, 60.0], ids=["all overlap", "out of reach"])
def test_a_sphere_without_positions_is_recognised(distance: float) -> None:
    case = CASES["particle at trimer, thin contacts"]._replace(distance=distance)
    with pytest.raises(AssertionError):
        _sample(case, np.random.default_rng(0), 1)


def test_distance_is_that_of_equation_8() -> None:
    law = (1.8, 1.3, 1.01)
    distance = growth.law_distance(_TRIMER, _TRIMER_RADII, _DIMER, _DIMER_RADII, law)
    union = np.concatenate((_TRIMER, _DIMER + np.array([distance, 0.0, 0.0])))
    gyration = math.sqrt(((union - union.mean(axis=0)) ** 2).sum() / 5)
    mean_radius = (_TRIMER_RADII.sum() + _DIMER_RADII.sum()) / 5
    assert math.log(5 / 1.3) / math.log(gyration / mean_radius) == pytest.approx(1.8, rel=1e-12)


def test_farthest_contact_is_the_largest_feasible_distance() -> None:
    case = CASES["dimer at trimer, wide contacts"]
    point = np.empty(3)
    reach = growth.farthest_contact(
        case.a_pos, case.a_rad, case.c_pos, case.c_rad, case.contact_factor, point
    )
    ratios = _pair_ratios(case, point[None])[0]
    assert np.linalg.norm(point) == pytest.approx(reach)
    assert ratios.min() >= 1.0
    assert np.count_nonzero(ratios <= case.contact_factor) == 1
    directions = np.random.default_rng(3).standard_normal((100_000, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    beyond = _pair_ratios(case, directions * reach * 1.0001)
    assert beyond.min() > case.contact_factor
