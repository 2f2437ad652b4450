"""Text of the help window: what the program does, its keys, its network."""

from collections.abc import Mapping
from html import escape
from typing import Any

from heteroagg_gui.gui.commands import COMMANDS
from heteroagg_gui.gui.material_look import look_named
from heteroagg_gui.gui.names import DISPLAY_NAME
from heteroagg_gui.gui.symbols import theta_quantities

PURPOSE = f"""
<h2>{DISPLAY_NAME}</h2>
<p>Predicts the 3D structure of nanoparticle hetero-aggregates of two materials from HAADF-STEM
images.</p>
<ol>
<li><b>Open micrographs</b> of one sample, one aggregate on each: drop files or folders anywhere
on the window. Files that do not state their pixel size are asked for it above the image.</li>
<li><b>Predict</b>: a network estimates the four parameters θ of the stochastic 3D model from
all included images together, with 90 % intervals. The badge says whether the images resemble
those the network was trained on; do not trust the values where they do not.</li>
<li><b>Draw shadows</b>: aggregates drawn from the stochastic 3D model with the predicted θ.
They are not copies of the particles on the images but structures with the same statistics.
Turn them by mouse; the histograms show how their descriptors are distributed.</li>
<li><b>Export</b> the prediction, all particles and the descriptors to a folder.</li>
<li><b>Save session</b> keeps all of it in one file: prediction and shadows come back exactly as
they were. The micrographs stay in their own files; keep them beside the session, or where they
are.</li>
</ol>
<p>Click a bar of a histogram to step through the shadows in it. Every plot and view has Copy
picture, Save picture and, for numbers, Save data.</p>
"""


def theta_page(names: tuple[str, str]) -> str:
    """Return what the four parameters mean, with the names of the two materials."""
    rows = "".join(
        f"<tr><td><b>{q.symbol}</b>&nbsp;&nbsp;</td><td>{q.title}&nbsp;&nbsp;</td>"
        f"<td>{q.help}<br>{min(q.grid):g} to {max(q.grid):g} in the paper, Table 2.</td></tr>"
        for q in theta_quantities(names)
    )
    return f"<h3>The parameters θ</h3><table cellspacing='6'>{rows}</table>"


def keys_page() -> str:
    """Return the table of shortcuts, made from the table of commands."""
    rows = "".join(
        f"<tr><td><b>{escape(' or '.join(c.shortcuts))}</b>&nbsp;&nbsp;&nbsp;</td>"
        f"<td>{escape(c.text.replace('&', '').rstrip('…'))}</td></tr>"
        for c in COMMANDS
        if c.shortcuts
    )
    return f"<h3>Keys</h3><table cellspacing='2'>{rows}</table>"


_FIGURES = (
    ("theta_fractal_dimension_mae", "Mean absolute error of θ<sub>Df</sub>", 3),
    ("theta_mixing_ratio_mae", "Mean absolute error of θ<sub>ρ</sub>", 3),
    ("theta_0_exact", "θ<sub>0</sub> exactly right", -1),
    ("theta_0_within_one", "θ<sub>0</sub> right within one", -1),
    ("theta_1_exact", "θ<sub>1</sub> exactly right", -1),
    ("theta_1_within_one", "θ<sub>1</sub> right within one", -1),
)


def _one(value: Any, digits: int) -> str:
    return f"{100 * value:.0f} %" if digits < 0 else f"{value:.{digits}f}"


def _figure(value: Any, digits: int) -> str:
    """Write a figure, with its 95 % interval where the card has one."""
    if isinstance(value, Mapping):
        low, high = (_one(value[key], digits) for key in ("low", "high"))
        return f"{_one(value['value'], digits)} ({low} to {high})"
    return _one(value, digits) if isinstance(value, int | float) else "–"


def _find(figures: Any, key: str) -> Any:
    """Return a figure of sets of twelve images, or wherever else it lies in the card."""
    if not isinstance(figures, Mapping):
        return None
    for part in (figures.get("sets_of_12"), figures):
        if isinstance(part, Mapping) and key in part:
            return part[key]
    return None


def _figure_rows(document: Mapping[str, Any]) -> str:
    figures, paper = document.get("figures"), document.get("paper")
    oracle = figures.get("oracle_3d") if isinstance(figures, Mapping) else None
    rows = ""
    for key, label, digits in _FIGURES:
        own = _find(figures, key)
        if own is not None:
            cells = (own, _find(paper, key), _find(oracle, key))
            rows += f"<tr><td>{label}</td>" + "".join(
                f"<td align='right'>{_figure(cell, digits)}</td>" for cell in cells
            )
            rows += "</tr>"
    return rows


def model_page(name: str, title: str, document: Mapping[str, Any]) -> str:
    """Return what a network was trained on and how well it does."""
    rows = _figure_rows(document)
    table = (
        "<h4>How well it does, from 12 images</h4><table cellspacing='0' cellpadding='4'>"
        "<tr><td></td><td><b>this network</b></td><td><b>paper</b></td>"
        f"<td><b>from the 3D structure</b></td></tr>{rows}</table>"
        "<p>In brackets: 95 % interval. The last column is what the true 3D structure of as many "
        "aggregates would tell.</p>"
        if rows
        else ""
    )
    return (
        f"<h3>Network {escape(name)}</h3><p>{escape(title)}</p>{_trained_on(document)}{table}"
        f"{_limits(document)}"
    )


_RANGES = (
    ("fractal_dimension", "Fractal dimension", ""),
    ("mixing_ratio", "Mixing ratio", ""),
    ("largest_cluster", "Largest primary cluster", "particles"),
    ("pixel_sizes_nm", "Pixel sizes", "nm"),
    ("doses_e_per_a2", "Doses", "electrons/Å²"),
)


def _trained_on(document: Mapping[str, Any]) -> str:
    trained = document.get("trained_on")
    if not isinstance(trained, Mapping):
        return ""
    ranges = trained.get("ranges")
    system = trained.get("material_system")
    lines = [("Materials", look_named(str(system)).title)] if system else []
    lines += [
        (label, f"{_words(ranges[key])} {unit}")
        for key, label, unit in _RANGES
        if isinstance(ranges, Mapping) and key in ranges
    ]
    for key, label in (("single_images", "Simulated images"), ("sets", "Sets of images")):
        if key in trained:
            lines.append((label, _words(trained[key])))
    rows = "".join(f"<tr><td>{label}</td><td>{escape(text)}</td></tr>" for label, text in lines)
    return f"<h4>Trained on</h4><table cellspacing='0' cellpadding='3'>{rows}</table>"


def _words(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " to ".join(_words(entry) for entry in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _limits(document: Mapping[str, Any]) -> str:
    limits = document.get("limits")
    if not isinstance(limits, list):
        return ""
    lines = "".join(f"<li>{escape(str(line))}</li>" for line in limits)
    return f"<h4>Limits</h4><ul>{lines}</ul>"


def about_page(version: str) -> str:
    """Return version, purpose and licence."""
    return (
        f"<h3>{DISPLAY_NAME} {version}</h3>"
        "<p>Predicting the 3D structure of nanoparticle hetero-aggregates from HAADF-STEM images."
        "</p>"
        "<p>Free software under the GNU General Public License, version 3 or later. It comes "
        "without any warranty.</p><p>The program sends nothing to anyone.</p>"
    )
