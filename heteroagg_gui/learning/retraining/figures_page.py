"""The figures of a new network: a page for people, and JSON for programs."""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from heteroagg_gui.core.files import replacing
from heteroagg_gui.learning.evaluation.report.page import STYLE
from heteroagg_gui.learning.evaluation.report.tables import number
from heteroagg_gui.learning.retraining.evaluation_stage import OWN, PAPER

Figures = Mapping[str, Any]

TITLES = {
    OWN: "Images like those of its training",
    PAPER: "The paper's parameter grid, materials and microscope (Table 2)",
}
_ROWS: tuple[tuple[str, str, bool], ...] = (
    ("theta_fractal_dimension_mae", "θ_Df, mean absolute error", False),
    ("theta_mixing_ratio_mae", "θ_ρ, mean absolute error", False),
    ("theta_0_exact", "θ_0 exact", True),
    ("theta_0_within_one", "θ_0 within one", True),
    ("theta_1_exact", "θ_1 exact", True),
    ("theta_1_within_one", "θ_1 within one", True),
)
_IMAGE_ROWS: tuple[tuple[str, str], ...] = (
    ("fractal_dimension_mae", "D_f(A) of an image, mean absolute error"),
    ("mixing_ratio_mae", "ρ(A) of an image, mean absolute error"),
    ("n_particles_mae", "number of particles N of an image, mean absolute error"),
    ("z_hetero_mae", "hetero-coordination number of an image, mean absolute error"),
)


def write_page(card: Mapping[str, Any], tests: Mapping[str, Figures], folder: Path) -> None:
    """Write ``report.html`` and ``metrics.json``.

    Parameters
    ----------
    card
        The card of the network.
    tests
        For each kind of test sets the figures of each network by its name.
    folder
        Where they go.
    """
    document = {"title": card["title"], "created": card["created"], "tests": tests}
    with replacing(folder / "metrics.json") as part:
        part.write_text(json.dumps(document, indent=1), encoding="utf-8")
    body = [f"<h1>{escape(card['title'])}</h1><p>{escape(_summary(card))}</p>"]
    body += [_section(TITLES[kind], figures) for kind, figures in tests.items()]
    body += ["<h2>Limits</h2><ul>", *(f"<li>{escape(s)}</li>" for s in card["limits"]), "</ul>"]
    page = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(card['title'])}</title><style>{STYLE}</style></head>\n<body>"
        + "\n".join(body)
        + "</body></html>\n"
    )
    with replacing(folder / "report.html") as part:
        part.write_text(page, encoding="utf-8")


def _summary(card: Mapping[str, Any]) -> str:
    seen = card["trained_on"]
    return (
        f"Trained on {seen['single_images']:,} simulated images of {seen['material_system']} and "
        f"{seen['sets']:,} sets of {seen['images_per_set']}. All figures are of simulated images "
        "that no network has seen; intervals are 95 % bootstrap intervals over sets or images."
    )


def _section(title: str, figures: Figures) -> str:
    names = list(figures)
    sets = {name: next(v for k, v in f.items() if k.startswith("sets_of_")) for name, f in
            figures.items()}  # fmt: skip
    first = sets[names[0]]
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    lines = [
        f"<tr><th>{escape(words)}</th>"
        + "".join(_cell(sets[name][key], share=share) for name in names)
        + "</tr>"
        for key, words, share in _ROWS
    ]
    lines += [
        f"<tr><th>{escape(words)}</th>"
        + "".join(_cell(figures[name]["per_image"][key], share=False) for name in names)
        + "</tr>"
        for key, words in _IMAGE_ROWS
    ]
    return (
        f"<h2>{escape(title)}</h2><p>{first['sets']} sets of {first['images']} images.</p>"
        f'<div class="wide"><table><thead><tr><th>Quantity</th>{head}</tr></thead><tbody>'
        + "".join(lines)
        + "</tbody></table></div>"
    )


def _cell(entry: Mapping[str, float], *, share: bool) -> str:
    low, value, high = (number(entry[key], share=share) for key in ("low", "value", "high"))
    return f"<td><b>{value}</b><br><small>{low} … {high}</small></td>"
