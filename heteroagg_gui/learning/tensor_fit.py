"""Whether stored tensors fit the network their file describes, before memory is taken for it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open

from heteroagg_gui.core.errors import HeteroaggError, ModelError
from heteroagg_gui.learning.image_read_out import ImageReadOut
from heteroagg_gui.learning.model_card import PAPER_FIVE, WEIGHTS_FILE, read_card, weights_files
from heteroagg_gui.learning.paper.networks import make_network
from heteroagg_gui.learning.set_head import SetHead
from heteroagg_gui.learning.trunk import Trunk, TrunkSize

Shapes = dict[str, tuple[int, ...]]
_CUT = "|"
_LARGEST_SIDE = 4096


def check_tensors(folder: Path) -> None:
    """Compare the shapes in a network's files with those of the network, built without memory.

    A description that asks for a huge network, beside files that hold a small one, is
    found before the network is made.

    Parameters
    ----------
    folder
        The network's folder.

    Raises
    ------
    ModelError
        If a tensor is missing, of another shape, or holds values that are no numbers.
    """
    card = read_card(folder)
    try:
        if card.kind == PAPER_FIVE:
            fits = all(_fitting_paper(folder, card.document))
        else:
            fits = _fits_compact(folder / WEIGHTS_FILE)
    except HeteroaggError:
        raise
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise _unfit(card.name) from error
    if not fits:
        raise _unfit(card.name)
    for name in weights_files(card.document, card.name):
        _check_numbers(folder / name, card.name)


def _unfit(name: str) -> ModelError:
    return ModelError(
        f"The weights of the network '{name}' do not fit the network its card describes: ask for "
        "another copy of it."
    )


def _fits_compact(path: Path) -> bool:
    with safe_open(path, "pt") as handle:
        stored = _shapes(handle)
        description = json.loads(handle.metadata()["network"])
    size, heads = description["size"], int(description["heads"])
    if max(sum(size["blocks"]), heads) > len(stored):
        return False
    expected: Shapes = {}
    with torch.device("meta"):
        trunk = Trunk(TrunkSize(tuple(size["channels"]), tuple(size["blocks"]), size["embedding"]))
        expected |= _with_prefix(trunk.state_dict(), "trunk.")
        for index in range(heads):
            head = SetHead(int(description["descriptions"]))
            expected |= _with_prefix(head.state_dict(), f"head{index}.")
        read_out = ImageReadOut(int(description["descriptions"]))
        expected |= _with_prefix(read_out.state_dict(), "images.")
    return all(stored.get(name) == shape for name, shape in expected.items())


def _with_prefix(tensors: Mapping[str, torch.Tensor], prefix: str) -> Shapes:
    return {f"{prefix}{name}": tuple(value.shape) for name, value in tensors.items()}


def _shapes(handle: Any) -> Shapes:
    return {name: tuple(handle.get_slice(name).get_shape()) for name in handle.keys()}  # noqa: SIM118


def _fitting_paper(folder: Path, document: Mapping[str, Any]) -> Iterator[bool]:
    """Yield of each of the paper's networks whether its shards fit it."""
    side = int(document["side"])
    for key, entry in document["networks"].items():
        stored: Shapes = {}
        for shard in entry["shards"]:
            with safe_open(folder / str(shard["file"]), "pt") as handle:
                _join(stored, _shapes(handle))
        with torch.device("meta"):
            network = make_network(key, entry["features"], side=min(side, _LARGEST_SIDE))
        expected = _with_prefix(network.state_dict(), "")
        yield side <= _LARGEST_SIDE and expected == stored


def _join(stored: Shapes, shapes: Shapes) -> None:
    """Add the shapes of a shard; pieces of a tensor, named NAME|ROW, follow each other."""
    for piece, shape in shapes.items():
        name, cut, _ = piece.partition(_CUT)
        rows = stored[name][0] if cut and name in stored else 0
        stored[name] = (rows + shape[0], *shape[1:]) if cut else shape


def _check_numbers(path: Path, name: str) -> None:
    with safe_open(path, "pt") as handle:
        for key in handle.keys():  # noqa: SIM118
            value = handle.get_tensor(key)
            if value.is_floating_point() and not bool(torch.isfinite(value).all()):
                raise ModelError(
                    f"The weights of the network '{name}' hold values that are no numbers, as "
                    "after a training that went wrong: ask for another copy, or train it again."
                )
