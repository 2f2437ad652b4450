"""From feature maps to one vector per image, weighted by where the particles are."""

import torch
from torch import Tensor
from torch.nn import functional

from heteroagg_gui.learning.targets import LARGEST_CLUSTER, STRIDE

GEOMETRY_SIZE = 14
CLUSTER_FACTS = 4 * LARGEST_CLUSTER


def weighted_mean(features: Tensor, weights: Tensor) -> Tensor:
    """Average features with weights; shapes (B, C, H, W) and (B, K, H, W) to (B, K * C)."""
    flat_features = features.flatten(2)
    flat_weights = weights.flatten(2)
    flat_weights = flat_weights / (flat_weights.sum(dim=2, keepdim=True) + 1e-3)
    return torch.einsum("bkn,bcn->bkc", flat_weights, flat_features).flatten(1)


def geometry(densities: Tensor, pixel_size_nm: float) -> Tensor:
    """Describe predicted densities by counts and sizes.

    Parameters
    ----------
    densities
        Shape (B, 5, H, W): particle and contact densities in the order of
        :data:`~heteroagg_gui.learning.targets.MAPS`.
    pixel_size_nm
        Edge of an image pixel in nm.

    Returns
    -------
    Tensor
        Shape (B, 14): logarithms of the five counts and of all particles; number fraction
        of WO3; contacts per particle, hetero-contacts per particle; logarithms of the
        projected radii of gyration of all particles and of each material, of the ratio of
        the principal radii, and the slope log N / log R.
    """
    counts = densities.sum(dim=(2, 3))
    particles = counts[:, 0] + counts[:, 1]
    contacts = counts[:, 2:].sum(dim=1)
    everything = densities[:, :2].sum(dim=1)
    radius, ratio = _gyration(everything, pixel_size_nm)
    radius_wo3, _ = _gyration(densities[:, 0], pixel_size_nm)
    radius_tio2, _ = _gyration(densities[:, 1], pixel_size_nm)
    logarithms = torch.log1p(counts)
    log_radius = torch.log(radius / 24.0 + 0.1)
    columns = [
        torch.log1p(particles),
        counts[:, 0] / (particles + 1.0),
        contacts / (particles + 1.0),
        counts[:, 4] / (particles + 1.0),
        log_radius,
        torch.log(radius_wo3 / 24.0 + 0.1),
        torch.log(radius_tio2 / 24.0 + 0.1),
        torch.log(ratio),
        torch.log1p(particles) / (2.0 + log_radius),
    ]
    return torch.cat([logarithms, torch.stack(columns, dim=1)], dim=1)


def cluster_facts(densities: Tensor, cluster_sizes: Tensor) -> Tensor:
    """Count the particles in observable clusters of every size.

    Parameters
    ----------
    densities
        Shape (B, 5, H, W), as for :func:`geometry`.
    cluster_sizes
        Probabilities of the size of the observable cluster at every place, shape
        (B, 2, 7, H, W), for WO3 and TiO2.

    Returns
    -------
    Tensor
        Shape (B, 28): logarithms of the counts and their shares among the material's
        particles.
    """
    counts = torch.einsum("bmhw,bmkhw->bmk", densities[:, :2], cluster_sizes)
    shares = counts / (counts.sum(dim=2, keepdim=True) + 1.0)
    return torch.cat([torch.log1p(counts).flatten(1), shares.flatten(1)], dim=1)


def _gyration(density: Tensor, pixel_size_nm: float) -> tuple[Tensor, Tensor]:
    """Radius of gyration in nm of projected densities (B, H, W), and axis ratio."""
    cell_nm = STRIDE * pixel_size_nm
    rows = torch.arange(density.shape[1], device=density.device, dtype=density.dtype) * cell_nm
    columns = torch.arange(density.shape[2], device=density.device, dtype=density.dtype) * cell_nm
    mass = density.sum(dim=(1, 2)) + 1e-3
    by_row, by_column = density.sum(dim=2), density.sum(dim=1)
    row_mean = (by_row * rows).sum(dim=1) / mass
    column_mean = (by_column * columns).sum(dim=1) / mass
    row_offset = rows[None] - row_mean[:, None]
    column_offset = columns[None] - column_mean[:, None]
    row_variance = (by_row * row_offset**2).sum(dim=1) / mass
    column_variance = (by_column * column_offset**2).sum(dim=1) / mass
    crossed = torch.einsum("bij,bi,bj->b", density, row_offset, column_offset) / mass
    total = row_variance + column_variance
    difference = torch.sqrt((row_variance - column_variance) ** 2 + 4 * crossed**2 + 1e-6)
    ratio = (total + difference + 1.0) / (total - difference + 1.0).clamp_min(1.0)
    return torch.sqrt(total + 1e-6), torch.sqrt(ratio)


def coarsen(weights: Tensor, size: tuple[int, int]) -> Tensor:
    """Bring density maps to a coarser grid of features, keeping their shape."""
    return functional.adaptive_avg_pool2d(weights, size)
