"""Figures about errors: 9 to 13, 15 and 16 of the paper."""

from typing import TYPE_CHECKING, Any

import numpy as np

from heteroagg_gui.learning.evaluation.report.style import (
    GREY,
    TEXT,
    colours_of,
    density_scatter,
    panels,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

AXES = {
    "fractal_dimension": "$D_f(A)$",
    "mixing_ratio": r"$\rho(A)$",
    "n_particles": "particles $N$",
    "theta_fractal_dimension": r"$\theta_{D_f}$",
    "theta_mixing_ratio": r"$\theta_\rho$",
    "theta_0": r"$\theta_0$",
    "theta_1": r"$\theta_1$",
}
PAPER_AT_12 = {"theta_fractal_dimension": 0.041, "theta_mixing_ratio": 0.017}


def plot_errors_by_size(data: dict[str, Any]) -> "Figure":
    """Draw Fig. 9: mean absolute error against the number of images of a set."""
    from matplotlib.ticker import MaxNLocator

    figure, axes = panels(2, 2)
    colours = colours_of(list(data["series"]))
    for place, key in zip(axes, list(AXES)[3:], strict=True):
        for name, rows in data["series"].items():
            if key not in rows:
                continue
            low, middle, high = ([row[k] for row in rows[key]] for k in ("low", "value", "high"))
            place.fill_between(
                data["sizes"], low, high, color=colours[name], alpha=0.18, linewidth=0
            )
            place.plot(data["sizes"], middle, color=colours[name], label=name)
        if key in PAPER_AT_12:
            place.plot(
                [12], [PAPER_AT_12[key]], "x", color=TEXT, markersize=6, label="paper, ν = 12"
            )
        place.set(xlabel="images of a set, ν", ylabel=f"mean absolute error of {AXES[key]}")
        place.set_ylim(0.0, 1.25 * place.get_ylim()[1])
        place.xaxis.set_major_locator(MaxNLocator(integer=True))
        place.legend(ncols=2)
    return figure


def plot_error_scatter(data: dict[str, Any]) -> "Figure | None":
    """Draw Figs. 10a, 11b, 15a or 16: errors of single images, one panel per estimator."""
    series = data["series"]
    if not series:
        return None
    figure, axes = panels(1, len(series), sharey=True)
    limit = max(float(np.quantile(np.abs(s["errors"]), 0.995)) for s in series.values())
    for place, (name, entry) in zip(axes, series.items(), strict=True):
        density_scatter(place, entry["positions"], entry["errors"])
        place.axhline(0.0, color=GREY, linewidth=0.8)
        place.plot(entry["bias"]["position"], entry["bias"]["mean"], color=TEXT, linewidth=1.3)
        place.set(title=name, xlabel=AXES[data["against"]], ylim=(-limit, limit))
    axes[0].set(ylabel=f"error of {AXES[data['quantity']]}")
    return figure


def plot_errors_by_value(data: dict[str, Any]) -> "Figure | None":
    """Draw Figs. 10b, 11c or 15b: errors on sets at each preset value."""
    series = data["series"]
    if not series:
        return None
    figure, axes = panels(1, len(series), sharey=True)
    colours = colours_of(list(series))
    for place, (name, entry) in zip(axes, series.items(), strict=True):
        _boxes(place, entry, colours[name])
        place.set(title=name, xlabel=f"preset {AXES[data['quantity']]}")
    axes[0].set_ylim(*_limits(series))
    axes[0].set(ylabel=f"error of {AXES[data['quantity']]}")
    return figure


def plot_cluster_size_errors(data: dict[str, Any]) -> "Figure | None":
    """Draw Fig. 12 or 13: errors before rounding at each value, and of the rounded size."""
    series = data["series"]
    if not series:
        return None
    figure, axes = panels(1, len(series) + 1)
    colours = colours_of(list(series))
    symbol = AXES[data["quantity"]]
    for place, (name, entry) in zip(axes, series.items(), strict=False):
        _boxes(place, entry, colours[name])
        place.set(title=name, xlabel=f"preset {symbol}", ylim=_limits(series))
    axes[0].set(ylabel=f"error of {symbol}, not rounded")
    last, width = axes[-1], 0.8 / len(series)
    for k, (name, entry) in enumerate(series.items()):
        places = np.arange(len(entry["misses"])) - len(entry["misses"]) // 2
        shift = (k - (len(series) - 1) / 2) * width
        shares = 100 * np.array(entry["misses"])
        last.bar(places + shift, shares, width, color=colours[name], label=name)
    last.set(title="rounded", xlabel=f"error of {symbol}", ylabel="sets (%)")
    last.legend()
    return figure


def _limits(series: dict[str, Any]) -> tuple[float, float]:
    drawn = np.concatenate([np.ravel(entry["quantiles"]) for entry in series.values()])
    low, high = float(drawn.min()), float(drawn.max())
    margin = 0.06 * max(high - low, 1e-6)
    return low - margin, high + margin


def _boxes(axes: "Axes", entry: dict[str, Any], colour: str) -> None:
    """Draw 5, 25, 50, 75 and 95 % quantiles and the mean at each value."""
    values = np.array(entry["values"])
    width = 0.6 * (float(np.diff(values).min()) if len(values) > 1 else 0.1)
    lowest, low, middle, high, highest = np.array(entry["quantiles"]).T
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    axes.vlines(values, lowest, highest, color=colour, linewidth=1.0)
    axes.bar(values, high - low, width, low, color=colour, alpha=0.45, linewidth=0, zorder=2)
    axes.hlines(middle, values - width / 2, values + width / 2, color=colour, linewidth=1.6)
    axes.plot(values, entry["mean"], "o", color=TEXT, markersize=2.5, zorder=4)
