"""One aggregate as VTK PolyData (.vtp), which ParaView opens."""

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.files import replacing


def write_vtk(path: Path, aggregate: Aggregate) -> None:
    """Write the particles as points with their radius, label and primary cluster.

    Parameters
    ----------
    path
        The VTP file, XML with numbers as text; replaced only once the new one is complete.
    aggregate
        Lengths are written in nm to the last bit. Draw the points as sphere glyphs scaled
        by ``radius_nm`` (glyph radius 1).
    """
    count = len(aggregate)
    order = np.arange(count)
    no_cells = " ".join(f'NumberOf{kind}="0"' for kind in ("Lines", "Strips", "Polys"))
    lines = [
        '<?xml version="1.0"?>',
        '<VTKFile type="PolyData" version="0.1" byte_order="LittleEndian">',
        "<PolyData>",
        f'<Piece NumberOfPoints="{count}" NumberOfVerts="{count}" {no_cells}>',
        '<PointData Scalars="radius_nm">',
        _array("radius_nm", "Float64", aggregate.radii_nm),
        _array("label", "UInt8", aggregate.labels),
        _array("cluster", "Int32", aggregate.clusters),
        "</PointData>",
        "<Points>",
        _array("position_nm", "Float64", aggregate.positions_nm, components=3),
        "</Points>",
        "<Verts>",
        _array("connectivity", "Int64", order),
        _array("offsets", "Int64", order + 1),
        "</Verts>",
        "</Piece>",
        "</PolyData>",
        "</VTKFile>",
    ]
    with replacing(path) as part:
        part.write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")


def _array(name: str, kind: str, values: NDArray[Any], components: int = 1) -> str:
    """Return a DataArray element with one row of text per point."""
    rows = values.reshape(-1, components).tolist()
    text = "\n".join(" ".join(repr(value) for value in row) for row in rows)
    return (
        f'<DataArray type="{kind}" Name="{escape(name)}" NumberOfComponents="{components}" '
        f'format="ascii">\n{text}\n</DataArray>'
    )
