"""Adding a network from a folder or a file: checked first, then visible all at once."""

import contextlib
import shutil
import tempfile
from pathlib import Path

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.core.progress import Progress, no_progress, part_of
from heteroagg_gui.workflow.model_store.archive import look_into, open_archive, unpack
from heteroagg_gui.workflow.model_store.limits import (
    CARD,
    MATERIALS,
    NETWORK_KINDS,
    check_size,
    check_total,
)
from heteroagg_gui.workflow.model_store.naming import check_free, check_name, plain_name
from heteroagg_gui.workflow.model_store.trash import SCRATCH_PREFIX, put_aside
from heteroagg_gui.workflow.model_store.travelling_materials import (
    add_materials,
    check_materials,
    take_back,
)
from heteroagg_gui.workflow.model_store.validation import check_network
from heteroagg_gui.workflow.places import data_folder, user_models_folder


def install_model(
    source: Path,
    *,
    name: str = "",
    replace: bool = False,
    materials: Path | None = None,
    progress: Progress = no_progress,
) -> Path:
    """Copy a network into the user's folder of networks.

    Everything is checked, and the network is loaded once, before anything of it can be
    seen; where a check fails, nothing is left behind.

    Parameters
    ----------
    source
        A network's folder, or a zip file that holds one.
    name
        What to call it; made from the name of the folder or file if empty.
    replace
        Whether a network of the same name that the user has may be replaced; it is kept
        among the deleted ones.
    materials
        Folder with the material system the network was trained for, ``SYSTEM.json`` and
        ``PHASE.npz``; for a network's folder the folder ``materials`` in it or beside it
        by default.
    progress
        Receives the share done; may raise Cancelled.

    Returns
    -------
    Path
        Its folder.

    Raises
    ------
    ModelError
        In one sentence: what is wrong with the network, or that its name is taken.
    """
    title = check_name(name) if name else proposed_name(source)
    target = check_free(title, replace=replace)
    data_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data_folder(), prefix=SCRATCH_PREFIX) as scratch:
        fresh = Path(scratch) / title
        found = _gather(source, fresh, part_of(progress, 0.0, 0.4))
        card = check_network(fresh, part_of(progress, 0.4, 0.9))
        place = materials or found
        additions = check_materials(card, place) if place is not None else []
        progress(0.95, f"Adding {title}")
        written = add_materials(additions)
        try:
            _put(fresh, target)
        except BaseException:
            take_back(written)
            raise
    return target


def proposed_name(source: Path) -> str:
    """Return what a network is called where no name is given.

    Parameters
    ----------
    source
        A network's folder, or a zip file that holds one.

    Raises
    ------
    ModelError
        If there is nothing, or the file is no network's.
    """
    if not source.exists():
        raise ModelError(f"'{source}' does not exist: give a network's folder or zip file.")
    if source.is_dir():
        return plain_name(source.resolve().name)
    with open_archive(source) as archive:
        return plain_name(look_into(archive, source.name).name or source.stem)


def _gather(source: Path, fresh: Path, progress: Progress) -> Path | None:
    """Copy what makes up the network to ``fresh``; return the folder of its materials."""
    fresh.mkdir()
    if not source.is_dir():
        with open_archive(source) as archive:
            return unpack(archive, look_into(archive, source.name), fresh, progress)
    paths = files_of_model(source)
    for path in paths:
        if path.is_symlink():
            raise ModelError(
                f"'{path.name}' in '{source.name}' is a link: put the file itself in its place."
            )
        check_size(path.name, path.stat().st_size, source.name)
    check_total([path.stat().st_size for path in paths], source.name, fresh.parent)
    for done, path in enumerate(paths):
        progress(done / len(paths), f"Copying {path.name}")
        shutil.copyfile(path, fresh / path.name)
    beside = (source / MATERIALS, source.resolve().parent / MATERIALS)
    return next((folder for folder in beside if folder.is_dir()), None)


def files_of_model(folder: Path) -> list[Path]:
    """Return the files that belong to a network: data and text, nothing that could run.

    Weights that the card does not name, such as those a training goes on from, stay where
    they are.
    """
    from heteroagg_gui.learning.model_card import read_card, weights_files

    found = [p for p in folder.iterdir() if p.is_file() and p.suffix in NETWORK_KINDS]
    with contextlib.suppress(ModelError):  # what is wrong with a card is said when it is checked
        named = weights_files(read_card(folder).document, folder.name)
        found = [p for p in found if p.suffix != ".safetensors" or p.name in named]
    return sorted(found, key=lambda path: (path.name != CARD, path.name))


def _put(fresh: Path, target: Path) -> None:
    """Move a checked network to its place; one that was there goes to the deleted ones."""
    user_models_folder().mkdir(parents=True, exist_ok=True)
    former = put_aside(target) if target.exists() else None
    try:
        fresh.rename(target)
    except OSError:
        if former is not None:
            with contextlib.suppress(OSError):
                former.folder.rename(target)
        raise
