"""The head of a safetensors file, looked at before any library reads it."""

import json
import math
import struct
from pathlib import Path
from typing import Any

from heteroagg_gui.core.errors import ModelError

LARGEST_HEADER_BYTES = 4_000_000
MOST_TENSORS = 20_000
_LENGTH = struct.Struct("<Q")
_BYTES = {"F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2}
_BYTES |= {"I16": 2, "U16": 2, "I8": 1, "U8": 1, "BOOL": 1}


def check_weights_file(path: Path, name: str) -> None:
    """Check that the tensors a file announces are the ones it has room for.

    Parameters
    ----------
    path
        A safetensors file.
    name
        What the network is called.

    Raises
    ------
    ModelError
        If the head is huge or damaged, or announces more or less than the file holds.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as handle:
            (length,) = _LENGTH.unpack(handle.read(_LENGTH.size))
            if length > LARGEST_HEADER_BYTES:
                raise ModelError(
                    f"The file '{path.name}' of the network '{name}' announces a head of "
                    f"{length / 1e6:.0f} MB, as no network has: do not use it, ask for another."
                )
            head = json.loads(handle.read(length))
        room = size - _LENGTH.size - length
        _check_tensors({k: v for k, v in head.items() if k != "__metadata__"}, room)
    except (OSError, struct.error, RecursionError) as error:
        raise _damaged(path, name) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, name) from error


def _damaged(path: Path, name: str) -> ModelError:
    return ModelError(
        f"The file '{path.name}' of the network '{name}' is damaged or no safetensors file: "
        "copy or download the network again."
    )


def _check_tensors(tensors: dict[str, Any], room: int) -> None:
    """Raise ValueError unless the tensors lie side by side and fill the room."""
    if not 0 < len(tensors) <= MOST_TENSORS:
        raise ValueError("number of tensors")
    reached = 0
    for entry in sorted(tensors.values(), key=lambda entry: entry["data_offsets"]):
        start, stop = entry["data_offsets"]
        shape = entry["shape"]
        if not all(type(edge) is int and edge >= 0 for edge in [*shape, start, stop]):
            raise ValueError("shape or place")
        if start != reached or stop - start != math.prod(shape) * _BYTES[entry["dtype"]]:
            raise ValueError("size")
        reached = stop
    if reached != room:
        raise ValueError("length of the file")
