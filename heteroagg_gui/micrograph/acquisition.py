"""What files say of the acquisition, under one set of names and in one set of units."""

import math
from typing import Any

_SI = (
    ("voltage", 1e-3, "kV"),
    ("semi-angle", 1e3, "mrad"),
    ("dwell time", 1e6, "µs"),
    ("camera length", 1e3, "mm"),
    ("magnification", 1.0, "x"),
    ("beam current", 1e12, "pA"),
)


def acquisition(
    *,
    voltage_v: Any = None,
    semi_angle_rad: Any = None,
    dwell_time_s: Any = None,
    camera_length_m: Any = None,
    magnification: Any = None,
    beam_current_a: Any = None,
    **words: Any,
) -> dict[str, str]:
    """Return the entries of ``Micrograph.metadata`` that the file has values for.

    Parameters
    ----------
    voltage_v, semi_angle_rad, dwell_time_s, camera_length_m, magnification, beam_current_a
        Numbers, or text that holds a number, in the unit of the name; nonsense is left out.
    words
        Entries that are text already, such as ``detector`` or ``microscope``.
    """
    quantities = (
        voltage_v,
        semi_angle_rad,
        dwell_time_s,
        camera_length_m,
        magnification,
        beam_current_a,
    )
    entries = {}
    for (name, factor, unit), value in zip(_SI, quantities, strict=True):
        number = as_number(value)
        if number:
            entries[name] = f"{abs(number) * factor:.6g} {unit}"
    for name, value in words.items():
        text = as_text(value)
        if text:
            entries[name] = text
    return entries


def as_number(value: Any) -> float | None:
    """Return the finite number a value or text stands for, or None."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def as_text(value: Any) -> str:
    """Return text on one line for a value read from a file; empty for anything but text."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    if not isinstance(value, str):
        return ""
    return " ".join(value.replace("\x00", " ").split())
