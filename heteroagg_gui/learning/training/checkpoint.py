"""Checkpoints: all tensors and the state of a training in one file."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.learning.tensors import with_prefix


@dataclass
class Checkpoint:
    """Named tensors and what JSON can hold beside them."""

    tensors: dict[str, Tensor]
    notes: dict[str, Any]


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint; an interrupted write leaves the old one."""
    tensors = {name: value.detach().contiguous() for name, value in checkpoint.tensors.items()}
    with replacing(path) as part:
        save_file(tensors, part, {k: json.dumps(v) for k, v in checkpoint.notes.items()})


def read_checkpoint(path: Path, device: str = "cpu") -> Checkpoint:
    """Read a checkpoint.

    Raises
    ------
    ModelError
        If the file is missing or damaged.
    """
    try:
        with safe_open(path, "pt", device=device) as handle:
            tensors = {name: handle.get_tensor(name) for name in handle.keys()}  # noqa: SIM118
            notes = {k: json.loads(v) for k, v in (handle.metadata() or {}).items()}
    except (OSError, SafetensorError, ValueError) as error:
        raise ModelError(
            f"The checkpoint '{path.name}' can't be read: delete it to start again."
        ) from error
    return Checkpoint(tensors, notes)


def optimiser_tensors(optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Return the optimiser's state as ``adam.INDEX.NAME``."""
    return {
        f"adam.{index}.{name}": value
        for index, state in optimiser.state_dict()["state"].items()
        for name, value in state.items()
    }


def restore_optimiser(optimiser: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Undo :func:`optimiser_tensors`."""
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    states: dict[int, dict[str, Any]] = {}
    for key, value in with_prefix(tensors, "adam.").items():
        index, name = key.split(".", 1)
        states.setdefault(int(index), {})[name] = _laid_out_like(parameters[int(index)], value)
    groups = optimiser.state_dict()["param_groups"]
    optimiser.load_state_dict({"state": states, "param_groups": groups})


def _laid_out_like(parameter: Tensor, state: Tensor) -> Tensor:
    """Return a state of the optimiser in its parameter's memory layout.

    The fused optimiser walks through memory and does not look at strides.
    """
    if state.shape != parameter.shape:
        return state
    return torch.empty_like(parameter).copy_(state)
