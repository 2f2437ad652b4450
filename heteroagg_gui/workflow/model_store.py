"""Adding networks from elsewhere, and handing them on."""

import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.workflow.places import user_models_folder
from heteroagg_gui.workflow.predictors import find_model

if TYPE_CHECKING:
    from heteroagg_gui.learning.model_card import ModelCard

_CARD = "card.json"
_KINDS = frozenset({".json", ".safetensors", ".md", ".txt", ".csv", ".png", ".svg", ".html"})
_LARGEST_BYTES = 4_000_000_000


def read_model_card(folder: Path) -> "ModelCard":
    """Read the card of a network."""
    from heteroagg_gui.learning.model_card import read_card

    return read_card(folder)


def install_model(source: Path, *, replace: bool = False) -> Path:
    """Copy a network into the user's folder of networks.

    Parameters
    ----------
    source
        A network's folder, or a zip file that holds one.
    replace
        Whether an installed network of the same name may be replaced.

    Returns
    -------
    Path
        Its folder.

    Raises
    ------
    ModelError
        If there is no network, or one of this name is installed already.
    """
    if not source.exists():
        raise ModelError(f"'{source}' does not exist: give a network's folder or zip file.")
    target_folder = user_models_folder()
    target_folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target_folder, prefix=".install") as scratch:
        fresh = _gather(source, Path(scratch))
        read_model_card(fresh)
        target = target_folder / fresh.name
        if target.exists() and not replace:
            raise ModelError(
                f"A network '{fresh.name}' is installed already: give --replace to replace it."
            )
        if target.exists():
            target.rename(Path(scratch) / ".old")
        fresh.rename(target)
    return target


def _gather(source: Path, scratch: Path) -> Path:
    """Copy what makes up the network to a folder of its name in ``scratch``."""
    if source.is_dir():
        fresh = scratch / source.resolve().name
        fresh.mkdir()
        for path in _files_of_model(source):
            shutil.copyfile(path, fresh / path.name)
        return fresh
    try:
        with zipfile.ZipFile(source) as archive:
            return _unpack(archive, source, scratch)
    except (zipfile.BadZipFile, OSError) as error:
        raise ModelError(
            f"'{source.name}' is no network: give its folder or a zip file of it."
        ) from error


def _unpack(archive: zipfile.ZipFile, source: Path, scratch: Path) -> Path:
    """Unpack the folder that holds the card, file by file, under its plain names."""
    cards = [name for name in archive.namelist() if name.rpartition("/")[2] == _CARD]
    if len(cards) != 1:
        raise ModelError(f"'{source.name}' holds {len(cards)} networks: give a file with one.")
    inside = cards[0].removesuffix(_CARD)
    entries = [e for e in archive.infolist() if e.filename.startswith(inside) and not e.is_dir()]
    if sum(entry.file_size for entry in entries) > _LARGEST_BYTES:
        raise ModelError(f"'{source.name}' unpacks to more than 4 GB: it is no network.")
    fresh = scratch / (Path(inside).name or source.stem)
    fresh.mkdir()
    for entry in entries:
        name = entry.filename.removeprefix(inside)
        if "/" in name or "\\" in name or Path(name).suffix not in _KINDS:
            continue
        with archive.open(entry) as packed, (fresh / name).open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked)
    return fresh


def _files_of_model(folder: Path) -> list[Path]:
    """Return the files that belong to a network: data and text, nothing that could run."""
    return sorted(p for p in folder.iterdir() if p.is_file() and p.suffix in _KINDS)


def export_model(name: str, target: Path) -> Path:
    """Copy a network to a new folder or into a zip file.

    Parameters
    ----------
    name
        Which network; empty for the default one.
    target
        A file that ends in ``.zip``, or a folder that does not exist yet.

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
    read_model_card(folder)
    if target.suffix == ".zip":
        with replacing(target) as temporary, zipfile.ZipFile(temporary, "w") as archive:
            for path in _files_of_model(folder):
                archive.write(path, f"{folder.name}/{path.name}")
        return target
    if target.exists():
        raise ModelError(f"'{target}' exists already: choose a new folder or a zip file.")
    target.mkdir(parents=True)
    for path in _files_of_model(folder):
        shutil.copyfile(path, target / path.name)
    return target
