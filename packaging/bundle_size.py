"""What a bundle weighs, part by part."""

import os
from collections import Counter
from pathlib import Path

MEGABYTE = 1_000_000
# The first pattern that a file's name inside the bundle contains decides.
PARTS = {
    "PyTorch": ("torch", "libtorch", "functorch", "torchgen"),
    "LLVM and Numba (compile the kernels)": ("llvmlite", "numba"),
    "Qt and PySide6 (the window)": ("PySide6", "shiboken6", "libQt6", "libpyside"),
    "SciPy": ("scipy",),
    "NumPy": ("numpy",),
    "scikit-learn": ("sklearn",),
    "HDF5 and its filters (EMD files)": ("h5py", "hdf5plugin", "libhdf5"),
    "Matplotlib (imported by ncempy)": ("matplotlib", "kiwisolver", "contourpy"),
    "Pillow": ("PIL", "pillow"),
    "vispy, PyOpenGL, FreeType (3D view)": ("vispy", "OpenGL", "freetype"),
    "the program's networks": ("models/",),
    "the program's resources and sources": ("resources/", "heteroagg_gui/"),
    "Python and its library": ("libpython", "lib-dynload", "base_library", "python3"),
}
EXECUTABLES = "the executables, with all Python modules inside"
REST = "system libraries and everything else"


def files_of(folder: Path) -> dict[str, int]:
    """Return the size in bytes of each file by its name inside ``folder``; links count nothing."""
    sizes = {}
    for root, _, names in os.walk(folder):
        for name in names:
            path = Path(root, name)
            if not path.is_symlink():
                sizes[path.relative_to(folder).as_posix()] = path.stat().st_size
    return sizes


def part_of(name: str) -> str:
    """Return what a file of the bundle belongs to."""
    if "/" not in name:
        return EXECUTABLES
    inside = name.partition("/")[2]
    for part, marks in PARTS.items():
        if any(mark in inside for mark in marks):
            return part
    return REST


def size_table(folder: Path) -> str:
    """Return a table of the parts, the largest first, and of the sum, in MB."""
    sizes: Counter[str] = Counter()
    for name, size in files_of(folder).items():
        sizes[part_of(name)] += size
    lines = ["| part | MB |", "| --- | ---: |"]
    lines += [f"| {part} | {size / MEGABYTE:.1f} |" for part, size in sizes.most_common()]
    lines.append(f"| **all** | **{sum(sizes.values()) / MEGABYTE:.0f}** |")
    return "\n".join(lines)
