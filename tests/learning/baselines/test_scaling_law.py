"""The power law of Eq. (5) over many aggregates."""

import numpy as np
import pytest

from heteroagg_gui.aggregation.descriptors import describe_many
from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.aggregation.sampler import sample_aggregates
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.baselines.scaling_law import fit_scaling_law, slope


def test_the_exponent_of_an_exact_law_is_found():
    radius = np.linspace(0.5, 2.0, 20)
    assert slope(radius, 1.8 * radius) == pytest.approx(1.8)
    shifted = 1.8 * radius + 0.3
    assert slope(radius, shifted, known_prefactor=False) == pytest.approx(1.8)
    assert slope(radius, shifted) > 1.9


@pytest.mark.parametrize("dimension", [1.6, 2.0, 2.3])
def test_aggregates_of_known_dimension_obey_the_law(dimension: float):
    parameters = AggregationParameters()
    theta = Theta(dimension, 0.5, 3, 3)
    found = describe_many(sample_aggregates([theta] * 300, 5, parameters), parameters)
    radius = np.log(found["radius_of_gyration_nm"] / parameters.radius_mean_nm)
    number = np.log(found["n_particles"] / parameters.prefactor)
    assert slope(radius, number) == pytest.approx(dimension, abs=0.06)
    assert slope(radius, number, known_prefactor=False) == pytest.approx(dimension, abs=0.35)


def test_the_calibration_recovers_a_planted_law():
    rng = np.random.default_rng(1)
    particles = rng.integers(20, 81, 400).astype(float)
    dimension = rng.uniform(1.5, 2.5, 400)
    area = 12.0**2 * np.pi * particles**0.9
    number = np.log(particles / 1.3)
    gyration = 12.0 * np.exp(number / dimension - 0.2)
    law = fit_scaling_law(area, gyration, dimension, particles, 12.0)
    log_radius, log_number = law.coordinates(area, gyration)
    np.testing.assert_allclose(log_number / log_radius, dimension, atol=1e-3)
    np.testing.assert_allclose(law.particles(area, gyration), particles, rtol=1e-6)
    assert law.radius_offset == pytest.approx(0.2, abs=0.01)
    assert law.area_exponent == pytest.approx(1 / 0.9, abs=0.01)
