"""What is known of a network: where it comes from and how well it does. Needs no torch."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.core.materials import DEFAULT_SYSTEM

CARD_FILE = "card.json"
WEIGHTS_FILE = "weights.safetensors"
CARD_FORMAT = 1
KINDS = ("compact-set",)


@dataclass(frozen=True)
class ModelCard:
    """A network's card.

    Parameters
    ----------
    name
        Folder name, by which commands and settings refer to the network.
    title
        One line for people.
    kind
        Which class of network the weights belong to.
    folder
        Where card and weights lie.
    document
        The whole card as stored: ranges, training, figures, limits.
    """

    name: str
    title: str
    kind: str
    folder: Path
    document: dict[str, Any]

    @property
    def material_system(self) -> str:
        """Name of the material system the network was trained for."""
        trained = self.document.get("trained_on")
        name = trained.get("material_system") if isinstance(trained, dict) else None
        return str(name or DEFAULT_SYSTEM)


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def read_card(folder: Path) -> ModelCard:
    """Read and check the card of a network.

    Parameters
    ----------
    folder
        Folder with ``card.json`` and ``weights.safetensors``.

    Raises
    ------
    ModelError
        If the card or the weights are missing or the card is of an unknown form.
    """
    try:
        document = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(
            f"The folder '{folder.name}' holds no network: a {CARD_FILE} and a "
            f"{WEIGHTS_FILE} are expected in it."
        ) from error
    except ValueError as error:
        raise ModelError(
            f"The card of the network '{folder.name}' is damaged: install the network again."
        ) from error
    if not isinstance(document, dict) or document.get("format") != CARD_FORMAT:
        raise ModelError(
            f"The network '{folder.name}' was made for another version of the program: "
            "install a version of it for this one."
        )
    if document.get("kind") not in KINDS:
        raise ModelError(
            f"The network '{folder.name}' is of an unknown kind: this program knows "
            f"{', '.join(KINDS)}."
        )
    if not (folder / WEIGHTS_FILE).is_file():
        raise ModelError(
            f"The weights of the network '{folder.name}' are missing: install it again."
        )
    title = str(document.get("title", folder.name))
    return ModelCard(folder.name, title, str(document["kind"]), folder, document)


def list_models(folders: Sequence[Path]) -> list[ModelCard]:
    """Return the cards of all readable networks in ``folders``, sorted by name.

    A network in a later folder does not replace one of the same name in an earlier one;
    folders that hold no readable network are passed over.
    """
    found: dict[str, ModelCard] = {}
    for folder in folders:
        if not folder.is_dir():
            continue
        for candidate in sorted(folder.iterdir()):
            if (candidate / CARD_FILE).is_file() and candidate.name not in found:
                try:
                    found[candidate.name] = read_card(candidate)
                except ModelError:
                    continue
    return [found[name] for name in sorted(found)]
