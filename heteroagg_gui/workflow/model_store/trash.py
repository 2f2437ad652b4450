"""Deleted networks, kept for a while so that deleting can be taken back."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.workflow.model_store.naming import check_free, check_name, own_folder
from heteroagg_gui.workflow.places import data_folder, deleted_models_folder, user_models_folder

KEPT_DAYS = 30
SCRATCH_PREFIX = ".install-"
_SCRATCH_DAYS = 1
_STAMP = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True)
class DeletedModel:
    """A network that can be restored.

    Parameters
    ----------
    name
        What it was called.
    deleted
        When, in universal time.
    folder
        Where it is kept.
    """

    name: str
    deleted: datetime
    folder: Path

    @property
    def key(self) -> str:
        """What tells it from other deleted ones of the same name."""
        return self.folder.name

    @property
    def kept_until(self) -> datetime:
        """When it may be gone for good."""
        return self.deleted + timedelta(days=KEPT_DAYS)


def delete_model(name: str) -> DeletedModel:
    """Take a network of the user's own away; it can be restored for 30 days.

    Parameters
    ----------
    name
        Which.

    Raises
    ------
    ModelError
        If there is none of this name, or it is a bundled one.
    """
    return put_aside(own_folder(name, "deleted"))


def put_aside(folder: Path) -> DeletedModel:
    """Move a network's folder to the deleted ones."""
    stamp = datetime.now(UTC)
    place = deleted_models_folder()
    place.mkdir(parents=True, exist_ok=True)
    target = place / f"{stamp.strftime(_STAMP)}-{folder.name}"
    folder.rename(target)
    return DeletedModel(folder.name, stamp, target)


def deleted_models() -> list[DeletedModel]:
    """Return the networks that can be restored, the latest first."""
    place = deleted_models_folder()
    found = [_read(entry) for entry in place.iterdir()] if place.is_dir() else []
    known = [entry for entry in found if entry is not None]
    return sorted(known, key=lambda entry: entry.key, reverse=True)


def _read(folder: Path) -> DeletedModel | None:
    stamp, _, name = folder.name.partition("-")
    try:
        deleted = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return DeletedModel(name, deleted, folder) if (folder / "card.json").is_file() else None


def restore_model(key: str = "", *, name: str = "") -> Path:
    """Bring a deleted network back.

    Parameters
    ----------
    key
        Its name, of which the latest counts, or its key; empty for the latest of all.
    name
        What it is called from now on; as before if empty.

    Returns
    -------
    Path
        Its folder.

    Raises
    ------
    ModelError
        If there is no such network, or the name is taken.
    """
    known = deleted_models()
    found = next((entry for entry in known if key in ("", entry.name, entry.key)), None)
    if found is None:
        names = ", ".join(dict.fromkeys(entry.name for entry in known))
        choice = f"choose one of {names}" if names else "none was deleted"
        raise ModelError(f"There is no deleted network '{key}' to restore: {choice}.")
    target = check_free(check_name(name or found.name))
    user_models_folder().mkdir(parents=True, exist_ok=True)
    found.folder.rename(target)
    return target


def forget_old(now: datetime | None = None) -> None:
    """Remove for good what was deleted more than 30 days ago, and what a crash left behind.

    Parameters
    ----------
    now
        The time that counts; the present one by default.
    """
    now = now or datetime.now(UTC)
    for entry in deleted_models():
        if entry.kept_until < now:
            shutil.rmtree(entry.folder, ignore_errors=True)
    day_ago = (now - timedelta(days=_SCRATCH_DAYS)).timestamp()
    for scratch in data_folder().glob(f"{SCRATCH_PREFIX}*"):
        if scratch.stat().st_mtime < day_ago:
            shutil.rmtree(scratch, ignore_errors=True)
