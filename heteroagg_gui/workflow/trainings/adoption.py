"""Taking a network that was trained into use, or handing it on."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.workflow.model_store import export_model, install_model
from heteroagg_gui.workflow.model_store.naming import check_free, check_name
from heteroagg_gui.workflow.trainings.training import NETWORK_FOLDER

MATERIALS_FOLDER = "materials"


def check_network_name(name: str) -> None:
    """Refuse a name that a network can't have.

    Raises
    ------
    ModelError
        If it is no plain name, or another network has it.
    """
    check_free(check_name(name))


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
    ModelError
        If the name can't be used, or there is no finished network.
    """
    check_network_name(name)
    materials = folder / MATERIALS_FOLDER
    return install_model(
        _network_of(folder), name=name, materials=materials if materials.is_dir() else None
    )


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
    source = _network_of(folder)
    with tempfile.TemporaryDirectory(prefix="heteroagg-network-") as scratch:
        network = Path(scratch) / name
        shutil.copytree(source, network)
        if (folder / MATERIALS_FOLDER).is_dir():
            shutil.copytree(folder / MATERIALS_FOLDER, Path(scratch) / MATERIALS_FOLDER)
        yield network


def _network_of(folder: Path) -> Path:
    network = folder / NETWORK_FOLDER
    if not network.is_dir():
        raise ModelError("The training has not made a network yet: let it finish first.")
    return network
