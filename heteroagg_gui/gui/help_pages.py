"""Text of the help window: what the program does, its keys, its network."""

from html import escape

from heteroagg_gui.gui.commands import COMMANDS
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


def about_page(version: str) -> str:
    """Return version, purpose and licence."""
    return (
        f"<h3>{DISPLAY_NAME} {version}</h3>"
        "<p>Predicting the 3D structure of nanoparticle hetero-aggregates from HAADF-STEM images."
        "</p>"
        "<p>Free software under the GNU General Public License, version 3 or later. It comes "
        "without any warranty.</p><p>The program sends nothing to anyone.</p>"
    )
