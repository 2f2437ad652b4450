"""Giving a network another name or title."""

import json
from dataclasses import replace
from pathlib import Path

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.workflow.chosen_network import chosen_network, remember_chosen_network
from heteroagg_gui.workflow.model_store.limits import CARD
from heteroagg_gui.workflow.model_store.naming import check_free, check_name, own_folder
from heteroagg_gui.workflow.model_store.shelf import read_model_card
from heteroagg_gui.workflow.places import preferences_path
from heteroagg_gui.workflow.preferences import load_preferences, save_preferences

LONGEST_TITLE = 300


def rename_model(name: str, new_name: str = "", title: str = "") -> Path:
    """Give a network of the user's own another name, another title, or both.

    The choice of the default network follows.

    Parameters
    ----------
    name
        Which network.
    new_name
        What to call it from now on; as before if empty.
    title
        One line for people; as before if empty.

    Returns
    -------
    Path
        Its folder.

    Raises
    ------
    ModelError
        If there is no such network, it is a bundled one, or the new name can't be used.
    """
    folder = own_folder(name, "renamed")
    new_name, title = new_name or name, title.strip()
    if len(title) > LONGEST_TITLE or not title.isprintable():
        raise ModelError(f"The title can't be used: write one line of up to {LONGEST_TITLE} signs.")
    target = folder
    if new_name != name:
        check_name(new_name)
        if new_name.lower() != name.lower():
            check_free(new_name)
        target = folder.rename(folder.with_name(new_name))
        _follow(name, new_name)
    if title:
        document = dict(read_model_card(target).document) | {"title": title}
        with replacing(target / CARD) as temporary:
            temporary.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return target


def _follow(name: str, new_name: str) -> None:
    """Keep the choices of the user that name the network."""
    if chosen_network() == name:
        remember_chosen_network(new_name)
    if preferences_path().is_file():
        preferences = load_preferences()
        if preferences.model == name:
            save_preferences(replace(preferences, model=new_name))
