"""Fractal dimension from N = k_f (R_g / a)^D_f, Eq. (5), with N and R_g read off projections.

The classical way to measure the fractal dimension of aerosol aggregates from micrographs:
the projected area tells the number of particles, the outline the radius of gyration, and the
number grows with the radius like a power law over many aggregates.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class ScalingLaw:
    """Calibrated relation between a projection and the power law of Eq. (5).

    Parameters
    ----------
    mean_radius_nm
        Mean particle radius a in nm.
    prefactor, area_exponent
        ``log(N / k_f)`` is ``prefactor + area_exponent log(area / (pi a^2))``.
    radius_offset
        ``log(R_g / a)`` is ``radius_offset`` plus the logarithm of the projected radius of
        gyration over a.
    count
        Coefficients of 1, ``log(area / (pi a^2))`` and ``log(R / a)`` for ``log(N)``.
    """

    mean_radius_nm: float
    prefactor: float
    area_exponent: float
    radius_offset: float
    count: tuple[float, float, float]

    def coordinates(self, area_nm2: Reals, gyration_nm: Reals) -> tuple[Reals, Reals]:
        """Return log(R_g / a) and log(N / k_f) of each aggregate, whose ratio is D_f."""
        area, radius = reduced(area_nm2, gyration_nm, self.mean_radius_nm)
        return self.radius_offset + radius, self.prefactor + self.area_exponent * area

    def particles(self, area_nm2: Reals, gyration_nm: Reals) -> Reals:
        """Estimate the number of particles of each aggregate."""
        area, radius = reduced(area_nm2, gyration_nm, self.mean_radius_nm)
        constant, by_area, by_radius = self.count
        return np.asarray(np.exp(constant + by_area * area + by_radius * radius))


def reduced(area_nm2: Reals, gyration_nm: Reals, mean_radius_nm: float) -> tuple[Reals, Reals]:
    """Return the logarithms of area / (pi a^2) and radius of gyration / a."""
    area = np.log(area_nm2 / (np.pi * mean_radius_nm**2))
    return area, np.log(gyration_nm / mean_radius_nm)


def slope(log_radius: Reals, log_number: Reals, *, known_prefactor: bool = True) -> float:
    """Return the exponent of the power law of many aggregates, by least squares.

    Parameters
    ----------
    log_radius, log_number
        log(R_g / a) and log(N / k_f) of each aggregate, shape (n,).
    known_prefactor
        Whether the line goes through the origin; otherwise the prefactor is fitted too,
        which needs aggregates of very different sizes.
    """
    if known_prefactor:
        return float(log_radius @ log_number / (log_radius @ log_radius))
    centred = log_radius - log_radius.mean()
    return float(centred @ log_number / (centred @ centred))


def fit_scaling_law(
    area_nm2: Reals,
    gyration_nm: Reals,
    fractal_dimension: Reals,
    n_particles: Reals,
    mean_radius_nm: float,
) -> ScalingLaw:
    """Calibrate on aggregates whose structure is known.

    Parameters
    ----------
    area_nm2, gyration_nm
        Projected areas and radii of gyration, shape (n,).
    fractal_dimension, n_particles
        True D_f(A) and N, shape (n,).
    mean_radius_nm
        Mean particle radius in nm.
    """
    from scipy.optimize import least_squares

    area, radius = reduced(area_nm2, gyration_nm, mean_radius_nm)

    def error(values: Reals) -> Reals:
        constant, exponent, offset = values
        return np.asarray((constant + exponent * area) / (offset + radius) - fractal_dimension)

    found = least_squares(error, (0.0, 1.09, 0.2), loss="soft_l1", f_scale=0.1).x
    terms = np.column_stack([np.ones_like(area), area, radius])
    count = np.linalg.lstsq(terms, np.log(n_particles), rcond=None)[0]
    constant, exponent, offset = (float(value) for value in found)
    by_count = (float(count[0]), float(count[1]), float(count[2]))
    return ScalingLaw(mean_radius_nm, constant, exponent, offset, by_count)
