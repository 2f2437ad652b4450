"""Values of a JSON document that somebody else may have written, checked one by one."""

import math
from typing import Any

from heteroagg_gui.workflow.session_file.container import DamagedError

LONGEST_TEXT = 10_000
MOST = 2**53
LARGEST_SEED = 2**4096


def as_number(value: Any, place: str, low: float = -1e300, high: float = 1e300) -> float:
    """Return a finite number between two limits.

    Raises
    ------
    DamagedError
        If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DamagedError(f"{place} is no number")
    if not low <= value <= high or not math.isfinite(value):
        raise DamagedError(f"{place} is out of bounds")
    return float(value)


def as_whole(value: Any, place: str, low: int = 0, high: int = MOST) -> int:
    """Return a whole number between two limits.

    Raises
    ------
    DamagedError
        If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise DamagedError(f"{place} is no whole number")
    if not low <= value <= high:
        raise DamagedError(f"{place} is out of bounds")
    return value


def as_text(value: Any, place: str) -> str:
    """Return a text of limited length.

    Raises
    ------
    DamagedError
        If it is none.
    """
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise DamagedError(f"{place} is no text")
    return value


class Entry:
    """An object of the document.

    Parameters
    ----------
    value
        What stands in the document.
    place
        Where it stands, for messages.

    Raises
    ------
    DamagedError
        From every method, where a value is missing or of another kind.
    """

    def __init__(self, value: Any, place: str) -> None:
        if not isinstance(value, dict):
            raise DamagedError(f"{place} is missing")
        self._values: dict[str, Any] = value
        self._place = place

    def _named(self, name: str) -> str:
        return f"{self._place}.{name}"

    def has(self, name: str) -> bool:
        """Return whether there is anything but null under this name."""
        return self._values.get(name) is not None

    def raw(self, name: str) -> Any:
        """Return what stands there, null included."""
        return self._values.get(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all values."""
        return tuple(self._values)

    def text(self, name: str) -> str:
        """Return a text."""
        return as_text(self.raw(name), self._named(name))

    def flag(self, name: str) -> bool:
        """Return true or false."""
        value = self.raw(name)
        if not isinstance(value, bool):
            raise DamagedError(f"{self._named(name)} is not true or false")
        return value

    def number(self, name: str, low: float = -1e300, high: float = 1e300) -> float:
        """Return a finite number."""
        return as_number(self.raw(name), self._named(name), low, high)

    def whole(self, name: str, low: int = 0, high: int = MOST) -> int:
        """Return a whole number."""
        return as_whole(self.raw(name), self._named(name), low, high)

    def entry(self, name: str) -> "Entry":
        """Return an object."""
        return Entry(self.raw(name), self._named(name))

    def values(self, name: str, length: int | None = None) -> list[Any]:
        """Return a list, of this length where one is given."""
        found = self.raw(name)
        if not isinstance(found, list) or (length is not None and len(found) != length):
            raise DamagedError(f"{self._named(name)} is no list of the expected length")
        return found

    def numbers(
        self, name: str, length: int, low: float = -1e300, high: float = 1e300
    ) -> tuple[float, ...]:
        """Return a list of finite numbers."""
        values = self.values(name, length)
        return tuple(as_number(value, self._named(name), low, high) for value in values)

    def entries(self, name: str) -> list["Entry"]:
        """Return a list of objects."""
        return [
            Entry(value, f"{self._named(name)}[{k}]") for k, value in enumerate(self.values(name))
        ]
