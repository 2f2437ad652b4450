"""A plan small enough for a test, and what identifies a finished set."""

import hashlib
from pathlib import Path
from typing import Any

from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.dataset.plan import DataPlan, listed_plan
from heteroagg_gui.stem.microscope import Frame

THETAS = (Theta(1.8, 0.5, 2, 3), Theta(2.3, 0.3, 1, 4))


def small_plan(per_configuration: int = 10, **settings: Any) -> DataPlan:
    """Return two configurations in files of 7 images, none of which ends with one."""
    given: dict[str, Any] = {"chunk_size": 7, "frame": Frame(256, 256, 2.5), "seed": 3}
    return listed_plan(THETAS, per_configuration, **{**given, **settings})


def fingerprint(folder: Path) -> dict[str, str]:
    """Return the checksum of every file in a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
