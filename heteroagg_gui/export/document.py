"""Results as JSON documents."""

import json
import math
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from heteroagg_gui.core.files import replacing


def write_json(path: Path, document: Any) -> None:
    """Write a document of plain and numpy values.

    Parameters
    ----------
    path
        The JSON file; replaced only once the new one is complete.
    document
        Mappings, sequences, arrays, text, numbers and paths; NaN and infinity, which JSON
        does not know, become null.
    """
    text = json.dumps(as_plain(document), indent=2, ensure_ascii=False, allow_nan=False)
    with replacing(path) as part:
        part.write_text(text + "\n", encoding="utf-8", newline="\n")


def as_plain(value: Any) -> Any:
    """Return the document with nothing in it but what JSON knows."""
    if isinstance(value, Mapping):
        return {str(key): as_plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_plain(entry) for entry in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return as_plain(value.tolist())
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
