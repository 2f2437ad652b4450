"""The stored model of kind ``paper-five``: a card and the weights of up to five networks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

import heteroagg_gui
from heteroagg_gui.core.errors import HeteroaggError, ModelError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.learning.model_card import (
    CARD_FILE,
    CARD_FORMAT,
    PAPER_FIVE,
    ModelCard,
    read_card,
)
from heteroagg_gui.learning.paper.basic import PIXEL_NM, SIDE_PIXELS, ConvolutionBlock
from heteroagg_gui.learning.paper.intensities import network_images
from heteroagg_gui.learning.paper.networks import PURPOSES, PaperNetwork, Purpose, make_network
from heteroagg_gui.learning.paper.published import PUBLISHED
from heteroagg_gui.learning.paper.shards import in_half_precision, read_shards, write_shards

TITLE = "The paper's five networks for TiO2-WO3, sets of 12 images"
COMMON_FEATURES = "features-"
"""What names of files begin with that hold an f of several networks."""
UNDERTRAINED = "Undertrained"
FEWEST_EPOCHS = 100
"""Passes over the training images below which a network counts as undertrained."""
Network = TypeVar("Network", bound=nn.Module)
LIMITS = (
    (
        "Trained on simulated images only; spheres of one log-normal size distribution "
        "(mean 12 nm, standard deviation 3 nm), 20 to 80 particles, TiO2 and WO3."
    ),
    "Reads exactly 12 images at a time and gives point estimates only.",
    "Does not notice images unlike those it was trained on.",
)


@dataclass
class PaperModel:
    """Up to five trained networks and what their card says.

    Parameters
    ----------
    card
        The card.
    networks
        Networks by name, in evaluation mode on one device.
    usual_full_scale
        Median over the training images of the largest intensity, fraction of the beam.
    side
        Pixels of an image's edge.
    pixel_size_nm
        Edge of a pixel in nm.
    """

    card: ModelCard
    networks: dict[str, PaperNetwork]
    usual_full_scale: float
    side: int
    pixel_size_nm: float

    def read(self, levels: Tensor, full_scale: Tensor) -> dict[str, Tensor]:
        """Return what each network makes of single images.

        Parameters
        ----------
        levels, full_scale
            Stored images, see :func:`~heteroagg_gui.learning.paper.intensities.decode`, on
            the networks' device.

        Returns
        -------
        dict
            The output, shape (B, 1), of a network that reads one image, and the feature
            vector, shape (B, F), of one that reads sets; on the CPU.
        """
        found = {}
        described: dict[tuple[int, bool], Tensor] = {}
        with torch.inference_mode():
            for key, network in self.networks.items():
                purpose = network.purpose
                looked = (id(network.features), purpose.inverted)
                if looked not in described:
                    images = network_images(levels, full_scale, inverted=purpose.inverted)
                    described[looked] = network.features(images[:, None])
                said = described[looked].float()
                if purpose.images == 1:
                    said = purpose.transfer(network.read(said))
                found[key] = said.cpu().reshape(len(levels), -1)
        return found

    def over_sets(self, key: str, vectors: Tensor, device: str) -> Tensor:
        """Return the output of CNN^0 or CNN^1 for feature vectors (S, 12, F), shape (S,)."""
        network = self.networks[key]
        with torch.inference_mode():
            joined = vectors.flatten(1).to(device)
            return network.purpose.transfer(network.read(joined)).float().cpu().reshape(-1)


def as_stored(network: Network) -> Network:
    """Round the weights of a network, in place, to the precision they are stored in."""
    rounded = in_half_precision(network.state_dict())
    network.load_state_dict(rounded)
    return network


def store_network(
    network: PaperNetwork, folder: Path, features: str, training: Mapping[str, Any]
) -> dict[str, Any]:
    """Write the weights of a network in half precision.

    Parameters
    ----------
    network
        What to store.
    folder
        The model's folder.
    features
        Name of its subnetwork f.
    training
        How it was trained.

    Returns
    -------
    dict
        Its entry for the card.
    """
    purpose = network.purpose
    shards = write_shards(in_half_precision(network.state_dict()), folder, purpose.key)
    return entry_of(purpose, features, shards, training)


def entry_of(
    purpose: Purpose,
    features: str,
    shards: Sequence[Mapping[str, Any]],
    training: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what a card says of a network whose weights lie in some files.

    Parameters
    ----------
    purpose
        Which network.
    features
        Name of its subnetwork f.
    shards
        Its files; networks may share some.
    training
        How it was trained.
    """
    return {
        "title": purpose.title,
        "features": features,
        "inverted": purpose.inverted,
        "shards": list(shards),
        "training": dict(training),
    }


def write_model_card(
    folder: Path, networks: Mapping[str, Any], more: Mapping[str, Any]
) -> dict[str, Any]:
    """Write the card of a model.

    Parameters
    ----------
    folder
        The model's folder.
    networks
        Entries of :func:`store_network` by name.
    more
        ``usual_full_scale``, ``trained_on``, ``figures``, ``side`` and ``pixel_size_nm``.
    """
    missing = [key for key in PURPOSES if key not in networks]
    absent = (f"Not trained: {', '.join(missing)}; theta needs all five.",) if missing else ()
    undertrained = _undertrained(networks)
    card = {
        "format": CARD_FORMAT,
        "kind": PAPER_FIVE,
        "title": TITLE + (", undertrained" if undertrained else ""),
        "created": datetime.now(UTC).date().isoformat(),
        "program_version": heteroagg_gui.__version__,
        "normalisation": "batch renormalisation without clipping, momentum 0.99, epsilon 0.001",
        "side": SIDE_PIXELS,
        "pixel_size_nm": PIXEL_NM,
        **more,
        "networks": {key: networks[key] for key in PURPOSES if key in networks},
        "paper": PUBLISHED,
        "limits": [*undertrained, *_departures(networks), *LIMITS, *absent],
    }
    with replacing(folder / CARD_FILE) as path:
        path.write_text(json.dumps(card, indent=1), encoding="utf-8")
    return card


def _departures(networks: Mapping[str, Any]) -> list[str]:
    """Return in which respects networks were not trained as the paper's."""
    found = []
    if any(_common_files(entry) for entry in networks.values()):
        found.append(
            "One subnetwork f for all networks, taught density maps, descriptors and theta at "
            "once; the subnetworks g were trained on what it says, by the paper's losses."
        )
    for key, entry in networks.items():
        if entry.get("inverted", PURPOSES[key].inverted) != PURPOSES[key].inverted:
            found.append(f"{entry['title']} reads images whose intensities are not inverted.")
    return found


def _common_files(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the files of a network that hold an f of several networks."""
    names = (str(shard["file"]) for shard in entry["shards"])
    return tuple(name for name in names if name.startswith(COMMON_FEATURES))


def _undertrained(networks: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a sentence about networks that have seen their training images too few times."""
    passes = {e["title"]: float(e["training"].get("epochs", 0.0)) for e in networks.values()}
    short = {title: epochs for title, epochs in passes.items() if epochs < FEWEST_EPOCHS}
    if not short:
        return ()
    told = ", ".join(f"{title} {epochs:g}" for title, epochs in short.items())
    if len(short) == len(passes) > 1 and len(set(short.values())) == 1:
        told = f"{next(iter(short.values())):g} each"
    sentence = (
        f"{UNDERTRAINED}, passes over the training images: {told}, where {FEWEST_EPOCHS} or more "
        "are meant. Use what it says for nothing but comparisons."
    )
    return (sentence,)


def load_weights(network: nn.Module, folder: Path, entry: Mapping[str, Any]) -> None:
    """Read the weights of one network, :func:`store_network`, into it.

    Raises
    ------
    ModelError
        If a file is missing, damaged or belongs to another network.
    """
    tensors = read_shards(folder, entry["shards"])
    try:
        network.load_state_dict(
            {k: v.float() if v.is_floating_point() else v for k, v in tensors.items()}
        )
    except RuntimeError as error:
        raise ModelError(
            f"The weights of the network '{folder.name}' are damaged or belong to another "
            "network: install it again."
        ) from error


def load_paper(folder: Path, device: str = "cpu") -> PaperModel:
    """Load a stored model of kind ``paper-five``.

    Parameters
    ----------
    folder
        Holds ``card.json`` and the weights.
    device
        A torch device.

    Raises
    ------
    ModelError
        If a file is missing, damaged or does not fit the card.
    """
    card = read_card(folder)
    document = card.document
    networks = {}
    try:
        side = int(document["side"])
        usual = float(document["usual_full_scale"])
        pixel_nm = float(document["pixel_size_nm"])
        for key, entry in document["networks"].items():
            inverted = entry.get("inverted")
            network = make_network(key, entry["features"], side=side, inverted=inverted)
            load_weights(network, folder, entry)
            network.to(torch.device(device), memory_format=torch.channels_last)  # type: ignore[call-overload]
            networks[key] = fold(network.eval())
        _share_features(networks, document["networks"])
    except ModelError:
        raise
    except (KeyError, TypeError, ValueError, RuntimeError, HeteroaggError) as error:
        raise ModelError(
            f"The card of the network '{card.name}' is damaged: install the network again."
        ) from error
    return PaperModel(card, networks, usual, side, pixel_nm)


def _share_features(
    networks: Mapping[str, PaperNetwork], entries: Mapping[str, Mapping[str, Any]]
) -> None:
    """Let networks whose f lies in the same files have one f, which is computed once."""
    known: dict[tuple[str, ...], nn.Module] = {}
    for key, network in networks.items():
        files = _common_files(entries[key])
        if files:
            network.features = known.setdefault(files, network.features)


def fold(network: PaperNetwork) -> PaperNetwork:
    """Multiply the normalisations of a trained network into its convolutions."""
    for layer in network.modules():
        if isinstance(layer, ConvolutionBlock):
            layer.fold()
    return network
