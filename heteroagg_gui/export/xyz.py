"""One aggregate as extended XYZ, which OVITO and ASE open."""

from pathlib import Path

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.materials import Materials, load_material_system

PROPERTIES = "species:S:1:pos:R:3:radius:R:1:label:I:1:cluster:I:1"


def write_xyz(path: Path, aggregate: Aggregate, materials: Materials | None = None) -> None:
    """Write one line per particle: material, position, radius, label, primary cluster.

    Parameters
    ----------
    path
        The XYZ file; replaced only once the new one is complete.
    aggregate
        Lengths are written in nm to the last bit; there is no lattice.
    materials
        What the labels 0 and 1 stand for; the default system's by default.
    """
    names = [m.word for m in materials or load_material_system().materials]
    columns = zip(
        aggregate.positions_nm.tolist(),
        aggregate.radii_nm.tolist(),
        aggregate.labels.tolist(),
        aggregate.clusters.tolist(),
        strict=True,
    )
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{len(aggregate)}\nProperties={PROPERTIES} pbc="F F F" length_unit=nm\n')
        file.writelines(
            f"{names[label]} {x!r} {y!r} {z!r} {radius!r} {label} {cluster}\n"
            for (x, y, z), radius, label, cluster in columns
        )
