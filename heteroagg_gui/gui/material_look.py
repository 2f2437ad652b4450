"""How the window writes and colours the two materials of a system."""

import re
from dataclasses import dataclass

from PySide6.QtGui import QColor

from heteroagg_gui.core.materials import DEFAULT_SYSTEM, MaterialSystem
from heteroagg_gui.workflow.materials import system_or_stand_in

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_GREY_BELOW = 0.18
_HUES = (
    (14, "red"),
    (44, "orange"),
    (70, "yellow"),
    (165, "green"),
    (195, "turquoise"),
    (255, "blue"),
    (290, "violet"),
    (345, "pink"),
    (360, "red"),
)
"""Words for hues up to so many degrees."""


@dataclass(frozen=True)
class MaterialLook:
    """What the materials with labels 0 and 1 are called and how they are coloured.

    Parameters
    ----------
    system
        Name of the system's file.
    title
        Name of the system for people.
    names
        Formulas with subscripts.
    colors
        Hexadecimal colours.
    """

    system: str
    title: str
    names: tuple[str, str]
    colors: tuple[str, str]


def typeset(formula: str) -> str:
    """Write the numbers of atoms in a formula as subscripts."""
    return re.sub(r"(?<=[A-Za-z)\]])\d+", lambda m: m[0].translate(_SUBSCRIPTS), formula)


def color_word(color: str) -> str:
    """Return what people call a colour."""
    shade = QColor(color)
    if shade.hsvSaturationF() < _GREY_BELOW:
        return "grey"
    return next(word for limit, word in _HUES if shade.hue() <= limit)


def look_of(system: MaterialSystem, name: str) -> MaterialLook:
    """Return the look of a system that is at hand, known by this name."""
    first, second = (typeset(formula) for formula in system.names)
    return MaterialLook(name, typeset(system.name), (first, second), system.colours)


def look_named(name: str = DEFAULT_SYSTEM) -> MaterialLook:
    """Return the look of a system, or a plain one where its description is missing."""
    return look_of(system_or_stand_in(name), name)
