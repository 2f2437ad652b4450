"""Text of the help window: what the program does, its keys, its network."""

from collections.abc import Mapping
from html import escape
from typing import Any

from heteroagg_gui.gui.commands import COMMANDS
from heteroagg_gui.gui.names import DISPLAY_NAME
from heteroagg_gui.gui.symbols import THETA

PURPOSE = f"""
<h2>{DISPLAY_NAME}</h2>
<p>Predicts the 3D structure of TiO₂-WO₃ nanoparticle hetero-aggregates from HAADF-STEM
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
</ol>
<p>Click a bar of a histogram to step through the shadows in it. Every plot and view has Copy
picture, Save picture and, for numbers, Save data.</p>
"""


def theta_page() -> str:
    """Return what the four parameters mean."""
    rows = "".join(
        f"<tr><td><b>{q.symbol}</b>&nbsp;&nbsp;</td><td>{q.title}&nbsp;&nbsp;</td>"
        f"<td>{q.help}<br>Trained on {min(q.grid):g} to {max(q.grid):g}.</td></tr>"
        for q in THETA
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


def _figure(value: Any, digits: int) -> str:
    if not isinstance(value, int | float):
        return "–"
    return f"{100 * value:.0f} %" if digits < 0 else f"{value:.{digits}f}"


def _find(figures: Any, key: str) -> Any:
    """Return a figure wherever it lies in the card."""
    if isinstance(figures, Mapping):
        if key in figures and not isinstance(figures[key], Mapping | list):
            return figures[key]
        for value in figures.values():
            found = _find(value, key)
            if found is not None:
                return found
    return None


def model_page(name: str, title: str, document: Mapping[str, Any]) -> str:
    """Return what a network was trained on and how well it does."""
    rows = ""
    for key, label, digits in _FIGURES:
        own = _find(document.get("figures"), key)
        paper = _find(document.get("paper"), key)
        if own is not None:
            rows += (
                f"<tr><td>{label}&nbsp;&nbsp;</td><td align='right'>{_figure(own, digits)}</td>"
                f"<td align='right'>&nbsp;&nbsp;{_figure(paper, digits)}</td></tr>"
            )
    table = (
        f"<h4>How well it does</h4><table cellspacing='4'><tr><td></td><td><b>this network</b>"
        f"</td><td>&nbsp;&nbsp;<b>paper</b></td></tr>{rows}</table>"
        if rows
        else ""
    )
    return (
        f"<h3>Network {escape(name)}</h3><p>{escape(title)}</p>{_trained_on(document)}{table}"
        f"{_limits(document)}"
    )


def _trained_on(document: Mapping[str, Any]) -> str:
    trained = document.get("trained_on")
    if not isinstance(trained, Mapping):
        return ""
    rows = "".join(
        f"<tr><td>{escape(str(key).replace('_', ' '))}&nbsp;&nbsp;</td>"
        f"<td>{escape(_words(value))}</td></tr>"
        for key, value in trained.items()
    )
    return f"<h4>Trained on</h4><table cellspacing='4'>{rows}</table>"


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{str(k).replace('_', ' ')} {_words(v)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        joint = " to " if len(value) == 2 else ", "
        return joint.join(_words(entry) for entry in value)
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
        "<p>Predicting the 3D structure of TiO₂-WO₃ nanoparticle hetero-aggregates from "
        "HAADF-STEM images.</p>"
        "<p>Free software under the GNU General Public License, version 3 or later. It comes "
        "without any warranty.</p><p>The program sends nothing to anyone.</p>"
    )
