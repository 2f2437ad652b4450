"""What every reader returns: numbers and scales as the file has them, unjudged."""

from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray


@dataclass(frozen=True)
class Scale:
    """Edge of a pixel along one axis, as the file states it.

    Parameters
    ----------
    value
        Length in ``unit``; None where the file gives none.
    unit
        The unit as the file spells it; empty where it gives none.
    """

    value: float | None = None
    unit: str = ""


@dataclass(frozen=True, eq=False)
class RawImage:
    """One image before its values and its calibration are judged.

    Parameters
    ----------
    pixels
        Shape (height, width), or (height, width, channels) for a picture in colour;
        any number type.
    vertical, horizontal
        Edge of a pixel along the rows' and the columns' direction.
    metadata
        What the file says of its acquisition, as text.
    """

    pixels: NDArray[Any]
    vertical: Scale = Scale()
    horizontal: Scale = Scale()
    metadata: dict[str, str] = field(default_factory=dict)
