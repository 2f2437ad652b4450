"""The material systems at hand: bundled ones and the user's own."""

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.materials import (
    MaterialSystem,
    load_material_system,
    material_system_names,
)
from heteroagg_gui.workflow.places import user_materials_folder


def system_names() -> tuple[str, ...]:
    """Return the names of all material systems; a user's own hides a bundled one."""
    return tuple(sorted({*material_system_names(), *_own_names()}))


def find_system(name: str) -> MaterialSystem:
    """Return a material system by its name.

    Raises
    ------
    ParameterError
        If there is none of this name.
    ResourceError
        If its description is damaged.
    """
    if name in _own_names():
        return load_material_system(name, user_materials_folder())
    if name in material_system_names():
        return load_material_system(name)
    raise ParameterError(
        f"There is no material system '{name}': choose one of {', '.join(system_names())}."
    )


def _own_names() -> tuple[str, ...]:
    folder = user_materials_folder()
    return material_system_names(folder) if folder.is_dir() else ()
