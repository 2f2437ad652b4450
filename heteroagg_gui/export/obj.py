"""One aggregate as a Wavefront OBJ mesh in nm, coloured by material."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.materials import Materials, load_material_system
from heteroagg_gui.export.icosphere import icosphere


def write_obj(
    path: Path,
    aggregate: Aggregate,
    materials: Materials | None = None,
    subdivisions: int = 2,
) -> None:
    """Write a sphere mesh per particle, and the materials in a .mtl file beside it.

    Parameters
    ----------
    path
        The OBJ file; replaced only once the new one is complete.
    aggregate
        Its particles become objects named after material and index, as ``WO3_007``.
    materials
        What the labels 0 and 1 stand for; the default system's by default.
    subdivisions
        Fineness of the spheres, see :func:`~heteroagg_gui.export.icosphere.icosphere`;
        each mesh has exactly its sphere's volume.
    """
    # The format separates file names by blanks.
    library = path.with_name(re.sub(r"\s+", "_", path.stem) + ".mtl")
    materials = materials or load_material_system().materials
    with replacing(library) as part:
        part.write_text(_library(materials), encoding="utf-8", newline="\n")
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"# {len(aggregate)} particles, lengths in nm\nmtllib {library.name}\n")
        file.writelines(_spheres(aggregate, [m.word for m in materials], subdivisions))


def _library(materials: Materials) -> str:
    blocks = []
    for material in materials:
        channels = [
            int(material.colour.lstrip("#")[start : start + 2], 16) / 255 for start in (0, 2, 4)
        ]
        shade = " ".join(f"{channel:.4f}" for channel in channels)
        blocks.append(
            f"newmtl {material.word}\nKa {shade}\nKd {shade}\nKs 0.1 0.1 0.1\nNs 20\nillum 2\n"
        )
    return "\n".join(blocks)


def _spheres(aggregate: Aggregate, names: Sequence[str], subdivisions: int) -> Iterator[str]:
    vertices, triangles = icosphere(subdivisions)
    corners = (triangles + 1).tolist()
    digits = max(3, len(str(len(aggregate) - 1)))
    for index, (centre, radius, label) in enumerate(
        zip(aggregate.positions_nm, aggregate.radii_nm, aggregate.labels, strict=True)
    ):
        name, first = names[int(label)], index * len(vertices)
        yield f"o {name}_{index:0{digits}d}\nusemtl {name}\ns 1\n"
        for x, y, z in (centre + radius * vertices).tolist():
            yield f"v {x:.6f} {y:.6f} {z:.6f}\n"
        for a, b, c in corners:
            yield f"f {first + a} {first + b} {first + c}\n"
