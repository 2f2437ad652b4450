"""Periodic boxes cut from a rotated crystal."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from heteroagg_gui.stem.supercell import Box, beam_in_plane, choose_box, fill_box

TETRAGONAL = np.diag([4.6, 4.6, 2.96])
TRICLINIC = np.array([[7.31, 0.0, 0.0], [-0.12, 7.52, 0.0], [-0.12, 0.16, 7.68]])
SITES = np.array([[0.0, 0.0, 0.0], [0.3, 0.4, 0.6]])
VIEWS = [0.0, 10.0, 20.0, 30.0, 40.0, 80.0]


def tilted(cell: np.ndarray, angle_deg: float) -> Box:
    return choose_box(cell, beam_in_plane(cell, angle_deg), np.cross(cell[0], cell[1]))


@pytest.mark.parametrize("cell", [TETRAGONAL, TRICLINIC])
def test_the_view_turns_in_the_plane_of_a_and_b(cell: np.ndarray) -> None:
    beam = beam_in_plane(cell, 25.0)
    assert np.linalg.norm(beam) == pytest.approx(1.0)
    assert abs(beam @ np.cross(cell[0], cell[1])) < 1e-9
    cosine = beam @ cell[0] / np.linalg.norm(cell[0])
    assert cosine == pytest.approx(np.cos(np.deg2rad(25.0)))
    assert beam @ cell[1] > 0.0


@pytest.mark.parametrize("cell", [TETRAGONAL, TRICLINIC])
@pytest.mark.parametrize("angle_deg", VIEWS)
def test_the_layers_stay_edge_on(cell: np.ndarray, angle_deg: float) -> None:
    box = tilted(cell, angle_deg)
    normal = np.cross(cell[0], cell[1])
    spacing = np.linalg.det(cell) / np.linalg.norm(normal)
    assert np.allclose(box.axes @ box.axes.T, np.eye(3), atol=1e-9)
    assert abs(abs(box.axes[1] @ normal) / np.linalg.norm(normal) - 1.0) < 1e-9
    layers = box.size_angstrom[1] / spacing
    assert layers == pytest.approx(round(layers))


@pytest.mark.parametrize("angle_deg", [*VIEWS, None])
@pytest.mark.parametrize("cell", [TETRAGONAL, TRICLINIC])
def test_the_box_is_about_two_nm_wide(cell: np.ndarray, angle_deg: float | None) -> None:
    box = (
        choose_box(cell, np.array([0.3, 0.5, 0.8]))
        if angle_deg is None
        else tilted(cell, angle_deg)
    )
    assert all(15.0 < side < 28.0 for side in box.size_angstrom)
    assert box.slip_angstrom < 4.5
    assert all(r <= s + 1e-9 for r, s in zip(box.repeat_angstrom, box.size_angstrom, strict=True))


def test_a_zone_axis_repeats_with_the_unit_cell() -> None:
    box = tilted(TETRAGONAL, 0.0)
    assert box.slip_angstrom == pytest.approx(0.0, abs=1e-9)
    assert box.repeat_angstrom == pytest.approx((4.6, 2.96))


@pytest.mark.parametrize("angle_deg", [0.0, 30.0, None])
@pytest.mark.parametrize("cell", [TETRAGONAL, TRICLINIC])
def test_the_box_keeps_the_density(cell: np.ndarray, angle_deg: float | None) -> None:
    box = (
        choose_box(cell, np.array([0.3, 0.5, 0.8]))
        if angle_deg is None
        else tilted(cell, angle_deg)
    )
    depth = 2000.0
    positions, which = fill_box(cell, SITES, box, depth, np.array([0.1, 0.2, 0.3]))
    expected = len(SITES) / np.linalg.det(cell) * np.prod(box.size_angstrom) * depth
    assert len(positions) == pytest.approx(expected, rel=0.006)
    assert np.bincount(which)[0] == pytest.approx(expected / 2, rel=0.006)
    assert np.all(positions >= 0.0)
    assert np.all(positions < [*box.size_angstrom, depth])


def test_the_atoms_lie_on_the_rotated_lattice() -> None:
    box = tilted(TRICLINIC, 30.0)
    origin = np.array([0.4, 0.7, 0.1])
    positions, which = fill_box(TRICLINIC, SITES, box, 100.0, origin)
    fractional = positions @ box.axes @ np.linalg.inv(TRICLINIC) + origin - SITES[which]
    assert np.allclose(fractional, np.round(fractional), atol=1e-6)
    assert len(np.unique(np.round(positions, 4), axis=0)) == len(positions)


def test_no_atoms_overlap_across_the_seams_of_a_zone_axis() -> None:
    box = tilted(TETRAGONAL, 0.0)
    positions, _ = fill_box(TETRAGONAL, SITES, box, 50.0, np.array([0.15, 0.25, 0.35]))
    positions[:, 2] = np.clip(positions[:, 2], 0.0, 50.0)
    tree = cKDTree(positions, boxsize=[*box.size_angstrom, 1e4])
    nearest = tree.query(positions, k=2)[0][:, 1]
    difference = (SITES[1] - SITES[0] + 0.5) % 1.0 - 0.5
    assert nearest.min() == pytest.approx(np.linalg.norm(difference @ TETRAGONAL), abs=1e-6)


def test_thick_specimens_are_cut_the_same_as_thin_ones() -> None:
    box = tilted(TRICLINIC, 20.0)
    origin = np.array([0.0, 0.5, 0.2])
    thick, _ = fill_box(TRICLINIC, SITES, box, 190.0, origin)
    thin, _ = fill_box(TRICLINIC, SITES, box, 70.0, origin)
    upper = thick[thick[:, 2] < 70.0]
    assert np.allclose(np.sort(upper[:, 2]), np.sort(thin[:, 2]))
