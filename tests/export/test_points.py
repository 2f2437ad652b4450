"""Extended XYZ and VTK files hold every particle with its radius, label and cluster."""

import re
import shlex
from xml.etree import ElementTree as ET

import numpy as np

from heteroagg_gui.export.vtk import write_vtk
from heteroagg_gui.export.xyz import write_xyz
from tests.export.scenes import aggregate


def test_extended_xyz_says_what_its_columns_are(tmp_path):
    spheres = aggregate(9)
    write_xyz(tmp_path / "a.xyz", spheres)
    count, comment, *rows = (tmp_path / "a.xyz").read_text().splitlines()
    assert int(count) == len(rows) == 9
    entries = dict(entry.split("=", 1) for entry in shlex.split(comment))
    assert entries["pbc"] == "F F F"
    assert "Lattice" not in entries
    described = re.findall(r"(\w+):([SRI]):(\d)", entries["Properties"])
    names = [name for name, _, width in described for _ in range(int(width))]
    assert names == ["species", "pos", "pos", "pos", "radius", "label", "cluster"]
    columns = list(zip(*(row.split() for row in rows), strict=True))
    assert list(columns[0]) == [("WO3", "TiO2")[label] for label in spheres.labels]
    np.testing.assert_array_equal(np.array(columns[1:4], float).T, spheres.positions_nm)
    np.testing.assert_array_equal(np.array(columns[4], float), spheres.radii_nm)
    np.testing.assert_array_equal(np.array(columns[5], int), spheres.labels)
    np.testing.assert_array_equal(np.array(columns[6], int), spheres.clusters)


def test_vtk_polydata(tmp_path):
    spheres = aggregate(9)
    write_vtk(tmp_path / "a.vtp", spheres)
    root = ET.parse(tmp_path / "a.vtp").getroot()  # noqa: S314 - written two lines above
    assert (root.tag, root.get("type")) == ("VTKFile", "PolyData")
    piece = root.find("PolyData/Piece")
    assert piece is not None
    assert piece.get("NumberOfPoints") == piece.get("NumberOfVerts") == "9"
    texts = root.find("PolyData/FieldData/DataArray")
    codes = bytes(map(int, (texts.text or "").split()))
    assert (texts.get("type"), codes) == ("String", b"WO3\0TiO2\0")
    arrays = {
        array.get("Name"): np.array((array.text or "").split(), float)
        for array in piece.iter("DataArray")
    }
    kinds = {array.get("Name"): array.get("type") for array in piece.iter("DataArray")}
    positions = arrays["position_nm"].reshape(-1, 3)
    np.testing.assert_array_equal(positions, spheres.positions_nm)
    np.testing.assert_array_equal(arrays["radius_nm"], spheres.radii_nm)
    np.testing.assert_array_equal(arrays["label"], spheres.labels)
    np.testing.assert_array_equal(arrays["cluster"], spheres.clusters)
    np.testing.assert_array_equal(arrays["connectivity"], np.arange(9))
    np.testing.assert_array_equal(arrays["offsets"], np.arange(1, 10))
    assert (kinds["radius_nm"], kinds["label"]) == ("Float64", "UInt8")
    colours = np.array([[0x3B, 0x7D, 0xD8], [0xE8, 0x87, 0x1E]])
    np.testing.assert_array_equal(arrays["colour"].reshape(-1, 3), colours[spheres.labels])
