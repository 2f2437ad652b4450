"""Networks that are too small to be of use, but real: stored, loaded and checked like any other."""

import json
from pathlib import Path
from typing import Any

import torch

from heteroagg_gui.learning.appearance import APPEARANCE, UsualRange
from heteroagg_gui.learning.compact import CompactNetwork, save_compact
from heteroagg_gui.learning.examples import QUANTITIES
from heteroagg_gui.learning.image_read_out import ImageReadOut
from heteroagg_gui.learning.losses import Scales
from heteroagg_gui.learning.model_card import checksum
from heteroagg_gui.learning.novelty import Novelty
from heteroagg_gui.learning.set_head import SetHead
from heteroagg_gui.learning.trunk import Trunk, TrunkSize

SIZE = TrunkSize(channels=(4, 4, 4, 4), blocks=(1, 1, 1), embedding=4)
DESCRIPTIONS = 6

FIGURES = {
    "sets_of_12": {
        "sets": 500,
        "theta_0_exact": {"value": 0.6, "low": 0.5, "high": 0.7},
        "coverage": {"fractal_dimension": {"50%": 0.52, "90%": 0.91}},
    },
    "oracle_3d": {"theta_0_exact": 0.999},
    "by_number_of_images": [{"images": 4, "theta_0_exact": {"value": 0.4}}],
}


def small_network(folder: Path, **card: Any) -> Path:
    """Write a compact network and its card."""
    folder.mkdir(parents=True)
    count = len(QUANTITIES)
    network = CompactNetwork(
        Trunk(SIZE),
        Scales(torch.zeros(count), torch.ones(count)),
        [SetHead(DESCRIPTIONS)],
        Novelty(torch.zeros(DESCRIPTIONS), torch.eye(DESCRIPTIONS), 3.0),
        UsualRange(-torch.ones(len(APPEARANCE)), torch.ones(len(APPEARANCE))),
        ImageReadOut(DESCRIPTIONS),
        SIZE,
    )
    save_compact(network, folder)
    write_card(folder, **card)
    return folder


def write_card(folder: Path, **entries: Any) -> None:
    """Write a card that fits the weights in a folder; None leaves an entry out."""
    card = {
        "format": 1,
        "kind": "compact-set",
        "title": "A small network",
        "created": "2026-01-02",
        "sha256": checksum(folder / "weights.safetensors"),
        "figures": FIGURES,
        "paper": {"theta_0_exact": 0.48},
        **entries,
    }
    kept = {key: value for key, value in card.items() if value is not None}
    (folder / "card.json").write_text(json.dumps(kept), encoding="utf-8")
