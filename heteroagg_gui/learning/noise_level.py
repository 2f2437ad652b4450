"""How grainy an image is: what is left of its absolute brightness once gain is unknown.

Images are scaled to their own range, so that an aggregate of the darker material alone looks
like one of the brighter material alone, but for its shot noise: fewer electrons were counted.
"""

import torch
from torch import Tensor
from torch.nn import functional

FOREGROUND = 0.15
TRIM = 3.0
_CENTRE, _SPREAD = 0.3, 0.3
_GAUSSIAN_MEAN = 0.7978845608
"""Mean absolute value of a standard normal number."""


def noise_level(images: Tensor) -> Tensor:
    """Estimate the standard deviation of the noise on the particles.

    The second difference along both axes is zero on smooth ground; its mean magnitude on
    bright pixels measures the noise, once the edges of particles are trimmed away. On the
    square root of the intensities shot noise is the same everywhere.

    Parameters
    ----------
    images
        Square roots of scaled intensities, 0 ... 1, shape (B, 1, H, W).

    Returns
    -------
    Tensor
        Logarithm of the standard deviation in levels of 1/255, centred and scaled, shape
        (B, 1).
    """
    with torch.autocast(images.device.type, enabled=False):
        kernel = images.new_tensor([[1.0, -2.0, 1.0], [-2.0, 4.0, -2.0], [1.0, -2.0, 1.0]])
        rough = functional.conv2d(images, kernel[None, None]).abs()
    bright = images[:, :, 1:-1, 1:-1] > FOREGROUND
    values = torch.where(bright, rough, torch.nan).flatten(1)
    middle = values.nanmedian(dim=1, keepdim=True).values
    kept = torch.where(values <= TRIM * middle, values, torch.nan)
    deviation = kept.nanmean(dim=1, keepdim=True) / (6.0 * _GAUSSIAN_MEAN) * 255.0
    level = torch.log(torch.nan_to_num(deviation, nan=1.0) + 0.1)
    return (level - _CENTRE) / _SPREAD
