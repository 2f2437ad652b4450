"""Session files: what is open, in one file that holds data and nothing that runs."""

from pathlib import Path

from heteroagg_gui.core.errors import ParameterError

SUFFIX = ".heteroagg"


def is_session_path(path: Path) -> bool:
    """Return whether a path is named like a session file."""
    return path.suffix.lower() == SUFFIX


def check_name(path: Path) -> None:
    """Refuse a name under which the file would not be known as a session.

    Raises
    ------
    ParameterError
        If it does not end in ``.heteroagg``.
    """
    if not is_session_path(path):
        raise ParameterError(
            f"The session can't be saved as '{path.name}': give a name that ends in {SUFFIX}."
        )
