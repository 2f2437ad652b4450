"""The distribution of each descriptor over a population in a few figures."""

import math

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.shadow.population import ShadowPopulation

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def _summarise_values(values: NDArray[np.float64]) -> dict[str, float]:
    finite = values[np.isfinite(values)]
    summary = {"count": float(len(finite)), "mean": math.nan, "sd": math.nan}
    if len(finite) > 0:
        summary["mean"] = float(finite.mean())
    if len(finite) > 1:
        summary["sd"] = float(finite.std(ddof=1))
    for quantile in QUANTILES:
        name = f"q{round(100 * quantile):02d}"
        summary[name] = float(np.quantile(finite, quantile)) if len(finite) > 0 else math.nan
    return summary


def summarise(population: ShadowPopulation) -> dict[str, dict[str, float]]:
    """Summarise each descriptor of a population.

    Returns
    -------
    dict
        Per descriptor key: ``count`` of the shadows for which it exists, and over these the
        ``mean``, the sample standard deviation ``sd`` and the quantiles ``q05``, ``q25``,
        ``q50``, ``q75``, ``q95``. NaN where too few values exist.
    """
    return {key: _summarise_values(values) for key, values in population.descriptors.items()}
