"""One aggregate as VTK PolyData (.vtp), which ParaView opens."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.materials import Materials, load_material_system


def write_vtk(path: Path, aggregate: Aggregate, materials: Materials | None = None) -> None:
    """Write the particles as points with radius, label, primary cluster and colour.

    Parameters
    ----------
    path
        The VTP file, XML with numbers as text; replaced only once the new one is complete.
    aggregate
        Lengths are written in nm to the last bit. Draw the points as sphere glyphs scaled
        by ``radius_nm`` (glyph radius 1).
    materials
        What the labels 0 and 1 stand for; the default system's by default. Their names are
        field data, their colours the red, green and blue of each point, 0 to 255.
    """
    count = len(aggregate)
    order = np.arange(count)
    materials = materials or load_material_system().materials
    colours = np.array([list(bytes.fromhex(m.colour.lstrip("#"))) for m in materials])
    no_cells = " ".join(f'NumberOf{kind}="0"' for kind in ("Lines", "Strips", "Polys"))
    lines = [
        '<?xml version="1.0"?>',
        '<VTKFile type="PolyData" version="0.1" byte_order="LittleEndian">',
        "<PolyData>",
        f"<FieldData>{_texts('materials', [m.name for m in materials])}</FieldData>",
        f'<Piece NumberOfPoints="{count}" NumberOfVerts="{count}" {no_cells}>',
        '<PointData Scalars="radius_nm">',
        _array("radius_nm", "Float64", aggregate.radii_nm),
        _array("label", "UInt8", aggregate.labels),
        _array("cluster", "Int32", aggregate.clusters),
        _array("colour", "UInt8", colours[aggregate.labels], components=3),
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


def _texts(name: str, texts: Sequence[str]) -> str:
    """Return a DataArray element of texts: the codes of their characters, each ended by 0."""
    codes = " ".join(str(code) for text in texts for code in (*text.encode(), 0))
    return (
        f'<DataArray type="String" Name="{escape(name)}" NumberOfTuples="{len(texts)}" '
        f'format="ascii">{codes}</DataArray>'
    )


def _array(name: str, kind: str, values: NDArray[Any], components: int = 1) -> str:
    """Return a DataArray element with one row of text per point."""
    rows = values.reshape(-1, components).tolist()
    text = "\n".join(" ".join(repr(value) for value in row) for row in rows)
    return (
        f'<DataArray type="{kind}" Name="{escape(name)}" NumberOfComponents="{components}" '
        f'format="ascii">\n{text}\n</DataArray>'
    )
