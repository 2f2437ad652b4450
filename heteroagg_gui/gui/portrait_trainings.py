"""Trainings for pictures of the window: copies of those in a folder, as if they ran."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from heteroagg_gui.core.folder_lock import LOCK_FILE, FolderLock
from heteroagg_gui.workflow.places import user_trainings_folder
from heteroagg_gui.workflow.trainings.reading import read_object
from heteroagg_gui.workflow.trainings.status import LIVE_STATES, STATUS_FILE
from heteroagg_gui.workflow.trainings.training import find_folders


@contextmanager
def borrowed_trainings(folder: Path | None) -> Iterator[None]:
    """Copy trainings among those of the user; one that says that it runs is taken at its word.

    Parameters
    ----------
    folder
        Where the trainings lie, a folder each; None for none.
    """
    with ExitStack() as held:
        for source in find_folders(folder) if folder is not None else ():
            copy = user_trainings_folder() / source.name
            shutil.copytree(source, copy)
            status = dict(read_object(copy / STATUS_FILE) or {})
            if status.get("state") in LIVE_STATES:
                text = json.dumps(status | {"pid": 0})
                (copy / STATUS_FILE).write_text(text, encoding="utf-8")
                held.enter_context(FolderLock(copy / LOCK_FILE))
        yield
