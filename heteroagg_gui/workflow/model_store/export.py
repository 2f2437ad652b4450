"""Handing a network on, with the material system it was trained for."""

import shutil
import tempfile
import zipfile
from pathlib import Path

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.workflow.model_store.install import files_of_model
from heteroagg_gui.workflow.model_store.limits import MATERIALS
from heteroagg_gui.workflow.model_store.shelf import read_model_card
from heteroagg_gui.workflow.model_store.travelling_materials import materials_of
from heteroagg_gui.workflow.predictors import find_model


def export_model(name: str, target: Path, progress: Progress = no_progress) -> Path:
    """Write a network to one zip file, or to a new folder.

    A material system of the user's own, and the reference tables of its phases, go with
    it.

    Parameters
    ----------
    name
        Which network; empty for the default one.
    target
        A file that ends in ``.zip``, or a folder that does not exist yet.
    progress
        Receives the share done; may raise Cancelled.

    Returns
    -------
    Path
        What was written.

    Raises
    ------
    ModelError
        If there is no such network or the folder exists.
    """
    folder = find_model(name)
    card = read_model_card(folder)
    pairs = [(path, f"{folder.name}/{path.name}") for path in files_of_model(folder)]
    pairs += [(path, f"{MATERIALS}/{path.name}") for path in materials_of(card)]
    if target.suffix.lower() == ".zip":
        with replacing(target) as temporary, zipfile.ZipFile(temporary, "w") as archive:
            for done, (path, inside) in enumerate(pairs):
                progress(done / len(pairs), f"Writing {path.name}")
                archive.write(path, inside, zipfile.ZIP_DEFLATED)
        return target
    if target.exists():
        raise ModelError(f"'{target}' exists already: choose a new folder or a zip file.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as scratch:
        fresh = Path(scratch) / target.name
        for done, (path, inside) in enumerate(pairs):
            progress(done / len(pairs), f"Writing {path.name}")
            copy = fresh / inside.removeprefix(f"{folder.name}/")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        fresh.rename(target)
    return target
