"""The card of a compact network, and its folder, which appears only complete."""

import json
import platform
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

import heteroagg_gui
from heteroagg_gui.core.files import replacing
from heteroagg_gui.learning.compact import CompactNetwork, save_compact
from heteroagg_gui.learning.dataset.provenance import software
from heteroagg_gui.learning.model_card import CARD_FILE, CARD_FORMAT, WEIGHTS_FILE, checksum
from heteroagg_gui.learning.paper.published import PUBLISHED
from heteroagg_gui.learning.retraining.read_out_stage import ReadOutPlan

Card = dict[str, Any]

PAPER_FIGURES = {
    key: PUBLISHED[key]
    for key in (
        "theta_fractal_dimension_mae",
        "theta_mixing_ratio_mae",
        "theta_0_exact",
        "theta_0_within_one",
        "theta_1_exact",
        "theta_1_within_one",
        "fractal_dimension_mae",
        "mixing_ratio_mae",
    )
}


def compact_card(
    title: str, trained_on: dict[str, Any], training: dict[str, Any], figures: dict[str, Any]
) -> Card:
    """Return a card without the checksum of the weights.

    Parameters
    ----------
    title
        One line for people.
    trained_on
        Material system, ranges and amounts, see :func:`trained_on`.
    training
        How it was trained.
    figures
        How well it does.
    """
    return {
        "format": CARD_FORMAT,
        "kind": "compact-set",
        "title": title,
        "created": datetime.now(UTC).date().isoformat(),
        "program_version": heteroagg_gui.__version__,
        "trained_on": trained_on,
        "training": {
            **training,
            "processor": platform.processor() or platform.machine(),
            "torch": str(torch.__version__),
            "software": software(),
        },
        "figures": figures,
        "paper": PAPER_FIGURES,
        "limits": limits_of(trained_on),
    }


def trained_on(images: int, sets: ReadOutPlan) -> dict[str, Any]:
    """Return what a network has seen, as its card says it."""
    short = {"short_sets": sets.short_sets, "images_per_short_set": sets.per_short_set}
    return {
        "material_system": sets.ranges.system,
        "ranges": sets.ranges.as_dict(),
        "single_images": images,
        "sets": sets.training_sets,
        "images_per_set": sets.per_set,
        **(short if sets.short_sets else {}),
    }


def limits_of(seen: dict[str, Any]) -> list[str]:
    """Return in sentences what lies beyond the images a network has seen."""
    ranges = seen["ranges"]
    sizes = ranges["aggregation"]
    smallest, largest = sizes["size_range"]
    if ranges["largest_sizes"] is not None:
        largest = ranges["largest_sizes"][1]
    low, high = ranges["radius_means_nm"] or (sizes["radius_mean_nm"],) * 2
    mean = f"{low:g} nm" if low == high else f"{low:g} to {high:g} nm"
    return [
        (
            "Trained on simulated images only; spheres of one log-normal size distribution "
            f"(mean {mean}), {smallest} to {largest} particles, {seen['material_system']}."
        ),
        (
            f"Sets of more than {seen['images_per_set']} images lie beyond what the read-out was "
            "trained on."
        ),
    ]


def write_network(network: CompactNetwork, card: Card, folder: Path) -> Card:
    """Write weights and card into a folder.

    Returns
    -------
    dict
        The card as written, with the checksum of the weights.
    """
    save_compact(network, folder)
    whole = {**card, "sha256": checksum(folder / WEIGHTS_FILE)}
    with replacing(folder / CARD_FILE) as path:
        path.write_text(json.dumps(whole, indent=1), encoding="utf-8")
    return whole


def appear_whole(network: CompactNetwork, card: Card, folder: Path) -> Card:
    """Write a network so that its folder is either missing or complete."""
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        whole = write_network(network, card, part)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return whole
