"""Weights in several small files whose contents are checked."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.learning.model_card import checksum

SHARD_BYTES = 14_000_000
_CUT = "|"


def in_half_precision(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return kernels in half precision, and the few numbers per channel as they are."""
    result = {}
    for name, value in tensors.items():
        half = value.half() if value.is_floating_point() and value.ndim > 1 else value
        result[name] = half if bool(torch.isfinite(half).all()) else value
    return result


def _shards(tensors: Mapping[str, Tensor], largest: int) -> list[dict[str, Tensor]]:
    """Deal tensors out to as few shards as can hold them, about equally full.

    A tensor that does not fit into what is left of a shard is cut between two rows; its
    pieces are named NAME|FIRST ROW.
    """
    total = sum(_size(value) for value in tensors.values())
    count = max(1, math.ceil(total / largest))
    shards: list[dict[str, Tensor]] = [{} for _ in range(count)]
    dealt = 0.0
    for name, value in tensors.items():
        start, rows = 0, len(value) if value.ndim else 1
        row_bytes = max(1.0, _size(value) / max(1, rows))
        while start < rows:
            number = min(count - 1, int(dealt * count / total))
            room = total * (number + 1) / count - dealt if number < count - 1 else math.inf
            taken = min(rows - start, max(1, math.floor(min(rows, room / row_bytes))))
            whole = taken == rows
            piece = value if whole else value[start : start + taken]
            shards[number][name if whole else f"{name}{_CUT}{start}"] = piece
            start, dealt = start + taken, dealt + taken * row_bytes
    return [shard for shard in shards if shard]


def _size(value: Tensor) -> int:
    return value.numel() * value.element_size()


def write_shards(
    tensors: Mapping[str, Tensor], folder: Path, stem: str, largest: int = SHARD_BYTES
) -> list[dict[str, Any]]:
    """Write tensors to ``STEM-0.safetensors``, ``STEM-1.safetensors``, ...

    Parameters
    ----------
    tensors
        What to write, as it is.
    folder
        Where.
    stem
        What the files' names begin with.
    largest
        Bytes of tensors in a file at most.

    Returns
    -------
    list
        ``file`` and ``sha256`` of each.
    """
    entries = []
    for number, shard in enumerate(_shards(tensors, largest)):
        path = folder / f"{stem}-{number}.safetensors"
        with replacing(path) as part:
            save_file({k: v.detach().cpu().clone() for k, v in shard.items()}, part)
        entries.append({"file": path.name, "sha256": checksum(path)})
    return entries


def read_shards(folder: Path, entries: Sequence[Mapping[str, Any]]) -> dict[str, Tensor]:
    """Read what :func:`write_shards` wrote.

    Raises
    ------
    ModelError
        If a file is missing, changed or no safetensors file.
    """
    whole: dict[str, Tensor] = {}
    cut: dict[str, dict[int, Tensor]] = {}
    for entry in entries:
        path = folder / str(entry["file"])
        try:
            if checksum(path) != entry.get("sha256"):
                raise ModelError(
                    f"The file '{path.name}' of the network '{folder.name}' is not the one its "
                    "card describes: install the network again."
                )
            for key, value in load_file(path).items():
                name, mark, start = key.partition(_CUT)
                if mark:
                    cut.setdefault(name, {})[int(start)] = value
                else:
                    whole[name] = value
        except (OSError, SafetensorError, ValueError) as error:
            raise ModelError(
                f"The file '{path.name}' of the network '{folder.name}' is missing or damaged: "
                "install the network again."
            ) from error
    for name, parts in cut.items():
        whole[name] = torch.cat([parts[start] for start in sorted(parts)])
    return whole
