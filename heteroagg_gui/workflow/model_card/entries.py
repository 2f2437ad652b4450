"""Reading a card that may lack anything, or hold something else than expected."""

import math
from collections.abc import Mapping
from typing import Any


def part(document: Any, *keys: str) -> Mapping[str, Any]:
    """Return the object at the end of a path of keys; an empty one where there is none."""
    for key in keys:
        document = document.get(key) if isinstance(document, Mapping) else None
    return document if isinstance(document, Mapping) else {}


def number(value: Any) -> float | None:
    """Return a finite number, the middle of one with its interval, or None."""
    if isinstance(value, Mapping):
        value = value.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def words(value: Any, unit: str = "") -> str:
    """Write a value of a card: numbers short, pairs as ranges; empty where it is none."""
    text = printable(_plain(value))
    return f"{text} {unit}".strip() if text else ""


def printable(text: str) -> str:
    """Return a text on one line and without signs that steer a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def statements(document: Mapping[str, Any], key: str) -> list[str]:
    """Return a list of sentences of a card, such as its limits; none where there is none."""
    lines = document.get(key)
    return [printable(str(line)) for line in lines] if isinstance(lines, list) else []


def _plain(value: Any) -> str:
    if value is None or isinstance(value, Mapping):
        return ""
    if isinstance(value, list | tuple):
        parts = [_plain(entry) for entry in value]
        numeric = len(parts) == 2 and all(number(entry) is not None for entry in value)
        return (" to " if numeric else ", ").join(entry for entry in parts if entry)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def percent(value: Any) -> str:
    """Write a share in percent; empty where it is none."""
    share = number(value)
    return "" if share is None else f"{100 * share:.3g} %"
