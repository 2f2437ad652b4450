"""Choosing the network that is used when none is named."""

from dataclasses import replace

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.workflow.chosen_network import remember_chosen_network
from heteroagg_gui.workflow.places import preferences_path
from heteroagg_gui.workflow.predictors import list_model_cards
from heteroagg_gui.workflow.preferences import load_preferences, save_preferences


def set_default_model(name: str) -> None:
    """Use a network from now on, in the window and on the command line.

    Parameters
    ----------
    name
        Name of a network of the user's own or a bundled one; empty leaves the choice to
        the program again.

    Raises
    ------
    ModelError
        If there is no such network.
    """
    known = [card.name for card in list_model_cards()]
    if name and name not in known:
        choice = f"choose one of {', '.join(known)}" if known else "none is installed"
        raise ModelError(f"There is no network '{name}': {choice}.")
    remember_chosen_network(name)
    if preferences_path().is_file():
        preferences = load_preferences()
        if preferences.model:
            save_preferences(replace(preferences, model=""))
