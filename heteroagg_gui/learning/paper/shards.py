"""Weights in several small files whose contents are checked."""

from collections.abc import Iterator, Mapping, Sequence
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


def _pieces(tensors: Mapping[str, Tensor], largest: int) -> Iterator[tuple[str, Tensor]]:
    """Cut tensors that are too large into runs of rows, named NAME|FIRST ROW."""
    for name, value in tensors.items():
        size = value.numel() * value.element_size()
        if size <= largest or value.ndim == 0:
            yield name, value
            continue
        rows = max(1, len(value) * largest // size)
        for start in range(0, len(value), rows):
            yield f"{name}{_CUT}{start}", value[start : start + rows]


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
    shards: list[dict[str, Tensor]] = [{}]
    filled = 0
    for name, value in _pieces(tensors, largest):
        size = value.numel() * value.element_size()
        if filled + size > largest and shards[-1]:
            shards.append({})
            filled = 0
        shards[-1][name] = value.detach().cpu().contiguous().clone()
        filled += size
    entries = []
    for number, shard in enumerate(shards):
        path = folder / f"{stem}-{number}.safetensors"
        with replacing(path) as part:
            save_file(shard, part)
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
