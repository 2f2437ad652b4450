"""From the outputs of the networks to estimates of theta, Eqs. (13)-(15)."""

import torch
from torch import Tensor

from heteroagg_gui.core.theta import PAPER_CLUSTER_SIZES

HOMOGENEOUS_ABOVE = 0.5


def combined_mixing_ratio(regressed: Tensor, homogeneous: Tensor) -> Tensor:
    """Return the mixing ratio of images, section 2.3.3.

    Parameters
    ----------
    regressed
        Outputs of CNN^rho_reg, 0 to 1.
    homogeneous
        Outputs of CNN^rho_class: the probability that an aggregate is of one material.

    Returns
    -------
    Tensor
        ``regressed``, rounded to 0 or 1 where the aggregate is taken for homogeneous.
    """
    return torch.where(homogeneous > HOMOGENEOUS_ABOVE, rounded(regressed), regressed)


def rounded(values: Tensor) -> Tensor:
    """Round to the closest whole number; halves are rounded up."""
    return torch.floor(values + 0.5)


def cluster_size(outputs: Tensor) -> Tensor:
    """Return the estimate of theta_0 or theta_1, section 2.3.4: rounded, not limited."""
    return rounded(outputs)


def limited_cluster_size(outputs: Tensor) -> Tensor:
    """Return the estimate of theta_0 or theta_1 as one of the values it can have."""
    return cluster_size(outputs).clamp(min(PAPER_CLUSTER_SIZES), max(PAPER_CLUSTER_SIZES))
