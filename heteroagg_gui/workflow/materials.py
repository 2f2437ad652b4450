"""The material systems at hand: bundled ones and the user's own."""

from heteroagg_gui.core.errors import HeteroaggError, ParameterError
from heteroagg_gui.core.materials import (
    Material,
    MaterialSystem,
    load_material_system,
    material_system_names,
)
from heteroagg_gui.workflow.places import user_materials_folder

_STAND_INS = (
    Material(0, "material-0", "material 0", "#6f7fb5", 1.0, ("unknown",)),
    Material(1, "material-1", "material 1", "#b58f6f", 1.0, ("unknown",)),
)


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


def system_or_stand_in(name: str) -> MaterialSystem:
    """Return a material system, or one with plain names where its description is missing.

    Results that name a system can be shown and exported without it, for example those of a
    network that was trained elsewhere.
    """
    try:
        return find_system(name)
    except HeteroaggError:
        return MaterialSystem(name, _STAND_INS)


def _own_names() -> tuple[str, ...]:
    folder = user_materials_folder()
    return material_system_names(folder) if folder.is_dir() else ()
