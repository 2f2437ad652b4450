"""Where the files that ship with the program lie: source tree, wheel or frozen bundle."""

import sys
from pathlib import Path

from heteroagg_gui.core.errors import ResourceError

_PACKAGE = Path(__file__).resolve().parent.parent


def _find_folder(name: str) -> Path:
    bundle = getattr(sys, "_MEIPASS", None)
    roots = [Path(bundle)] if bundle else []
    for root in (*roots, _PACKAGE, _PACKAGE.parent):
        if (root / name).is_dir():
            return root / name
    raise ResourceError(f"The program's folder '{name}' is missing: install the program again.")


def resource_path(*parts: str) -> Path:
    """Return the path of a file under ``resources/``.

    Raises
    ------
    ResourceError
        If the file does not exist.
    """
    path = _find_folder("resources").joinpath(*parts)
    if not path.exists():
        raise ResourceError(
            f"The program's file '{'/'.join(parts)}' is missing: install the program again."
        )
    return path


def models_folder() -> Path:
    """Return the folder of the bundled networks."""
    return _find_folder("models")
