"""The kinds of values that actions take, and their conversion from what a caller has."""

import math
from collections.abc import Callable, Iterable
from enum import Enum
from pathlib import Path
from typing import Any

from heteroagg_gui.core.theta import Theta


class Kind(Enum):
    """What a parameter holds."""

    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    TEXT = "text"
    CHOICE = "choice"
    PATHS = "paths"
    FILE = "file"
    FOLDER = "folder"
    KEYS = "keys"
    RANGE = "range"
    THETA = "theta"


def _integer(value: Any) -> int:
    if isinstance(value, bool) or float(value) != int(value):
        raise ValueError("not a whole number")
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not math.isfinite(float(value)):
        raise ValueError("not a finite number")
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("not a flag")
    return value


def _several(value: Any) -> Iterable[Any]:
    return (value,) if isinstance(value, str | Path | int) else value


def _range(value: Any) -> tuple[int, int]:
    low, high = value
    if _integer(low) > _integer(high):
        raise ValueError("the first number is the larger one")
    return _integer(low), _integer(high)


def _theta(value: Any) -> Theta:
    if isinstance(value, Theta):
        return value
    dimension, ratio, first, second = value
    return Theta(_number(dimension), _number(ratio), _integer(first), _integer(second))


_CONVERSIONS: dict[Kind, Callable[[Any], Any]] = {
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
    Kind.TEXT: str,
    Kind.CHOICE: str,
    Kind.PATHS: lambda value: tuple(Path(path) for path in _several(value)),
    Kind.FILE: Path,
    Kind.FOLDER: Path,
    Kind.KEYS: lambda value: tuple(_integer(key) for key in _several(value)),
    Kind.RANGE: _range,
    Kind.THETA: _theta,
}


EXPECTED: dict[Kind, str] = {
    Kind.INTEGER: "give a whole number",
    Kind.NUMBER: "give a number",
    Kind.FLAG: "give true or false",
    Kind.TEXT: "give a text",
    Kind.CHOICE: "choose one of the listed values",
    Kind.PATHS: "give files or folders",
    Kind.FILE: "give a file",
    Kind.FOLDER: "give a folder",
    Kind.KEYS: "give the keys of items",
    Kind.RANGE: "give two whole numbers, the smaller one first",
    Kind.THETA: "give D_f, rho, theta_0 and theta_1, the last two as whole numbers",
}


def convert(kind: Kind, value: Any) -> Any:
    """Return ``value`` in the type that belongs to ``kind``.

    Raises
    ------
    TypeError, ValueError
        If it can't be understood so.
    """
    return _CONVERSIONS[kind](value)
