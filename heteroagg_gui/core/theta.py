"""The parameter vector of the stochastic 3D model."""

from dataclasses import dataclass
from typing import Any

from heteroagg_gui.core.errors import ParameterError

WO3 = 0
TIO2 = 1

PAPER_FRACTAL_DIMENSIONS = tuple(round(1.5 + 0.1 * k, 1) for k in range(11))
PAPER_MIXING_RATIOS = tuple(round(0.1 * k, 1) for k in range(1, 10))
PAPER_CLUSTER_SIZES = (1, 2, 3, 4, 5, 6)


@dataclass(frozen=True)
class Theta:
    """Parameters theta = (theta_Df, theta_rho, theta_0, theta_1), section 2.1.1, Table 2.

    Parameters
    ----------
    fractal_dimension
        Preset fractal dimension theta_Df, between 1 and 3 (exclusive).
    mixing_ratio
        Intended number fraction theta_rho of label-0 (WO3) particles, 0 to 1.
    theta_0, theta_1
        Particles in a primary cluster of label 0 (WO3) and of label 1 (TiO2).

    Raises
    ------
    ParameterError
        If a value lies outside its range.
    """

    fractal_dimension: float
    mixing_ratio: float
    theta_0: int
    theta_1: int

    def __post_init__(self) -> None:
        if not 1.0 < self.fractal_dimension < 3.0:
            raise ParameterError(
                f"The fractal dimension {self.fractal_dimension} lies outside 1 to 3: "
                "choose a value between them."
            )
        if not 0.0 <= self.mixing_ratio <= 1.0:
            raise ParameterError(
                f"The mixing ratio {self.mixing_ratio} lies outside 0 to 1: "
                "give the number fraction of label 0."
            )
        for name in ("theta_0", "theta_1"):
            size = getattr(self, name)
            if not 1 <= size <= 1000 or size != int(size):
                raise ParameterError(
                    f"The primary cluster size {name} = {size} is not a whole number "
                    "of at least 1: give a count of particles."
                )

    def as_dict(self) -> dict[str, Any]:
        """Return the four values by name."""
        return {
            "fractal_dimension": self.fractal_dimension,
            "mixing_ratio": self.mixing_ratio,
            "theta_0": self.theta_0,
            "theta_1": self.theta_1,
        }
