"""Change of pixel size by area averages."""

import numpy as np
from numpy.typing import NDArray


def _average_rows(image: NDArray[np.float64], ratio: float) -> NDArray[np.float64]:
    """Average over windows ``ratio`` rows high, centred so that the middle stays put."""
    rows = image.shape[0]
    count = max(1, int(rows / ratio + 1e-9))
    start = (rows - count * ratio) / 2
    edges = start + ratio * np.arange(count + 1)
    integral = np.concatenate([np.zeros((1, image.shape[1])), np.cumsum(image, axis=0)])
    whole = np.clip(edges.astype(np.int64), 0, rows - 1)
    part = (edges - whole)[:, None]
    at_edges = integral[whole] * (1 - part) + integral[whole + 1] * part
    return np.asarray(np.diff(at_edges, axis=0) / ratio)


def resample(image: NDArray[np.floating], ratio: float) -> NDArray[np.float64]:
    """Resample an image to pixels ``ratio`` times as large, by exact area averages.

    The averages keep the mean intensity and the statistics of counted electrons; a
    remainder of less than a pixel is cut off evenly on both sides. A
    ratio below 1 enlarges the image, each old pixel staying a square of one value.

    Parameters
    ----------
    image
        Intensities, shape (height, width).
    ratio
        New pixel size over old pixel size.
    """
    values = np.asarray(image, dtype=np.float64)
    if abs(ratio - 1.0) < 1e-6:
        return values
    return np.ascontiguousarray(_average_rows(_average_rows(values, ratio).T, ratio).T)
