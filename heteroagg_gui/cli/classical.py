"""heteroagg classical: estimates from micrographs without a network."""

import argparse
import math
from typing import Any

from heteroagg_gui.cli.opening import add_inputs, opened, refusals
from heteroagg_gui.cli.options import add_json
from heteroagg_gui.cli.outcome import Outcome
from heteroagg_gui.core.progress import Progress, part_of
from heteroagg_gui.workflow.documents import readable

SUMMARY = (
    "Estimate D_f, rho and N by box counting, thresholds and a scaling law, without a network."
)
_OF_IMAGES = (
    "fractal_dimension_box_counting",
    "fractal_dimension_scaling_law",
    "mixing_ratio",
    "n_particles",
)
_OF_SAMPLE = {
    "theta_fractal_dimension_box_counting": "D_f by box counting",
    "theta_fractal_dimension_scaling_law": "D_f by the scaling law of all aggregates",
    "theta_mixing_ratio": "Mixing ratio by thresholds",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_inputs(parser)
    parser.add_argument(
        "--absolute",
        action="store_true",
        help="Intensities are fractions of the incident beam, which the thresholds can use.",
    )
    add_json(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Open the files and measure them."""
    from heteroagg_gui.learning.baselines.estimates import estimate_micrographs

    state = opened(arguments, part_of(progress, 0.0, 0.4)).state
    items = [item for item in state.usable_items if item.micrograph is not None]
    found = estimate_micrographs(
        [item.micrograph for item in items if item.micrograph is not None],
        absolute=arguments.absolute,
        progress=part_of(progress, 0.4, 1.0),
    )
    images = [
        {
            "file": readable(item.path) if item.path is not None else item.name,
            **{key: float(found[key][k]) for key in _OF_IMAGES},
        }
        for k, item in enumerate(items)
    ]
    document = {"images": images, **{key: float(found[key][0]) for key in _OF_SAMPLE}}
    return Outcome(document, lambda: _text(document), refused=refusals(state))


def _text(document: dict[str, Any]) -> str:
    lines = [f"{title:<42}{_shown(document[key], 3)}" for key, title in _OF_SAMPLE.items()]
    lines += ["", "D_f boxes  D_f law    rho      N"]
    for image in document["images"]:
        boxes, law, ratio = (_shown(image[key], 2) for key in _OF_IMAGES[:3])
        count = _shown(image["n_particles"], 0)
        lines.append(f"{boxes:>9}{law:>9}{ratio:>7}{count:>7}  {image['file']}")
    return "\n".join(lines)


def _shown(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if math.isfinite(value) else "-"
