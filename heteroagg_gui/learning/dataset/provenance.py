"""What besides the plan decides the bytes of a set: program, libraries, reference tables."""

import hashlib
import platform
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from typing import Any

import heteroagg_gui
from heteroagg_gui.core.materials import load_material_system
from heteroagg_gui.core.resources import resource_path

_PACKAGES = ("numpy", "scipy", "numba")


def provenance_of(system: str) -> dict[str, Any]:
    """Return versions and checksums, the same on every machine set up alike.

    Parameters
    ----------
    system
        Name of the material system, whose reference tables are named with their SHA-256.
    """
    tables = {
        crystal: hashlib.sha256(resource_path("reference", f"{crystal}.npz").read_bytes())
        for material in load_material_system(system).materials
        for crystal in material.phases
    }
    return {
        **software(),
        "reference_sha256": {name: digest.hexdigest() for name, digest in sorted(tables.items())},
    }


@cache
def software() -> dict[str, Any]:
    """Return the versions of the program and of the libraries it computes with."""
    return {
        "program": heteroagg_gui.__version__,
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in _PACKAGES},
    }


def difference(first: Mapping[str, Any], second: Mapping[str, Any]) -> str:
    """Return in words what differs between two provenances; empty if nothing does."""
    found = []
    for key in sorted({*first, *second}):
        one, other = first.get(key), second.get(key)
        if one == other:
            continue
        if key == "reference_sha256":
            found.append("other reference tables")
        elif isinstance(one, Mapping) and isinstance(other, Mapping):
            names = sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
            found += [f"{name} {one.get(name)} instead of {other.get(name)}" for name in names]
        else:
            found.append(f"{key} {one} instead of {other}")
    return ", ".join(found)
