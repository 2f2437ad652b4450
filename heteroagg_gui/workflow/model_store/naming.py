"""Names of networks: which ones can be used, and which ones are taken."""

import re
from pathlib import Path

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.workflow import predictors
from heteroagg_gui.workflow.places import user_models_folder

LONGEST = 64
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?<!\.)")
_ODD = re.compile(r"[^A-Za-z0-9._-]+")
_REMEDIES = {
    "renamed": "export it and install the copy under another name",
    "deleted": "make another one the default instead",
}
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class NameTakenError(ModelError):
    """Another network has this name already."""


def check_name(name: str) -> str:
    """Return ``name`` if a network can be called so on every computer.

    Raises
    ------
    ModelError
        If it is too long, or has other characters than the rule allows.
    """
    if len(name) > LONGEST or not _PLAIN.fullmatch(name) or _DEVICES.fullmatch(name):
        raise ModelError(
            f"'{name[:80]}' can't be the name of a network: use up to {LONGEST} letters, digits, "
            "dots, hyphens and underscores, a letter or digit first."
        )
    return name


def plain_name(text: str) -> str:
    """Make a name out of what a folder or file is called."""
    name = _ODD.sub("-", text).strip("-._")[:LONGEST].rstrip("-._")
    return f"network-{name}"[:LONGEST].rstrip("-") if not name or _DEVICES.fullmatch(name) else name


def bundled_names() -> tuple[str, ...]:
    """Return the names of the networks that came with the program."""
    own = user_models_folder()
    folders = [folder for folder in predictors.model_folders() if folder != own]
    return tuple(entry.name for folder in folders for entry in folder.iterdir() if entry.is_dir())


def check_free(name: str, *, replace: bool = False) -> Path:
    """Return the folder that a network of this name gets.

    Parameters
    ----------
    name
        Name; names that differ in case alone count as the same.
    replace
        Whether a network of the user's own may be there already.

    Raises
    ------
    NameTakenError
        If a bundled network has the name, or one of the user's own that must stay.
    """
    folder = user_models_folder()
    if name.lower() in {taken.lower() for taken in bundled_names()}:
        raise NameTakenError(
            f"'{name}' is the name of a network that came with the program and stays as it is: "
            "choose another name."
        )
    taken = _own_names_like(name)
    if taken and not (replace and taken == [name]):
        raise NameTakenError(
            f"A network '{taken[0]}' is installed already: choose another name, or replace it."
        )
    return folder / name


def _own_names_like(name: str) -> list[str]:
    folder = user_models_folder()
    entries = folder.iterdir() if folder.is_dir() else ()
    return sorted(entry.name for entry in entries if entry.name.lower() == name.lower())


def free_name(name: str) -> str:
    """Return ``name``, or where it is taken the first free one of NAME-2, NAME-3, ..."""
    taken = {taken.lower() for taken in bundled_names()}
    number, free = 1, name
    while free.lower() in taken or _own_names_like(free):
        number += 1
        ending = f"-{number}"
        free = name[: LONGEST - len(ending)] + ending
    return free


def own_folder(name: str, deed: str) -> Path:
    """Return the folder of a network of the user's own.

    Parameters
    ----------
    name
        Its name.
    deed
        What can't be done with a bundled one: renamed, deleted.

    Raises
    ------
    ModelError
        If there is no such network, or it is a bundled one.
    """
    folder = user_models_folder() / name
    if name and Path(name).name == name and (folder / "card.json").is_file():
        return folder
    if name in bundled_names():
        raise ModelError(
            f"The network '{name}' came with the program and can't be {deed}: {_REMEDIES[deed]}."
        )
    own = [card.name for card in predictors.list_model_cards() if is_own(card.folder)]
    choice = f"choose one of {', '.join(own)}" if own else "there is none so far"
    raise ModelError(f"There is no network '{name}' of your own: {choice}.")


def is_own(folder: Path) -> bool:
    """Whether a network's folder is one of the user's own."""
    return folder.parent == user_models_folder()
