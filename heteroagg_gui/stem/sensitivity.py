"""Measured sensitivity of an annular detector against the scattering angle."""

from pathlib import Path

import numpy as np

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.stem.reference_table import Sensitivity


def read_sensitivity(path: Path) -> Sensitivity:
    """Read a sensitivity curve: two columns of text, angle in mrad and relative response.

    Columns are parted by blanks, tabs, commas or semicolons; lines that begin with ``#``
    are passed over. A response of 1 means that every electron is counted, section 2.1.3.

    Parameters
    ----------
    path : Path
        The text file.

    Returns
    -------
    tuple of ndarray
        Angles in mrad, increasing, and the response at each of them.

    Raises
    ------
    ParameterError
        If the file holds no such curve.
    """
    try:
        text = path.read_text(encoding="utf-8")
        lines = [line.strip() for line in text.splitlines()]
        rows = [line for line in lines if line and not line.startswith("#")]
        table = np.array([line.replace(",", " ").replace(";", " ").split() for line in rows], float)
    except (OSError, ValueError) as error:
        raise ParameterError(f"'{path.name}' is no sensitivity curve: {_WANTED}.") from error
    if table.ndim != 2 or table.shape[1] != 2 or len(table) < 2:
        raise ParameterError(f"'{path.name}' is no sensitivity curve: {_WANTED}.")
    angle, response = table.T
    sound = np.all(np.isfinite(table)) and np.all(table >= 0.0) and np.all(np.diff(angle) > 0.0)
    if not sound or not response.any():
        raise ParameterError(
            f"The sensitivity curve '{path.name}' can't be used: angles in mrad must increase, "
            "and the response must not be negative."
        )
    return angle, response


_WANTED = "give two columns of numbers, angle in mrad and relative response"
