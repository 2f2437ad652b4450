"""The page around figures and tables."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.evaluation.report import error_plots, model_plots, tables
from heteroagg_gui.learning.evaluation.report.style import as_svg, own_look

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Document = dict[str, Any]

STYLE = """
:root { color-scheme: light dark; --line: #8884; --faint: #8882; --page: #fff; --ink: #1d2328; }
@media (prefers-color-scheme: dark) { :root { --page: #15181c; --ink: #dfe4e8; } }
body { font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; margin: 2rem auto;
  max-width: 68rem; padding: 0 1.2rem; color: var(--ink); background: var(--page); }
h1 { font-size: 1.6rem; margin-bottom: 0.2rem; } h2 { font-size: 1.15rem; margin-top: 2.4rem; }
table { border-collapse: collapse; font-size: 0.84rem; margin: 0.6rem 0; }
caption { text-align: left; font-weight: 600; padding-bottom: 0.3rem; }
th, td { padding: 0.28rem 0.7rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--line); } tbody th { font-weight: 500; }
tr.group th { background: var(--faint); font-weight: 600; }
small, .none, .notes, figcaption { opacity: 0.75; } .notes { font-size: 0.8rem; }
.wide { overflow-x: auto; } .side { display: flex; flex-wrap: wrap; gap: 2.5rem; }
figure { margin: 1.2rem 0 2rem; } figure svg { width: 100%; height: auto; display: block; }
figcaption { font-size: 0.86rem; margin-top: 0.4rem; max-width: 56rem; }
"""

USUAL_FIGURES = 15
PIXELS_PER_INCH = 104

ERRORS_EXPLAINED = (
    "The line is the mean in a window of a tenth of the range. Colours tell how many points lie "
    "near."
)
BOXES_EXPLAINED = (
    "Boxes hold the middle half, lines the middle 90 %; the bar is the median, the dot the mean."
)


def write_report(document: Document, path: Path, progress: Progress = no_progress) -> None:
    """Write the page.

    Parameters
    ----------
    document
        What :func:`~heteroagg_gui.learning.evaluation.comparison.evaluate` returned, or
        metrics.json read again.
    path
        The HTML file.
    progress
        Receives the share of figures drawn.
    """
    body = [_heading(document), "<h2>Comparison with the paper</h2>", tables.comparison(document)]
    with own_look():
        for k, (name, title, caption, figure) in enumerate(_figures(document)):
            progress(min(0.95, k / USUAL_FIGURES), "Drawing figures")
            width = figure.get_size_inches()[0] * PIXELS_PER_INCH
            body.append(
                f'<h2>{escape(title)}</h2><figure style="max-width: {width:.0f}px">'
                f"{as_svg(figure, name)}<figcaption>{escape(caption)}</figcaption></figure>"
            )
    body += _closing(document)
    page = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Evaluation</title><style>{STYLE}</style></head>\n<body>"
        + "\n".join(body)
        + "</body></html>\n"
    )
    with replacing(path) as part:
        part.write_text(page, encoding="utf-8")
    progress(1.0, "Report written")


def _heading(document: Document) -> str:
    on = document["evaluated_on"]
    kinds = "".join(
        f"<li><b>{escape(name)}</b>: {escape(entry['title'])}</li>"
        for name, entry in document["estimators"].items()
    )
    return (
        "<h1>Evaluation</h1>"
        f"<p>{on['images']} simulated images of the evaluation part ({escape(on['data'])} data, "
        f"{on['pixel_size_nm']:g} nm per pixel, {on['dose_e_per_a2']:g} electrons per Å²), "
        f"{on['sets']} sets of {on['images_per_set']} images from {on['parameter_vectors']} "
        f"parameter vectors, seed {on['seed']}. Intervals are 95 % bootstrap intervals in which "
        "whole parameter vectors are drawn. “Paper” is the publication whose method this program "
        f"implements; its data were other ones.</p><ul>{kinds}</ul>"
    )


def _figures(document: Document) -> "Iterator[tuple[str, str, str, Figure]]":
    """Yield identifier, title, caption and figure."""
    yield from _model_figures(document["figures"])
    yield from _error_figures(document["figures"])
    yield from _shadow_figures(document["figures"]["14"])


def _model_figures(figures: Document) -> "Iterator[tuple[str, str, str, Figure]]":
    preset, sizes, hetero = figures["4"], figures["5"], figures["17"]
    yield (
        "f4",
        "What the model leaves open (Fig. 4)",
        (
            f"Fractal dimension and mixing ratio of {preset['aggregates']} aggregates against the "
            "preset parameters; dots with bars are means and standard deviations, dashed: equal."
        ),
        model_plots.plot_preset_against_actual(preset),
    )
    yield (
        "f5",
        "Cluster sizes do not tell θ_0 (Fig. 5)",
        (
            f"Mean size of observable WO3 clusters over batches of {sizes['batch']}, "
            f"n = {sizes['aggregates_each']} aggregates each, θ_Df = 1.8, θ_1 = 3; red: "
            "overall mean. The first four differ in θ_0 and have similar clusters."
        ),
        model_plots.plot_cluster_sizes(sizes),
    )
    yield (
        "f17",
        "Small θ_0 matter most (Fig. 17)",
        (
            f"Hetero-coordination number, n = {hetero['aggregates_each']} aggregates each, "
            "θ_Df = 1.8, θ_ρ = 0.5, θ_1 = 3; dashed: means."
        ),
        model_plots.plot_hetero_coordination(hetero),
    )


def _error_figures(figures: Document) -> "Iterator[tuple[str, str, str, Figure]]":
    by_size = figures["9"]
    yield (
        "f9",
        "More images, smaller errors (Fig. 9)",
        (
            f"Mean absolute errors on n = {by_size['sets']} sets; bands are 95 % intervals, "
            "crosses the paper's values for 12 images."
        ),
        error_plots.plot_errors_by_size(by_size),
    )
    for number, title in (
        ("10a", "Fractal dimension of single images (Figs. 10a and 15a)"),
        ("11b", "Mixing ratio of single images (Fig. 11b)"),
        ("16a", "Fractal dimension and size of the aggregate (Fig. 16a)"),
        ("16b", "Mixing ratio and size of the aggregate (Fig. 16b)"),
    ):
        drawn = error_plots.plot_error_scatter(figures[number])
        if drawn is not None:
            caption = f"n = {figures[number]['images']} images. {ERRORS_EXPLAINED}"
            yield f"f{number}", title, caption, drawn
    for number, title, draw in (
        ("10b", "θ_Df from sets (Figs. 10b and 15b)", error_plots.plot_errors_by_value),
        ("11c", "θ_ρ from sets (Fig. 11c)", error_plots.plot_errors_by_value),
        ("12", "θ_0 from sets (Fig. 12)", error_plots.plot_cluster_size_errors),
        ("13", "θ_1 from sets (Fig. 13)", error_plots.plot_cluster_size_errors),
    ):
        drawn = draw(figures[number])
        if drawn is not None:
            caption = f"n = {figures[number]['sets']} sets. {BOXES_EXPLAINED}"
            yield f"f{number}", title, caption, drawn


def _shadow_figures(shadows: Document) -> "Iterator[tuple[str, str, str, Figure]]":
    for k, (name, examples) in enumerate(shadows.get("examples", {}).items()):
        yield (
            f"f14-{k}",
            f"Digital shadows by {name} (Fig. 14)",
            (
                f"Descriptors of {shadows['shadows_each']} aggregates each, drawn at the true "
                "parameters (blue) and at the predicted ones (orange); dashed: means."
            ),
            model_plots.plot_shadows(examples),
        )


def _closing(document: Document) -> list[str]:
    parts = []
    floor = document["figures"]["14"].get("same_theta_again")
    if floor:
        shown = ", ".join(
            f"{key.replace('_', ' ')} {tables.number(entry['value'])}"
            for key, entry in floor.items()
        )
        parts.append(
            "<h2>Chance in the digital shadows</h2><p>Two populations of the same parameters "
            f"already differ; over {document['figures']['14']['parameter_vectors']} vectors: "
            f"{shown}. No prediction can do better than this.</p>"
        )
    if document["tables"]["4"]["found"]:
        parts += [
            "<h2>Homogeneous or heterogeneous (Table 4)</h2>",
            tables.confusion(document["tables"]["4"]),
        ]
    parts += [
        "<h2>Error and run time (Table 6)</h2>",
        tables.architectures(document["tables"]["6"]),
        (
            "<p><small>Our times are of one processor core, preparation included; the paper states "
            "times relative to its own network.</small></p>"
        ),
    ]
    constants = document["calibration"]
    if constants is not None:
        parts.append(
            "<h2>Calibration of box counting (Eq. 21)</h2>"
            f"<p>a = {constants['a']:.3f}, b = {constants['b']:.3f} on {constants['images']} "
            f"images (paper: a = {constants['paper_a']}, b = {constants['paper_b']}). The values "
            "depend on the range of box sizes.</p>"
        )
    return parts
