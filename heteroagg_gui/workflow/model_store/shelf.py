"""Everything there is to show of the networks at hand, found in one go."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from heteroagg_gui.workflow import predictors
from heteroagg_gui.workflow.model_store.trash import DeletedModel, deleted_models

if TYPE_CHECKING:
    from heteroagg_gui.learning.model_card import ModelCard


@dataclass(frozen=True)
class Shelf:
    """The networks at hand.

    Parameters
    ----------
    cards
        All networks, sorted by name.
    default
        Name of the one that is used when none is named; empty where there is none.
    deleted
        Those that can be restored, the latest first.
    """

    cards: "tuple[ModelCard, ...]" = ()
    default: str = ""
    deleted: tuple[DeletedModel, ...] = ()


def networks_at_hand() -> Shelf:
    """Look for the networks that can be used and those that can be restored."""
    cards = tuple(predictors.list_model_cards())
    default = predictors.default_among(cards).name if cards else ""
    return Shelf(cards, default, tuple(deleted_models()))


def read_model_card(folder: Path) -> "ModelCard":
    """Read the card of a network."""
    from heteroagg_gui.learning.model_card import read_card

    return read_card(folder)
