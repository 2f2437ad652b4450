"""Figures about the stochastic 3D model: 4, 5, 14 and 17 of the paper."""

from typing import TYPE_CHECKING, Any

import numpy as np

from heteroagg_gui.learning.evaluation.report.style import (
    GREY,
    TEXT,
    density_scatter,
    panels,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TRUE_COLOUR, SHADOW_COLOUR = "#3b82d6", "#e07b39"
THREE = ("#3b82d6", "#2a9d6f", "#e07b39")
SYMBOLS = {"s_tio2": "$S_{TiO_2}$", "z_hetero": "$Z_{hetero}$", "z_total": "$Z_{total}$"}


def theta_text(theta: list[float]) -> str:
    """Return a parameter vector for a label."""
    return f"({theta[0]:.2f}, {theta[1]:.2f}, {theta[2]:.0f}, {theta[3]:.0f})"


def plot_preset_against_actual(data: dict[str, Any]) -> "Figure":
    """Draw Fig. 4: D_f(A) and rho(A) against what was preset."""
    figure, axes = panels(1, 2)
    labels = (
        ("fractal_dimension", r"preset $\theta_{D_f}$", "$D_f(A)$"),
        ("mixing_ratio", r"preset $\theta_\rho$", r"$\rho(A)$"),
    )
    for place, (key, across, up) in zip(axes, labels, strict=True):
        entry = data[key]
        preset, actual = (np.array(column) for column in entry["points"])
        values = np.array(entry["preset"])
        step = float(np.diff(values).min()) if len(values) > 1 else 0.1
        jitter = np.random.default_rng(0).uniform(-0.35, 0.35, len(preset)) * step
        density_scatter(place, preset + jitter, actual)
        place.plot(values, values, color=GREY, linewidth=1.0, linestyle="--", zorder=3)
        place.errorbar(
            values,
            entry["mean"],
            yerr=entry["sd"],
            color=TEXT,
            fmt="o",
            markersize=2.5,
            linewidth=1.0,
            zorder=4,
        )
        place.set(xlabel=across, ylabel=up)
    return figure


def plot_cluster_sizes(data: dict[str, Any]) -> "Figure":
    """Draw Fig. 5: mean WO3 cluster sizes of batches."""
    from matplotlib.ticker import FixedFormatter, FixedLocator

    figure, (axes,) = panels(1, 1)
    figure.set_size_inches(6.2, 2.8)
    rng = np.random.default_rng(0)
    for k, entry in enumerate(data["entries"]):
        means = np.array(entry["batch_means"])
        axes.scatter(
            k + rng.uniform(-0.22, 0.22, len(means)),
            means,
            s=6,
            color=THREE[0],
            alpha=0.5,
            linewidths=0,
        )
        axes.plot([k - 0.3, k + 0.3], [entry["mean"]] * 2, color="#d1495b", linewidth=2)
        axes.annotate(f"{entry['mean']:.1f}", (k + 0.33, entry["mean"]), va="center", fontsize=7.5)
    labels = [
        rf"$\theta_0$={e['theta'][2]:.0f}, $\theta_\rho$={e['theta'][1]:.2f}"
        for e in data["entries"]
    ]
    axes.xaxis.set_major_locator(FixedLocator(list(range(len(labels)))))
    axes.xaxis.set_major_formatter(FixedFormatter(labels))
    axes.tick_params(axis="x", labelsize=7.5)
    axes.set(ylabel="mean WO$_3$ cluster size\n(particles)", xlim=(-0.5, len(labels) - 0.3))
    axes.set_ylim(bottom=0)
    return figure


def plot_hetero_coordination(data: dict[str, Any]) -> "Figure":
    """Draw Fig. 17: distributions of Z_hetero(A) for three values of theta_0."""
    figure, (axes,) = panels(1, 1)
    figure.set_size_inches(5.0, 2.8)
    for colour, entry in zip(THREE, data["entries"], strict=True):
        label = rf"$\theta_0$ = {entry['theta'][2]:.0f}, mean {entry['mean']:.3f}"
        axes.stairs(entry["density"], data["edges"], fill=True, color=colour, alpha=0.3)
        axes.stairs(entry["density"], data["edges"], color=colour, linewidth=1.3, label=label)
        axes.axvline(entry["mean"], color=colour, linestyle="--", linewidth=1.2)
    axes.set(xlabel="hetero-coordination number $Z_{hetero}(A)$", ylabel="probability density")
    axes.legend()
    return figure


def plot_shadows(examples: list[dict[str, Any]]) -> "Figure":
    """Draw Fig. 14: descriptors of the model at the true and at the predicted theta."""
    figure, axes = panels(len(examples), 3)
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, height * 0.78)
    for row, example in enumerate(examples):
        for column, (key, symbol) in enumerate(SYMBOLS.items()):
            place, entry = axes[3 * row + column], example[key]
            for kind, colour in (("true", TRUE_COLOUR), ("shadow", SHADOW_COLOUR)):
                place.stairs(entry[kind], entry["edges"], fill=True, color=colour, alpha=0.35)
                place.stairs(entry[kind], entry["edges"], color=colour, linewidth=1.0)
                place.axvline(entry[f"{kind}_mean"], color=colour, linestyle="--", linewidth=1.2)
            place.set(xlabel=symbol)
            if column == 0:
                place.set(ylabel="aggregates")
                true, found = (theta_text(example[k]) for k in ("theta", "predicted"))
                place.set_title(
                    rf"$\theta$ = {true},  $\hat\theta$ = {found}", fontsize=7.5, loc="left"
                )
    return figure
