"""Measured sensitivity curves of detectors."""

from pathlib import Path

import numpy as np
import pytest

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.stem.curves import load_curves
from heteroagg_gui.stem.sensitivity import read_sensitivity


@pytest.mark.parametrize("separator", [" ", "\t", ", ", ";"])
def test_two_columns_are_read(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "curve.txt"
    rows = [f"{angle}{separator}{response}" for angle, response in [(40, 0.2), (60, 1), (200, 0.8)]]
    path.write_text("# angle response\n\n" + "\n".join(rows) + "\n")
    angle, response = read_sensitivity(path)
    assert angle.tolist() == [40.0, 60.0, 200.0]
    assert response.tolist() == [0.2, 1.0, 0.8]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "50 1",
        "50 1\n60 1 2\n",
        "a b\nc d\n",
        "60 1\n50 1\n",
        "50 -1\n60 1\n",
        "50 0\n60 0\n",
        "50 nan\n60 1\n",
    ],
)
def test_what_is_no_curve_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "curve.txt"
    path.write_text(content)
    with pytest.raises(ParameterError, match=r"curve\.txt"):
        read_sensitivity(path)


def test_a_missing_curve_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"none\.txt"):
        read_sensitivity(tmp_path / "none.txt")


def test_half_the_response_halves_the_curves() -> None:
    half = (np.array([0.0, 300.0]), np.array([0.5, 0.5]))
    full, reduced = load_curves().intensity, load_curves(sensitivity=half).intensity
    inside = slice(1, 200)
    assert np.allclose(reduced[:, inside], 0.5 * full[:, inside], rtol=1e-6)
