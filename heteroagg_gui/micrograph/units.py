"""Units of length as microscope files spell them."""

import unicodedata

_NANOMETRES = {
    "m": 1e9,
    "meter": 1e9,
    "metre": 1e9,
    "cm": 1e7,
    "mm": 1e6,
    "um": 1e3,
    "μm": 1e3,
    "micron": 1e3,
    "micrometer": 1e3,
    "micrometre": 1e3,
    "nm": 1.0,
    "nanometer": 1.0,
    "nanometre": 1.0,
    "å": 0.1,
    "a": 0.1,
    "ang": 0.1,
    "angstrom": 0.1,
    "ångström": 0.1,
    "pm": 1e-3,
    "picometer": 1e-3,
    "picometre": 1e-3,
}
_NO_UNIT = frozenset({"", "px", "pixel", "none", "arb", "unitless"})
_INCH = frozenset({"inch", "in", '"'})


def _plain(unit: str) -> str:
    """Return one spelling for all: no case, brackets, blanks or escapes, Greek mu.

    ImageJ writes the micro sign as a backslash escape, EMD files write ``[n_m]``.
    """
    text = unit.replace("\\u00B5", "µ").replace("\\u00b5", "µ").replace("\x00", "")
    text = unicodedata.normalize("NFKC", text).casefold().replace("−", "-")
    text = text.translate(str.maketrans("", "", " []_"))
    return text[:-1] if text.endswith("s") and len(text) > 3 else text


def nanometres_per(unit: str) -> float | None:
    """Return how many nm the unit of length is, or None where it is none we know."""
    plain = _plain(unit)
    return 2.54e7 if plain in _INCH else _NANOMETRES.get(plain)


def is_absent(unit: str) -> bool:
    """Return whether the text stands for "no unit", like ``pixels``."""
    return _plain(unit) in _NO_UNIT


def is_reciprocal(unit: str) -> bool:
    """Return whether the unit belongs to a diffraction pattern: 1/nm, nm^-1, mrad."""
    plain = _plain(unit)
    return plain.startswith("1/") or plain.endswith(("-1", "rad", "deg"))


def is_energy(unit: str) -> bool:
    """Return whether the unit belongs to a spectrum: eV, keV."""
    return _plain(unit) in ("ev", "kev")
