"""OBJ files open as coloured spheres of the right size at the right place."""

import re

import numpy as np
import pytest

from heteroagg_gui.core.materials import Material
from heteroagg_gui.export.icosphere import icosphere
from heteroagg_gui.export.obj import write_obj
from tests.export.scenes import aggregate

MATERIALS = (
    Material(0, "A", "first", "#ff0000", 1.0, ("a",)),
    Material(1, "B", "second", "#00ff00", 1.0, ("b",)),
)


@pytest.mark.parametrize("subdivisions", [0, 1, 2, 3])
def test_icosphere_is_closed_round_and_has_the_spheres_volume(subdivisions):
    trimesh = pytest.importorskip("trimesh")
    vertices, triangles = icosphere(subdivisions)
    mesh = trimesh.Trimesh(vertices, triangles, process=False)
    assert len(triangles) == 20 * 4**subdivisions
    assert mesh.is_watertight
    assert mesh.euler_number == 2
    assert mesh.volume == pytest.approx(4 / 3 * np.pi, rel=1e-12)
    distances = np.linalg.norm(vertices, axis=1)
    assert np.ptp(distances) < 1e-12
    assert 1 < distances[0] < (1.2 if subdivisions == 0 else 1.06)


def test_spheres_come_back_from_the_mesh(tmp_path):
    trimesh = pytest.importorskip("trimesh")
    spheres = aggregate(9)
    write_obj(tmp_path / "a.obj", spheres)
    scene = trimesh.load_scene(tmp_path / "a.obj", split_object=True, group_material=False)
    meshes = list(scene.geometry.values())
    assert len(meshes) == 9
    for centre, radius in zip(spheres.positions_nm, spheres.radii_nm, strict=True):
        mesh = min(meshes, key=lambda mesh: np.linalg.norm(mesh.center_mass - centre))
        assert mesh.is_watertight
        assert mesh.volume == pytest.approx(4 / 3 * np.pi * radius**3, rel=1e-4)
        np.testing.assert_allclose(mesh.center_mass, centre, atol=1e-4)


def test_each_material_has_its_colour_and_its_particles(tmp_path):
    trimesh = pytest.importorskip("trimesh")
    spheres = aggregate(9)
    write_obj(tmp_path / "a.obj", spheres)
    meshes = trimesh.load_scene(tmp_path / "a.obj").geometry
    for label, name, colour in ((0, "WO3", "3b7dd8"), (1, "TiO2", "e8871e")):
        volume = 4 / 3 * np.pi * (spheres.radii_nm[spheres.labels == label] ** 3).sum()
        assert meshes[name].volume == pytest.approx(volume, rel=1e-4)
        assert bytes(meshes[name].visual.material.diffuse[:3]).hex() == colour


def test_names_colours_and_fineness_are_parameters(tmp_path):
    spheres = aggregate(4)
    write_obj(tmp_path / "a.obj", spheres, MATERIALS, subdivisions=0)
    text = (tmp_path / "a.obj").read_text()
    assert text.count("\nv ") == 4 * 12
    assert re.findall(r"^usemtl (\w)$", text, re.MULTILINE) == ["AB"[n] for n in spheres.labels]
    assert text.count("\nf ") == 4 * 20
    names = re.findall(r"^o (\w+)$", text, re.MULTILINE)
    assert names == [f"{'AB'[label]}_{index:03d}" for index, label in enumerate(spheres.labels)]
    materials = (tmp_path / "a.mtl").read_text()
    assert "newmtl A\nKa 1.0000 0.0000 0.0000\nKd 1.0000 0.0000 0.0000\n" in materials
    assert "newmtl B\nKa 0.0000 1.0000 0.0000" in materials


def test_blanks_in_the_name_do_not_lose_the_materials(tmp_path):
    write_obj(tmp_path / "shadow 1.obj", aggregate(1))
    named = re.search(r"^mtllib (.+)$", (tmp_path / "shadow 1.obj").read_text(), re.MULTILINE)
    assert named is not None
    assert " " not in named[1]
    assert (tmp_path / named[1]).is_file()


def test_eighty_particles_stay_of_reasonable_size(tmp_path):
    write_obj(tmp_path / "a.obj", aggregate(80))
    assert (tmp_path / "a.obj").stat().st_size < 2e6
