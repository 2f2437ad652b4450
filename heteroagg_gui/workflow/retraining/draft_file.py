"""The unfinished draft in the user's folder, there again at the next start."""

import json
import logging
from pathlib import Path

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.learning.retraining.plan_file import as_plain, from_plain
from heteroagg_gui.workflow.places import data_folder
from heteroagg_gui.workflow.retraining.draft import Draft

_FORMAT = 1
_log = logging.getLogger(__name__)


def draft_path() -> Path:
    """Return the file of the unfinished draft."""
    return data_folder() / "unfinished-training.json"


def keep_draft(draft: Draft, path: Path | None = None) -> None:
    """Keep a draft for the next start; one that is as the program starts with is forgotten.

    Raises
    ------
    OSError
        If it can't be written.
    """
    path = path or draft_path()
    if draft == Draft():
        path.unlink(missing_ok=True)
        return
    with replacing(path) as part:
        document = {"format": _FORMAT, "draft": as_plain(draft)}
        part.write_text(json.dumps(document), encoding="utf-8")


def kept_draft(path: Path | None = None) -> Draft:
    """Return the draft that was kept, or a fresh one where there is none or it is damaged."""
    try:
        document = json.loads((path or draft_path()).read_text(encoding="utf-8"))
        draft = from_plain(document["draft"], Draft, "draft")
    except FileNotFoundError:
        return Draft()
    except (OSError, ValueError, KeyError, TypeError, RecursionError, HeteroaggError) as error:
        _log.warning("The unfinished training can't be read: %s", error)
        return Draft()
    return draft if isinstance(draft, Draft) else Draft()
