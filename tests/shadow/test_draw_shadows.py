"""Populations of digital shadows."""

import numpy as np
import pytest

from heteroagg_gui.aggregation.descriptors import DESCRIPTORS, describe
from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.core.errors import Cancelled, ParameterError
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.shadow.draw import draw_shadows

POINT = Theta(1.8, 0.3, 4, 2)
DRAWS = (Theta(1.7, 0.2, 1, 6), Theta(1.8, 0.3, 2, 5), Theta(1.9, 0.4, 3, 4))


def test_a_point_estimate_is_used_for_every_shadow() -> None:
    population = draw_shadows(POINT, 12, seed=1)
    assert len(population) == 12
    assert population.thetas == (POINT,) * 12
    assert population.seed == 1
    for aggregate in population.aggregates:
        sizes = np.bincount(aggregate.clusters)
        assert set(sizes.tolist()) <= {4, 2}


def test_draws_are_used_in_turn() -> None:
    population = draw_shadows(DRAWS, 7, seed=1)
    assert population.thetas == (*DRAWS, *DRAWS, DRAWS[0])
    for theta, aggregate in zip(population.thetas, population.aggregates, strict=True):
        sizes = np.bincount(aggregate.clusters)
        assert set(sizes.tolist()) <= {theta.theta_0, theta.theta_1}


def test_descriptors_belong_to_their_shadow() -> None:
    population = draw_shadows(POINT, 10, seed=2)
    assert list(population.descriptors) == [info.key for info in DESCRIPTORS]
    for index, aggregate in enumerate(population.aggregates):
        row = {key: values[index] for key, values in population.descriptors.items()}
        assert row == pytest.approx(describe(aggregate), nan_ok=True)


def test_a_population_depends_on_the_seed_but_not_on_jobs() -> None:
    first, second, other = (
        draw_shadows(DRAWS, 40, seed, jobs=jobs) for seed, jobs in ((3, 1), (3, 2), (4, 1))
    )
    for key, values in first.descriptors.items():
        assert np.array_equal(values, second.descriptors[key], equal_nan=True)
    assert not np.array_equal(first.descriptors["z_total"], other.descriptors["z_total"])


def test_the_first_shadows_stay_when_more_are_drawn() -> None:
    few, many = draw_shadows(POINT, 5, seed=5), draw_shadows(POINT, 25, seed=5)
    for short, long in zip(few.aggregates, many.aggregates[:5], strict=True):
        assert np.array_equal(short.positions_nm, long.positions_nm)


def test_parameters_reach_the_model_and_the_descriptors() -> None:
    parameters = AggregationParameters(
        radius_mean_nm=6.0, radius_sd_nm=0.0, size_range=(10, 12), contact_factor=1.05
    )
    population = draw_shadows(POINT, 8, 1, parameters)
    assert all(np.allclose(aggregate.radii_nm, 6.0) for aggregate in population.aggregates)
    assert population.descriptors["n_particles"].max() <= 12 + 3
    assert np.all(population.descriptors["z_total"] >= 2.0 * 9.0 / 10.0)


def test_progress_is_passed_on_and_may_cancel() -> None:
    reports: list[float] = []
    draw_shadows(POINT, 30, 1, progress=lambda fraction, _: reports.append(fraction))
    assert reports[-1] == 1.0

    def cancel(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        draw_shadows(POINT, 30, 1, progress=cancel)


@pytest.mark.parametrize(
    ("thetas", "count", "seed", "jobs"),
    [((), 5, 1, 1), (POINT, 0, 1, 1), (POINT, 5, -1, 1), (POINT, 5, 1, 0)],
)
def test_senseless_requests_are_refused(
    thetas: Theta | tuple[Theta, ...], count: int, seed: int, jobs: int
) -> None:
    with pytest.raises(ParameterError) as refusal:
        draw_shadows(thetas, count, seed, jobs=jobs)
    assert str(refusal.value).endswith(".")
