"""How the report's figures look, and how they get into the page."""

import io
import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TEXT = "#010203"
"""Stands for the colour of the page's text, light or dark."""

GREY = "#808890"
NETWORK_COLOURS = ("#3b82d6", "#8b5fd0", "#1a9fb0", "#d05fa8")
COLOURS = {
    "3D oracle": "#2a9d6f",
    "box counting": "#e07b39",
    "thresholds": "#c8455f",
    "scaling law": "#b08d1e",
}
DENSITY_COLOURS = ("#8fb4dc", "#3b82d6", "#8b5fd0", "#e0527a", "#f08a3c")
PANEL_INCHES = (3.1, 2.5)

_SETTINGS: Mapping[str, Any] = {
    "svg.fonttype": "path",
    "svg.hashsalt": "heteroagg",
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.titlesize": 9,
    "axes.labelsize": 8.5,
    "axes.linewidth": 0.7,
    "axes.edgecolor": TEXT,
    "axes.labelcolor": TEXT,
    "axes.titlecolor": TEXT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": GREY,
    "grid.alpha": 0.22,
    "grid.linewidth": 0.5,
    "xtick.color": TEXT,
    "ytick.color": TEXT,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "text.color": TEXT,
    "legend.frameon": False,
    "legend.fontsize": 7.5,
    "legend.handlelength": 1.6,
    "lines.linewidth": 1.6,
    "axes.axisbelow": True,
}


def colours_of(names: Sequence[str]) -> dict[str, str]:
    """Return one colour per estimator, the same in all figures."""
    networks = [name for name in names if name not in COLOURS]
    found = {name: NETWORK_COLOURS[k % len(NETWORK_COLOURS)] for k, name in enumerate(networks)}
    return found | {name: COLOURS[name] for name in names if name in COLOURS}


def own_look() -> AbstractContextManager[None]:
    """Return a context in which matplotlib draws as the report wants it."""
    from matplotlib import rc_context

    settings: Any = dict(_SETTINGS)
    return rc_context(settings)


def panels(rows: int, columns: int, **settings: Any) -> "tuple[Figure, list[Axes]]":
    """Return an empty figure with a grid of axes, row by row; call it in :func:`own_look`.

    Parameters
    ----------
    rows, columns
        Shape of the grid.
    **settings
        Further settings of ``Figure.subplots``.
    """
    from matplotlib.figure import Figure

    size = (PANEL_INCHES[0] * columns, PANEL_INCHES[1] * rows)
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False, **settings)
    return figure, list(axes.ravel())


def density_scatter(axes: "Axes", x: ArrayLike, y: ArrayLike) -> None:
    """Draw points coloured by how many lie near them; rasterised, so that files stay small."""
    from matplotlib.colors import LinearSegmentedColormap

    map_ = LinearSegmentedColormap.from_list("density", DENSITY_COLOURS)
    across, up = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    near = _local_density(across, up)
    order = np.argsort(near)
    axes.scatter(
        across[order],
        up[order],
        c=near[order],
        cmap=map_,
        s=3.0,
        linewidths=0,
        rasterized=True,
        zorder=2,
    )


def _local_density(
    x: NDArray[np.float64], y: NDArray[np.float64], bins: int = 60
) -> NDArray[np.float64]:
    """Return the rank, from 0 to 1, of a kernel estimate of the density at each point."""
    from scipy.ndimage import gaussian_filter

    if len(x) < 2:
        return np.zeros(len(x))
    counts, rows, columns = np.histogram2d(x, y, bins=bins)
    smooth = gaussian_filter(counts, 1.5)
    places = [
        np.clip(np.searchsorted(edges, values, side="right") - 1, 0, bins - 1)
        for edges, values in ((rows, x), (columns, y))
    ]
    found = smooth[places[0], places[1]]
    return np.asarray(found.argsort().argsort() / (len(found) - 1))


def as_svg(figure: "Figure", name: str) -> str:
    """Return a figure as an SVG element for a page, in the page's own text colour.

    Parameters
    ----------
    figure
        The figure.
    name
        Prefix of all its identifiers, which have to be unique on the page.
    """
    stream = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(stream, format="svg", dpi=150, transparent=True, metadata=nothing)
    text = stream.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    text = re.sub(r' xmlns(:xlink)?="[^"]*"', "", text)
    text = text.replace("xlink:href", "href")
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'href="#', f'href="#{name}-', text)
    text = re.sub(r"url\(#", f"url(#{name}-", text)
    return text.replace(TEXT, "currentColor")
