"""One aggregate as a Wavefront OBJ mesh in nm, coloured by material."""

import re
from collections.abc import Iterator
from pathlib import Path

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.files import replacing
from heteroagg_gui.export.icosphere import icosphere

NAMES = ("WO3", "TiO2")
COLOURS = ("#3b7dd8", "#e8871e")


def write_obj(
    path: Path,
    aggregate: Aggregate,
    names: tuple[str, str] = NAMES,
    colours: tuple[str, str] = COLOURS,
    subdivisions: int = 2,
) -> None:
    """Write a sphere mesh per particle, and the materials in a .mtl file beside it.

    Parameters
    ----------
    path
        The OBJ file; replaced only once the new one is complete.
    aggregate
        Its particles become objects named after material and index, as ``WO3_007``.
    names, colours
        Name and hexadecimal colour of the materials with labels 0 and 1.
    subdivisions
        Fineness of the spheres, see :func:`~heteroagg_gui.export.icosphere.icosphere`;
        each mesh has exactly its sphere's volume.
    """
    # The format separates file names by blanks.
    materials = path.with_name(re.sub(r"\s+", "_", path.stem) + ".mtl")
    with replacing(materials) as part:
        part.write_text(_materials(names, colours), encoding="utf-8", newline="\n")
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"# {len(aggregate)} particles, lengths in nm\nmtllib {materials.name}\n")
        file.writelines(_spheres(aggregate, names, subdivisions))


def _materials(names: tuple[str, str], colours: tuple[str, str]) -> str:
    blocks = []
    for name, colour in zip(names, colours, strict=True):
        channels = [int(colour.lstrip("#")[start : start + 2], 16) / 255 for start in (0, 2, 4)]
        shade = " ".join(f"{channel:.4f}" for channel in channels)
        blocks.append(f"newmtl {name}\nKa {shade}\nKd {shade}\nKs 0.1 0.1 0.1\nNs 20\nillum 2\n")
    return "\n".join(blocks)


def _spheres(aggregate: Aggregate, names: tuple[str, str], subdivisions: int) -> Iterator[str]:
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
