"""What the stochastic 3D model takes as given besides theta."""

import math
from dataclasses import dataclass

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.theta import Theta

LARGEST_SIZE = 10_000
SMALLEST_CONTACT_FACTOR = 1.001


@dataclass(frozen=True)
class AggregationParameters:
    """Particle sizes, aggregate sizes and the constants of Eqs. (2) and (5).

    Parameters
    ----------
    radius_mean_nm, radius_sd_nm
        Mean and standard deviation of the log-normal particle radius itself, nm.
    size_range
        Smallest and largest target number of particles; the target is uniform on it.
    prefactor
        Fractal prefactor k_f of Eq. (5).
    contact_factor
        Largest centre distance of two particles in contact, in sums of their radii, Eq. (2).

    Raises
    ------
    ParameterError
        If a value lies outside what the model is defined for.
    """

    radius_mean_nm: float = 12.0
    radius_sd_nm: float = 3.0
    size_range: tuple[int, int] = (20, 80)
    prefactor: float = 1.3
    contact_factor: float = 1.01

    def __post_init__(self) -> None:
        if not 0.0 < self.radius_mean_nm < math.inf:
            raise ParameterError(
                f"The mean radius {self.radius_mean_nm} nm is not above 0: give a length in nm."
            )
        if not 0.0 <= self.radius_sd_nm <= self.radius_mean_nm:
            raise ParameterError(
                f"The standard deviation {self.radius_sd_nm} nm of the radius lies outside 0 to "
                f"the mean radius of {self.radius_mean_nm} nm: give a value between them."
            )
        self._check_size_range()
        if not 0.0 < self.prefactor < math.inf:
            raise ParameterError(
                f"The fractal prefactor {self.prefactor} is not above 0: the usual value is 1.3."
            )
        if not SMALLEST_CONTACT_FACTOR <= self.contact_factor <= 2.0:
            raise ParameterError(
                f"The contact factor {self.contact_factor} lies outside "
                f"{SMALLEST_CONTACT_FACTOR} to 2: the usual value is 1.01."
            )

    def _check_size_range(self) -> None:
        try:
            smallest, largest = self.size_range
            whole = smallest == int(smallest) and largest == int(largest)
        except (TypeError, ValueError, OverflowError):
            whole = False
        if not whole or not 1 <= smallest <= largest <= LARGEST_SIZE:
            raise ParameterError(
                f"The size range {self.size_range} is not two whole numbers from 1 to "
                f"{LARGEST_SIZE}, smaller first: give the particles per aggregate."
            )
        object.__setattr__(self, "size_range", (int(smallest), int(largest)))

    @property
    def log_radius(self) -> tuple[float, float]:
        """Mean and standard deviation of the natural logarithm of the radius in nm."""
        variance = math.log1p((self.radius_sd_nm / self.radius_mean_nm) ** 2)
        return math.log(self.radius_mean_nm) - variance / 2.0, math.sqrt(variance)


def tio2_probability(theta: Theta) -> float:
    """Return P(L_k = 1), the probability that a primary cluster is TiO2, section 2.1.1."""
    tio2 = (1.0 - theta.mixing_ratio) * theta.theta_0
    return tio2 / (tio2 + theta.mixing_ratio * theta.theta_1)
