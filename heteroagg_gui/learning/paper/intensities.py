"""What the networks read of an image: sections 2.2.2 and 2.3.5."""

import torch
from torch import Tensor

STORED_LEVELS = 255
LEVELS = 256
DARKEST = -0.5
INVERSION_THRESHOLD = 0.001


def decode(levels: Tensor, full_scale: Tensor) -> Tensor:
    """Return intensities in fractions of the incident beam.

    Parameters
    ----------
    levels
        Stored bytes, shape (B, H, W): the square root of the intensity, scaled to 255.
    full_scale
        Intensity of level 255, shape (B,).
    """
    return full_scale[:, None, None] * (levels.float() / STORED_LEVELS).square()


def encode(intensities: Tensor) -> tuple[Tensor, Tensor]:
    """Undo :func:`decode` as well as 256 levels can; negative intensities become 0."""
    positive = intensities.clamp_min(0.0)
    full_scale = positive.amax(dim=(1, 2))
    share = positive / full_scale.clamp_min(torch.finfo(torch.float32).tiny)[:, None, None]
    return torch.round(share.sqrt() * STORED_LEVELS).to(torch.uint8), full_scale


def invert(intensities: Tensor, threshold: float = INVERSION_THRESHOLD) -> Tensor:
    """Replace the intensity of what is no background by its inverse, section 2.3.5.

    Parameters
    ----------
    intensities
        Fractions of the incident beam.
    threshold
        Largest intensity t of the background; t itself stays.
    """
    return torch.where(intensities > threshold, 1.0 / intensities, intensities)


def scale(intensities: Tensor) -> Tensor:
    """Scale each image linearly to [-0.5, 0.5] and round to 256 levels, section 2.2.2.

    Parameters
    ----------
    intensities
        Shape (B, H, W). An image of one value becomes -0.5 everywhere.
    """
    low = intensities.amin(dim=(1, 2), keepdim=True)
    range_ = intensities.amax(dim=(1, 2), keepdim=True) - low
    share = (intensities - low) / range_.clamp_min(torch.finfo(torch.float32).tiny)
    return torch.round(share * (LEVELS - 1)) / (LEVELS - 1) + DARKEST


def network_images(levels: Tensor, full_scale: Tensor, *, inverted: bool) -> Tensor:
    """Turn stored bytes, shape (B, H, W), into what a network reads, likewise."""
    intensities = decode(levels, full_scale)
    return scale(invert(intensities) if inverted else intensities)
