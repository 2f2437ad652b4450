"""Material systems of the user's own travel with the networks that were trained for them."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from heteroagg_gui.core.errors import HeteroaggError, ModelError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.materials import MaterialSystem, load_material_system
from heteroagg_gui.core.resources import resource_path
from heteroagg_gui.workflow.model_store.limits import LARGEST_TEXT_BYTES
from heteroagg_gui.workflow.model_store.reference_file import check_reference_file
from heteroagg_gui.workflow.places import user_materials_folder

if TYPE_CHECKING:
    from heteroagg_gui.learning.model_card import ModelCard


@dataclass(frozen=True)
class Addition:
    """A file that goes to the user's materials.

    Parameters
    ----------
    source, target
        Where it lies and where it goes.
    """

    source: Path
    target: Path


def materials_of(card: "ModelCard", folder: Path | None = None) -> list[Path]:
    """Return the files of the material system that a network was trained for.

    Parameters
    ----------
    card
        The network's card.
    folder
        Where to look; the user's own materials by default.

    Returns
    -------
    list
        The description and the reference tables of its phases, as far as they are there;
        none for a system that is not in the folder.

    Raises
    ------
    ModelError
        If the description is damaged.
    """
    place = folder or user_materials_folder()
    description = place / f"{card.material_system}.json"
    if not description.is_file():
        return []
    system = _read_system(description)
    phases = {phase for material in system.materials for phase in material.phases}
    tables = (place / f"{phase}.npz" for phase in sorted(phases))
    return [description, *(table for table in tables if table.is_file())]


def _read_system(description: Path) -> MaterialSystem:
    try:
        if description.stat().st_size > LARGEST_TEXT_BYTES:
            raise ModelError(f"The material system '{description.name}' is too large to be one.")
        return load_material_system(description.stem, description.parent)
    except ModelError:
        raise
    except (HeteroaggError, RecursionError) as error:
        raise ModelError(
            f"The material system '{description.name}' that came with the network is damaged: "
            "ask for the network again."
        ) from error


def check_materials(card: "ModelCard", folder: Path) -> list[Addition]:
    """Return what of a material system is to be added to the user's materials.

    Parameters
    ----------
    card
        Card of the network that was trained for it.
    folder
        Where its files lie.

    Raises
    ------
    ModelError
        If a file is damaged, or another one of the same name is at hand.
    """
    additions = []
    for source in materials_of(card, folder):
        if source.is_symlink():
            raise ModelError(f"'{source.name}' is a link: give the file itself.")
        if source.suffix == ".npz":
            check_reference_file(source)
        target = user_materials_folder() / source.name
        known = [path for path in (target, _bundled(source.name)) if path and path.exists()]
        if not known:
            additions.append(Addition(source, target))
        elif not any(_is_same(source, path) for path in known):
            raise ModelError(
                f"The network brings a '{source.name}' that differs from the one at hand: rename "
                f"yours in '{user_materials_folder()}', or ask for the network under another name "
                "of its materials."
            )
    return additions


def _bundled(name: str) -> Path | None:
    place = "materials" if name.endswith(".json") else "reference"
    try:
        return resource_path(place, name)
    except HeteroaggError:
        return None


def _is_same(first: Path, second: Path) -> bool:
    """Whether two files say the same; the layout of a description does not matter."""
    if first.read_bytes() == second.read_bytes():
        return True
    if first.suffix != ".json":
        return False
    try:
        return bool(
            json.loads(first.read_text(encoding="utf-8"))
            == json.loads(second.read_text(encoding="utf-8"))
        )
    except (ValueError, RecursionError):
        return False


def add_materials(additions: Sequence[Addition]) -> list[Path]:
    """Copy files to the user's materials; the description last, so that it is complete.

    Returns
    -------
    list
        What was written, to be taken back if something else fails.
    """
    written: list[Path] = []
    try:
        for addition in sorted(additions, key=lambda addition: addition.target.suffix == ".json"):
            with replacing(addition.target) as temporary:
                shutil.copyfile(addition.source, temporary)
            written.append(addition.target)
    except BaseException:
        take_back(written)
        raise
    return written


def take_back(written: Sequence[Path]) -> None:
    """Remove files that were just written."""
    for path in written:
        path.unlink(missing_ok=True)
