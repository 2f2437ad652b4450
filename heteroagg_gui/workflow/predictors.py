"""Which network is used, and keeping it loaded."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from heteroagg_gui.core.errors import ModelError, ResourceError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.prediction import Prediction
from heteroagg_gui.core.progress import Progress
from heteroagg_gui.core.resources import models_folder
from heteroagg_gui.workflow.chosen_network import chosen_network
from heteroagg_gui.workflow.places import user_models_folder
from heteroagg_gui.workflow.state import SessionState

if TYPE_CHECKING:
    from heteroagg_gui.learning.model_card import ModelCard


class Predictor(Protocol):
    """A loaded network."""

    def predict(self, micrographs: Sequence[Micrograph], progress: Progress) -> Prediction:
        """Estimate theta from a set of calibrated micrographs."""


MOST_LOADED = 2
"""A network and the one that takes over where images are not clean."""

_loaded: dict[tuple[str, str, float], Predictor] = {}
_lock = Lock()


def model_folders() -> list[Path]:
    """Return the folders that hold networks: the user's own first, then the bundled ones."""
    folders = [user_models_folder()]
    with contextlib.suppress(ResourceError):
        folders.append(models_folder())
    return [folder for folder in folders if folder.is_dir()]


def list_model_cards() -> "list[ModelCard]":
    """Return the cards of all networks, sorted by name; needs no torch."""
    from heteroagg_gui.learning.model_card import list_models

    return list_models(model_folders())


def find_model(name: str = "") -> Path:
    """Return the folder of a network.

    Parameters
    ----------
    name
        Its folder's name, or a path to a folder; empty for the default network.

    Raises
    ------
    ModelError
        If there is no such network.
    """
    if not name:
        return default_model().folder
    candidates = [Path(name), *(folder / name for folder in model_folders())]
    for folder in candidates:
        if (folder / "card.json").is_file():
            return folder
    known = ", ".join(card.name for card in list_model_cards())
    choice = f"choose one of {known}" if known else "none is installed"
    raise ModelError(f"There is no network '{name}': {choice}.")


def note_on_missing(state: SessionState) -> str | None:
    """Return a sentence where the network of a session is not installed here.

    What it has predicted can be shown all the same.
    """
    named = state.settings.model or (state.prediction.model if state.prediction else "")
    if not named:
        return None
    try:
        find_model(named)
    except ModelError:
        return (
            f"The network '{named}' of this session is not installed: its results are shown, "
            "add the network or choose another one to predict anew."
        )
    return None


def default_model() -> "ModelCard":
    """Return the card of the network that is used when none is named.

    Raises
    ------
    ModelError
        If no network is installed.
    """
    return default_among(list_model_cards())


def default_among(cards: "Sequence[ModelCard]") -> "ModelCard":
    """Return the default one of these networks.

    The one the user chose, or else the bundled one whose card says so, or else the first
    bundled one, or else the user's first.

    Raises
    ------
    ModelError
        If there is none.
    """
    if not cards:
        raise ModelError(
            "No network is installed: train one, or add one with 'heteroagg models install'."
        )
    chosen, own = chosen_network(), user_models_folder()
    return min(
        cards,
        key=lambda card: (
            card.name != chosen,
            card.folder.parent == own,
            not card.document.get("default"),
        ),
    )


def robust_companion(name: str) -> str | None:
    """Return the network that knows imperfect images of the same materials, if there is one.

    Parameters
    ----------
    name
        A network that was trained on clean images.
    """
    return companion_among(list_model_cards(), name)


def companion_among(cards: "Sequence[ModelCard]", name: str) -> str | None:
    """Return the robust companion of a network among these networks, if there is one."""
    clean = next((card for card in cards if card.name == name), None)
    if clean is None or clean.is_robust:
        return None
    fitting = (
        card.name
        for card in cards
        if card.is_robust and card.material_system == clean.material_system
    )
    return next(fitting, None)


def load_predictor_named(name: str = "", device: str = "auto") -> Predictor:
    """Return a loaded network, keeping it for the next call.

    Parameters
    ----------
    name
        Network; empty for the default one.
    device
        auto, cpu, cuda or mps.

    Raises
    ------
    ModelError
        If there is no such network or it can't be loaded.
    """
    folder = find_model(name)
    changed = (folder / "card.json").stat().st_mtime
    with _lock:
        key = (str(folder), device, changed)
        if key not in _loaded:
            from heteroagg_gui.learning.predictor import load_predictor

            while len(_loaded) >= MOST_LOADED:
                _loaded.pop(next(iter(_loaded)))
            _loaded[key] = load_predictor(folder, device)
        return _loaded[key]
