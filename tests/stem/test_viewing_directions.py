"""Which directions a crystal is seen from, and which of them symmetry makes equal."""

import itertools

import numpy as np
import pytest

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.stem.crystals import Crystal
from heteroagg_gui.stem.equivalent_views import exchanges_axes, shared_views
from heteroagg_gui.stem.viewing_directions import ORIENTATIONS, angle_of, typical_direction

RUTILE_CELL = np.diag([4.5937, 4.5937, 2.9587])
TRICLINIC_CELL = np.array([[7.3, 0.0, 0.0], [0.3, 7.5, 0.0], [-0.2, 0.4, 7.7]])


def rutile(**changes: object) -> Crystal:
    """Rutile: two cations and four anions in a tetragonal cell."""
    u = 0.3048
    fractional = [[0, 0, 0], [0.5, 0.5, 0.5], [u, u, 0], [-u, -u, 0]]
    fractional += [[0.5 + u, 0.5 - u, 0.5], [0.5 - u, 0.5 + u, 0.5]]
    values = {
        "name": "rutile",
        "cell_angstrom": RUTILE_CELL,
        "fractional": np.array(fractional) % 1.0,
        "numbers": np.array([22, 22, 8, 8, 8, 8]),
        "displacement_angstrom2": np.array([0.006, 0.006, 0.0056, 0.0056, 0.0056, 0.0056]),
        "density_g_cm3": 4.25,
        **changes,
    }
    return Crystal(**values)  # type: ignore[arg-type]


def test_rutile_looks_the_same_from_both_sides_of_the_diagonal() -> None:
    shared = shared_views(rutile(), ORIENTATIONS)
    for angle in (50, 60, 70, 80):
        assert shared[f"[100] + {angle} deg"] == f"[100] + {90 - angle} deg"
    own = [label for label, source in shared.items() if label == source]
    assert own == ["[100]", *(f"[100] + {a} deg" for a in (10, 20, 30, 40)), "random"]


def test_a_view_is_simulated_itself_where_its_equal_is_not_asked_for() -> None:
    labels = ("[100] + 70 deg", "random")
    assert shared_views(rutile(), labels) == {label: label for label in labels}


@pytest.mark.parametrize(
    "change",
    [
        {"cell_angstrom": np.diag([4.6, 4.7, 3.0])},
        {"cell_angstrom": TRICLINIC_CELL},
        {"fractional": rutile().fractional + np.eye(6, 3) * 0.01},
        {"numbers": np.array([22, 40, 8, 8, 8, 16])},
        {"displacement_angstrom2": np.array([0.006, 0.006, 0.0056, 0.0056, 0.0056, 0.01])},
    ],
)
def test_without_the_symmetry_every_view_is_simulated(change: dict[str, np.ndarray]) -> None:
    crystal = rutile(**change)
    assert not exchanges_axes(crystal)
    assert shared_views(crystal, ORIENTATIONS) == {label: label for label in ORIENTATIONS}


def test_an_unknown_direction_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"'\[110\]'"):
        shared_views(rutile(), ["[110]"])
    assert angle_of("[100] + 12.5 deg") == 12.5


@pytest.mark.parametrize("cell", [RUTILE_CELL, TRICLINIC_CELL])
def test_a_typical_direction_keeps_clear_of_axes_and_planes(cell: np.ndarray) -> None:
    rng = np.random.default_rng(2)
    drawn = [typical_direction(cell, rng) for _ in range(200)]
    reciprocal = np.linalg.inv(cell).T
    for indices in itertools.product((-2, -1, 0, 1, 2), repeat=3):
        if not any(indices):
            continue
        axis = np.array(indices) @ cell
        along = np.abs(drawn @ axis) / np.linalg.norm(axis)
        assert np.rad2deg(np.arccos(along)).min() > 5.0
        normal = np.array(indices) @ reciprocal
        out = np.abs(drawn @ normal) / np.linalg.norm(normal)
        assert np.rad2deg(np.arcsin(out)).min() > 1.5


def test_typical_directions_fill_the_sphere() -> None:
    rng = np.random.default_rng(3)
    drawn = np.array([typical_direction(RUTILE_CELL, rng) for _ in range(3000)])
    assert np.allclose(np.linalg.norm(drawn, axis=1), 1.0)
    assert np.abs(drawn.mean(axis=0)).max() < 5.0 / np.sqrt(3.0 * len(drawn))
