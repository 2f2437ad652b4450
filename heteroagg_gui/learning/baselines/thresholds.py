"""Mixing ratio from pixel brightness: TiO2, WO3 or background by two thresholds, section 4."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Thresholds:
    """Bins of a brightness histogram at which one class ends and the next begins.

    Parameters
    ----------
    aggregate
        First bin that is aggregate rather than background.
    wo3
        First bin that is WO3 rather than TiO2.
    """

    aggregate: int
    wo3: int


def mixing_ratios(areas: Reals, thresholds: Thresholds) -> Reals:
    """Estimate mixing ratios rho(A).

    Both materials have the same particle sizes, so that the ratio of the areas is the ratio
    of the numbers.

    Parameters
    ----------
    areas
        Area by brightness, darkest bin first, shape (n, bins).
    thresholds
        Where the classes end.

    Returns
    -------
    numpy.ndarray
        Number fraction of WO3, shape (n,); NaN where no pixel is bright enough.
    """
    whole = areas[:, thresholds.aggregate :].sum(axis=1)
    heavy = areas[:, thresholds.wo3 :].sum(axis=1)
    share = np.full(len(areas), np.nan)
    np.divide(heavy, whole, out=share, where=whole > 0)
    return share


def best_thresholds(areas: Reals, truth: Reals, step: int = 2) -> Thresholds:
    """Try all pairs of thresholds and return the one with the smallest mean absolute error.

    Parameters
    ----------
    areas
        Area by brightness, darkest bin first, shape (n, bins).
    truth
        True mixing ratios, shape (n,).
    step
        Bins between thresholds that are tried.
    """
    brighter = np.ascontiguousarray(areas[:, ::-1].cumsum(axis=1)[:, ::-1].T)
    smallest, best = np.inf, Thresholds(0, 1)
    bins = areas.shape[1]
    for aggregate in range(0, bins, step):
        whole = brighter[aggregate]
        if (whole > 0).mean() < 0.99:
            break
        safe = np.where(whole > 0, whole, 1.0)
        for wo3 in range(aggregate + 1, bins, step):
            error = float(np.abs(brighter[wo3] / safe - truth).mean())
            if error < smallest:
                smallest, best = error, Thresholds(aggregate, wo3)
    return best
