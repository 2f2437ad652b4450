"""Dense targets and per-image quantities of training examples."""

import numpy as np
import pytest

from heteroagg_gui.aggregation.contacts import contact_pairs
from heteroagg_gui.aggregation.descriptors import describe
from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.aggregation.sampler import sample_aggregate
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.examples import (
    NETWORK_PIXEL_NM,
    QUANTITIES,
    image_stream,
    make_example,
    quantities_of,
)
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.targets import MAPS, STRIDE, density_maps
from heteroagg_gui.stem.curves import load_curves

THETA = Theta(1.8, 0.4, 3, 2)


def test_maps_sum_to_what_they_count() -> None:
    aggregate = sample_aggregate(THETA, image_stream(1, 0), AggregationParameters())
    centre = aggregate.positions_nm.mean(axis=0)
    rows, columns = (aggregate.positions_nm - centre)[:, :2].T / NETWORK_PIXEL_NM + 150
    maps = density_maps(aggregate, rows, columns, (300, 300))
    pairs = contact_pairs(aggregate)
    kinds = np.sort(aggregate.labels[pairs], axis=1)
    expected = {
        "wo3": (aggregate.labels == 0).sum(),
        "tio2": (aggregate.labels == 1).sum(),
        "contacts_wo3": (kinds == [0, 0]).all(axis=1).sum(),
        "contacts_tio2": (kinds == [1, 1]).all(axis=1).sum(),
        "contacts_hetero": (kinds == [0, 1]).all(axis=1).sum(),
    }
    assert expected["contacts_hetero"] > 0
    for name, plane in zip(MAPS, maps, strict=True):
        assert plane.sum() == pytest.approx(expected[name], abs=1e-3), name


def test_a_particle_at_the_border_is_counted_whole() -> None:
    aggregate = sample_aggregate(THETA, image_stream(1, 1), AggregationParameters())
    corner = np.zeros(len(aggregate))
    maps = density_maps(aggregate, corner, corner, (64, 64))
    assert maps[:2].sum() == pytest.approx(len(aggregate), abs=1e-3)


def test_densities_lie_where_the_particles_are_bright() -> None:
    """Weighted by density, the image is far brighter than on average."""
    curves = load_curves()
    for index in range(5):
        rng = image_stream(2, index)
        example = make_example(THETA, TrainingRanges(), curves, rng, with_maps=True)
        assert example.maps is not None
        particles = example.maps[:2].sum(axis=0)
        spread = np.repeat(np.repeat(particles, STRIDE, axis=0), STRIDE, axis=1)
        height, width = example.levels.shape
        weights = spread[:height, :width]
        bright = (weights * example.levels).sum() / weights.sum()
        assert bright > 1.6 * example.levels.mean()
        flipped = weights[:, ::-1]
        assert bright > (flipped * example.levels).sum() / flipped.sum()


def test_quantities_are_the_descriptors() -> None:
    aggregate = sample_aggregate(THETA, image_stream(1, 2), AggregationParameters())
    values = dict(zip(QUANTITIES, quantities_of(aggregate, THETA), strict=True))
    truth = describe(aggregate)
    assert values["fractal_dimension"] == pytest.approx(truth["fractal_dimension"], rel=1e-6)
    assert np.exp(values["log_s_tio2"]) == pytest.approx(truth["s_tio2"], rel=1e-5)
    assert np.exp(values["log_n_particles"]) == pytest.approx(truth["n_particles"], rel=1e-5)
    assert values["theta_mixing_ratio"] == pytest.approx(0.4)


def test_an_example_depends_on_its_stream_alone() -> None:
    curves = load_curves()
    first, again, other = (
        make_example(THETA, TrainingRanges(), curves, image_stream(3, k), with_maps=False)
        for k in (0, 0, 1)
    )
    np.testing.assert_array_equal(first.levels, again.levels)
    assert first.levels.shape != other.levels.shape or (first.levels != other.levels).any()


def test_training_ranges_are_filled_evenly() -> None:
    ranges = TrainingRanges()
    thetas = [ranges.draw_theta(image_stream(4, k)) for k in range(3000)]
    dimension = np.array([t.fractal_dimension for t in thetas])
    assert dimension.min() < 1.41
    assert dimension.max() > 2.59
    assert dimension.mean() == pytest.approx(2.0, abs=0.03)
    sizes = np.bincount([t.theta_0 for t in thetas], minlength=7)[1:]
    assert np.abs(sizes - 500).max() < 6 * np.sqrt(500)


def test_only_a_share_of_the_images_has_other_conditions() -> None:
    ranges = TrainingRanges()
    drawn = [ranges.draw_conditions(image_stream(5, k)) for k in range(2000)]
    varied = [(m, p) for m, p in drawn if p != ranges.pixel_size_nm]
    assert len(varied) / 2000 == pytest.approx(ranges.varied, abs=0.04)
    doses = [m.dose_e_per_a2 for m, _ in varied]
    assert min(doses) >= 50.0
    assert max(doses) <= 1000.0
    assert all(m == ranges.microscope for m, p in drawn if p == ranges.pixel_size_nm)


def test_fixed_sizes_take_nothing_from_the_random_numbers() -> None:
    ranges, rng = TrainingRanges(), image_stream(6, 0)
    assert ranges.draw_aggregation(rng) is ranges.aggregation
    assert rng.random() == image_stream(6, 0).random()


def test_sizes_of_particles_and_aggregates_fill_their_ranges() -> None:
    ranges = TrainingRanges(
        radius_means_nm=(5.0, 20.0), radius_relative_sds=(0.1, 0.4), largest_sizes=(10, 150)
    )
    drawn = [ranges.draw_aggregation(image_stream(7, k)) for k in range(2000)]
    logs = np.log([d.radius_mean_nm for d in drawn])
    assert logs.mean() == pytest.approx(np.log(10.0), abs=6 * 0.4 / np.sqrt(2000))
    assert (logs.min(), logs.max()) == pytest.approx((np.log(5.0), np.log(20.0)), abs=0.01)
    shares = np.array([d.radius_sd_nm / d.radius_mean_nm for d in drawn])
    assert (shares.min(), shares.max()) == pytest.approx((0.1, 0.4), abs=0.003)
    largest = [d.size_range[1] for d in drawn]
    assert (min(largest), max(largest)) == (10, 150)
    assert {d.size_range[0] for d in drawn} == {*range(10, 20), 20}
