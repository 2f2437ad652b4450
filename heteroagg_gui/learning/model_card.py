"""What is known of a network: where it comes from and how well it does. Needs no torch."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.core.materials import DEFAULT_SYSTEM

CARD_FILE = "card.json"
WEIGHTS_FILE = "weights.safetensors"
CARD_FORMAT = 1
COMPACT_SET = "compact-set"
PAPER_FIVE = "paper-five"
KINDS = (COMPACT_SET, PAPER_FIVE)
ROBUST = "robust"
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.safetensors")


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

    @property
    def is_robust(self) -> bool:
        """Whether the network takes over where images are unlike clean ones."""
        return self.document.get("role") == ROBUST


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def weights_files(document: dict[str, Any], name: str) -> list[str]:
    """Return the names of the files that hold a network's weights.

    Parameters
    ----------
    document
        The card. One of the kind ``paper-five`` lists, for each of its networks, files and
        their checksums under ``shards``.
    name
        What the network is called.

    Raises
    ------
    ModelError
        If the list is damaged, or names a file outside the network's own folder.
    """
    if document.get("kind") != PAPER_FIVE:
        return [WEIGHTS_FILE]
    try:
        shards = [s for entry in document["networks"].values() for s in entry["shards"]]
        names = [shard["file"] for shard in shards]
    except (KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"The card of the network '{name}' is damaged: install the network again."
        ) from error
    if not all(isinstance(n, str) and _PLAIN_NAME.fullmatch(n) for n in names):
        raise ModelError(
            f"The card of the network '{name}' names files outside its folder: do not use it."
        )
    return list(dict.fromkeys(names))


def read_card(folder: Path) -> ModelCard:
    """Read and check the card of a network.

    Parameters
    ----------
    folder
        Folder with ``card.json`` and the weights.

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
    except (ValueError, RecursionError) as error:
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
    if not all((folder / name).is_file() for name in weights_files(document, folder.name)):
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
