"""Which intensities of an image are shown black and white unless the user says."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def automatic_levels(pixels: NDArray[Any]) -> tuple[float, float]:
    """Return the intensities between which all but the outermost 0.4 % lie."""
    step = max(1, int(np.sqrt(pixels.size / 250_000)))
    sample = pixels[::step, ::step]
    sample = sample[np.isfinite(sample)]
    if sample.size == 0:
        return 0.0, 1.0
    low, high = (float(value) for value in np.percentile(sample, (0.2, 99.8)))
    if high <= low:
        low, high = float(sample.min()), float(sample.max())
    return (low, high) if high > low else (low, low + 1.0)
