"""One model from the networks of several campaigns.

``python -m heteroagg_gui.learning.paper.assemble --out models/paper PART PART ...``
"""

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from heteroagg_gui.core.errors import HeteroaggError, ModelError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.learning.model_card import PAPER_FIVE, checksum, read_card
from heteroagg_gui.learning.paper.model import write_model_card
from heteroagg_gui.learning.paper.networks import PURPOSES
from heteroagg_gui.learning.paper.record import METRICS_FILE, write_metrics

SHARED = ("side", "pixel_size_nm", "usual_full_scale", "trained_on")


def assemble(parts: Sequence[Path], out: Path) -> dict[str, Any]:
    """Join models of kind ``paper-five``; a later one replaces networks of an earlier one.

    Parameters
    ----------
    parts
        Folders of campaigns.
    out
        Folder of the whole model.

    Returns
    -------
    dict
        Its card.

    Raises
    ------
    ModelError
        If a folder holds no such model, a file was changed, or they do not fit together.
    """
    networks: dict[str, Any] = {}
    figures: dict[str, Any] = {}
    curves: dict[str, Any] = {}
    shared: dict[str, Any] = {}
    out.mkdir(parents=True, exist_ok=True)
    for folder in parts:
        card = read_card(folder)
        if card.kind != PAPER_FIVE:
            raise ModelError(f"'{folder}' holds no network of the paper: leave it out.")
        document = card.document
        if shared and any(document.get(key) != shared[key] for key in SHARED[:2]):
            raise ModelError(f"'{folder}' is for images of another size: leave it out.")
        shared = {key: document.get(key) for key in SHARED}
        networks |= {key: document["networks"][key] for key in document["networks"]}
        figures |= document.get("figures", {})
        curves |= _curves(folder)
        for entry in document["networks"].values():
            _copy(folder, out, entry["shards"])
    for entry in networks.values():
        entry.pop("optimiser", None)
    write_metrics(out, {"figures": figures, "curves": curves})
    return write_model_card(out, networks, {**shared, "figures": figures})


def _copy(folder: Path, out: Path, shards: Sequence[dict[str, str]]) -> None:
    for shard in shards:
        source = folder / shard["file"]
        if checksum(source) != shard.get("sha256"):
            raise ModelError(
                f"The file '{source.name}' in '{folder}' is not the one its card describes: "
                "fetch it again."
            )
        if folder.resolve() != out.resolve():
            with replacing(out / source.name) as path:
                shutil.copyfile(source, path)


def _curves(folder: Path) -> dict[str, Any]:
    try:
        metrics = json.loads((folder / METRICS_FILE).read_text(encoding="utf-8"))
        return {key: metrics["curves"][key] for key in PURPOSES if key in metrics["curves"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def main(arguments: Sequence[str] | None = None) -> int:
    """Assemble a model from the command line and return the exit status."""
    parser = argparse.ArgumentParser(description="Join the networks of several campaigns.")
    parser.add_argument("--out", type=Path, required=True, help="folder of the whole model")
    parser.add_argument("parts", type=Path, nargs="+", help="folders of campaigns")
    options = parser.parse_args(arguments)
    try:
        card = assemble(options.parts, options.out)
    except HeteroaggError as error:
        print(error, file=sys.stderr)
        return 2
    print(", ".join(card["networks"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
