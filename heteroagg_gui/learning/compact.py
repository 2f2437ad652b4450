"""The compact set network as one thing: trunk, set heads, novelty; saved and loaded."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.learning.losses import Scales
from heteroagg_gui.learning.model_card import WEIGHTS_FILE
from heteroagg_gui.learning.novelty import Novelty
from heteroagg_gui.learning.set_head import SetHead
from heteroagg_gui.learning.tensors import with_prefix
from heteroagg_gui.learning.trunk import Trunk, TrunkSize


@dataclass
class CompactNetwork:
    """Everything that is needed to predict from prepared images."""

    trunk: Trunk
    scales: Scales
    heads: list[SetHead]
    novelty: Novelty
    size: TrunkSize = field(default_factory=TrunkSize)


def save_compact(network: CompactNetwork, folder: Path) -> None:
    """Write ``weights.safetensors``, half precision for the trunk's kernels.

    Parameters
    ----------
    network
        What to save.
    folder
        The network's folder.
    """
    tensors = {f"trunk.{k}": v.half() for k, v in network.trunk.state_dict().items()}
    for index, head in enumerate(network.heads):
        tensors |= {f"head{index}.{k}": v.float() for k, v in head.state_dict().items()}
    tensors |= {
        "scales.mean": network.scales.mean,
        "scales.deviation": network.scales.deviation,
        "novelty.mean": network.novelty.mean,
        "novelty.whitening": network.novelty.whitening,
    }
    description = {
        "size": asdict(network.size),
        "heads": len(network.heads),
        "descriptions": len(network.novelty.mean),
        "threshold": network.novelty.threshold,
    }
    tensors = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    with replacing(folder / WEIGHTS_FILE) as path:
        save_file(tensors, path, {"network": json.dumps(description)})


def load_compact(folder: Path) -> CompactNetwork:
    """Read a network written by :func:`save_compact`.

    Raises
    ------
    ModelError
        If the file is damaged or its tensors do not fit the network.
    """
    try:
        tensors, description = _read(folder / WEIGHTS_FILE)
        size = TrunkSize(**{k: _tuple(v) for k, v in description["size"].items()})
        trunk = Trunk(size)
        trunk.load_state_dict(with_prefix(tensors, "trunk."))
        heads = []
        for index in range(int(description["heads"])):
            head = SetHead(int(description["descriptions"]))
            head.load_state_dict(with_prefix(tensors, f"head{index}."))
            heads.append(head.eval())
        scales = Scales(tensors["scales.mean"], tensors["scales.deviation"])
        novelty = Novelty(
            tensors["novelty.mean"], tensors["novelty.whitening"], float(description["threshold"])
        )
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise ModelError(
            f"The weights of the network '{folder.name}' are damaged or belong to another "
            "network: install it again."
        ) from error
    return CompactNetwork(trunk.eval(), scales, heads, novelty, size)


def _read(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    with safe_open(path, "pt") as handle:
        tensors = {name: handle.get_tensor(name).float() for name in handle.keys()}  # noqa: SIM118
        return tensors, json.loads(handle.metadata()["network"])


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def device_named(name: str) -> str:
    """Resolve ``auto`` to the best device there is.

    Raises
    ------
    ModelError
        If the device asked for is not there.
    """
    available = {"cpu": True, "cuda": torch.cuda.is_available()}
    available["mps"] = torch.backends.mps.is_available()
    if name == "auto":
        return "cuda" if available["cuda"] else "mps" if available["mps"] else "cpu"
    if not available.get(name, False):
        raise ModelError(f"The device '{name}' is not available here: use 'auto' or 'cpu'.")
    return name
