"""Taking a network that was trained into use, or handing it on."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from heteroagg_gui.core.errors import ModelError, ParameterError
from heteroagg_gui.learning.retraining.plan import check_name
from heteroagg_gui.workflow.model_store import export_model, install_model
from heteroagg_gui.workflow.places import user_models_folder
from heteroagg_gui.workflow.predictors import model_folders
from heteroagg_gui.workflow.trainings.training import NETWORK_FOLDER

MATERIALS_FOLDER = "materials"


def free_name(wish: str) -> str:
    """Return a name like the wish that no network has yet."""
    if not _is_taken(wish):
        return wish
    stem = re.sub(r"-\d+$", "", wish)
    return next(name for k in range(2, 10_000) if not _is_taken(name := f"{stem}-{k}"))


def check_network_name(name: str) -> None:
    """Refuse a name that a network can't have.

    Raises
    ------
    ParameterError
        If it is no plain name, or another network has it.
    """
    check_name(name, "a network")
    if _is_taken(name):
        raise ParameterError(f"There is a network '{name}' already: choose another name.")


def adopt(folder: Path, name: str) -> Path:
    """Install the network of a training under a name.

    Parameters
    ----------
    folder
        The training's folder.
    name
        What the network is to be called.

    Returns
    -------
    Path
        The installed network's folder.

    Raises
    ------
    ParameterError
        If the name can't be used.
    ModelError
        If there is no finished network.
    """
    check_network_name(name)
    with _copy_named(folder, name) as network:
        return install_model(network)


def export(folder: Path, name: str, target: Path) -> Path:
    """Write the network of a training to a new folder or into a zip file.

    Parameters
    ----------
    folder
        The training's folder.
    name
        What the network is called in there.
    target
        A file that ends in ``.zip``, or a folder that does not exist yet.

    Raises
    ------
    ModelError
        If there is no finished network, or the folder exists.
    """
    with _copy_named(folder, name) as network:
        return export_model(str(network), target)


@contextmanager
def _copy_named(folder: Path, name: str) -> Iterator[Path]:
    """Yield a copy of the network under its name, the materials of its own beside it."""
    source = folder / NETWORK_FOLDER
    if not source.is_dir():
        raise ModelError("The training has not made a network yet: let it finish first.")
    with tempfile.TemporaryDirectory(prefix="heteroagg-network-") as scratch:
        network = Path(scratch) / name
        shutil.copytree(source, network)
        if (folder / MATERIALS_FOLDER).is_dir():
            shutil.copytree(folder / MATERIALS_FOLDER, Path(scratch) / MATERIALS_FOLDER)
        yield network


def _is_taken(name: str) -> bool:
    folders = {*model_folders(), user_models_folder()}
    return any((folder / name).exists() for folder in folders)
