"""Particle sizes from a table of measured radii or diameters."""

import csv
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.workflow.retraining.draft import Draft, Measured

FEWEST_VALUES: Final = 8
MOST_KEPT: Final = 2000
LARGEST_FILE: Final = 50_000_000
RADII_NM: Final = (0.1, 10_000.0)

_IN_NM: Final = {"nm": 1.0, "µm": 1000.0, "μm": 1000.0, "um": 1000.0, "pm": 1e-3, "å": 0.1}
_WORDS: Final = (
    ("radius", re.compile(r"radi(us|i)|^\s*r\b|\br_", re.IGNORECASE)),
    ("diameter", re.compile(r"diam|feret|^\s*d\b|\bd_", re.IGNORECASE)),
)
_UNIT: Final = re.compile(r"(?<![a-zµμå])(nm|µm|μm|um|pm|å)(?![a-z])", re.IGNORECASE)
_OTHER_UNIT: Final = re.compile(r"(?<![a-z])(mm|cm|m|px|pixels?|inch)(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True)
class SizeTable:
    """The column of a file that holds sizes.

    Parameters
    ----------
    source
        Name of the file.
    column
        Heading of the column; empty where it has none.
    what
        ``"radius"`` or ``"diameter"``: what the values are.
    stated
        Whether the file says so; otherwise radii are assumed.
    unit
        The file's unit, or nm, which is assumed where it states none.
    values_nm
        The values in nm, in increasing order.
    """

    source: str
    column: str
    what: str
    stated: bool
    unit: str
    values_nm: tuple[float, ...]

    @property
    def radii_nm(self) -> NDArray[np.float64]:
        """Radii in nm, shape (N,)."""
        values = np.array(self.values_nm)
        return values / 2.0 if self.what == "diameter" else values


@dataclass(frozen=True)
class SizeFit:
    """A log-normal distribution of the radius, fitted by maximum likelihood.

    Parameters
    ----------
    mean_nm, sd_nm
        Mean and standard deviation of the radius itself in nm.
    mean_error_nm, sd_error_nm
        Their standard errors in nm.
    count
        Number of values.
    """

    mean_nm: float
    sd_nm: float
    mean_error_nm: float
    sd_error_nm: float
    count: int


def read_sizes(path: Path) -> SizeTable:
    """Find the radii or diameters in a table of text.

    Columns are parted by commas, semicolons, tabs or blanks; a heading is not needed where
    there is one column. Lines that begin with ``#`` are passed over.

    Raises
    ------
    ParameterError
        If there are none, or fewer than :data:`FEWEST_VALUES`, or they are no sizes.
    """
    rows = _rows(path)
    heading = [] if all(_number(cell) is not None for cell in rows[0] if cell) else rows[0]
    body = rows[1:] if heading else rows
    column = _column(path.name, heading, body)
    title = heading[column].strip() if heading else ""
    what = _what(title)
    unit = _unit(title)
    cells = [row[column] for row in body if column < len(row) and row[column].strip()]
    numbers = [_number(cell) for cell in cells]
    bad = next((cell for cell, number in zip(cells, numbers, strict=True) if number is None), None)
    if bad is not None:
        raise ParameterError(
            f"'{bad.strip()[:40]}' in '{path.name}' is no number: give one size in nm a line."
        )
    values = tuple(sorted(number * _IN_NM[unit] for number in numbers if number is not None))
    table = SizeTable(path.name, title, what or "radius", bool(what), unit, values)
    _check(table)
    return table


def as_kind(table: SizeTable, what: str) -> SizeTable:
    """Return the table with its values taken for radii or for diameters."""
    return replace(table, what=what)


def fit_sizes(table: SizeTable) -> SizeFit:
    """Fit a log-normal distribution of the radius itself, section 2.1.1.

    Raises
    ------
    ParameterError
        If the spread is larger than the model of the particles allows.
    """
    logarithms = np.log(table.radii_nm)
    count = len(logarithms)
    variance = float(logarithms.var(ddof=1))
    mean = math.exp(float(logarithms.mean()) + variance / 2.0)
    share = math.sqrt(math.expm1(variance))
    if share > 1.0:
        raise ParameterError(
            f"The sizes in '{table.source}' spread over more than their mean: check that they are "
            "all in the same unit and of primary particles."
        )
    mean_error = mean * math.sqrt(variance / count + variance**2 / (2.0 * (count - 1)))
    slope = math.exp(variance) / (2.0 * share) if share > 0.0 else 0.0
    of_share = slope * variance * math.sqrt(2.0 / (count - 1))
    return SizeFit(
        mean, share * mean, mean_error, math.hypot(share * mean_error, mean * of_share), count
    )


def with_sizes(draft: Draft, table: SizeTable) -> Draft:
    """Return a draft with the fitted sizes, and the measured ones for the picture.

    Raises
    ------
    ParameterError
        If no distribution can be fitted.
    """
    fit = fit_sizes(table)
    radii = table.radii_nm
    if len(radii) > MOST_KEPT:
        radii = np.quantile(radii, (np.arange(MOST_KEPT) + 0.5) / MOST_KEPT)
    return replace(
        draft,
        radius_mean_nm=float(f"{fit.mean_nm:.4g}"),
        radius_sd_nm=min(float(f"{fit.sd_nm:.4g}"), float(f"{fit.mean_nm:.4g}")),
        measured=Measured(table.source, tuple(float(f"{r:.6g}") for r in radii), fit.count),
    )


def in_words(table: SizeTable) -> str:
    """Return what was read and what came of it."""
    fit = fit_sizes(table)
    what = "radii" if table.what == "radius" else "diameters"
    column = f" in column '{table.column}'" if table.column else ""
    assumed = "" if table.stated else ", which the file does not say"
    return (
        f"{fit.count} {what} in {table.unit}{column} of {table.source}{assumed}: "
        f"mean radius {fit.mean_nm:.3g} ± {fit.mean_error_nm:.1g} nm, "
        f"standard deviation {fit.sd_nm:.3g} ± {fit.sd_error_nm:.1g} nm."
    )


def _rows(path: Path) -> list[list[str]]:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ParameterError(
                f"'{path.name}' is too large for a table of sizes: choose another."
            )
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ParameterError(f"'{path.name}' can't be read: choose another file.") from error
    except UnicodeDecodeError as error:
        raise ParameterError(
            f"'{path.name}' is no text: save the table of sizes as CSV first."
        ) from error
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise ParameterError(f"'{path.name}' is empty: give one size in nm a line.")
    parting = next(
        (mark for mark in (";", "\t", ",") if mark in lines[0] and mark in lines[-1]), None
    )
    if parting is None:
        heading_is_one = lines[0].split() and len(lines[-1].split()) == 1
        return [[line] if heading_is_one else line.split() for line in lines]
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=parting)]
    except csv.Error as error:
        raise ParameterError(f"'{path.name}' is no table: save the sizes as CSV first.") from error


def _number(cell: str) -> float | None:
    try:
        value = float(cell.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _column(file: str, heading: Sequence[str], body: Sequence[Sequence[str]]) -> int:
    width = max((len(row) for row in body), default=0)
    if width == 0:
        raise ParameterError(f"'{file}' has a heading but no values: give one size in nm a line.")
    for _, word in _WORDS:
        found = [k for k, title in enumerate(heading[:width]) if word.search(title)]
        if found:
            return found[0]
    if width == 1:
        return 0
    raise ParameterError(
        f"'{file}' has {width} columns and none is called radius or diameter: name the column, or "
        "leave the sizes alone in the file."
    )


def _what(title: str) -> str:
    return next((what for what, word in _WORDS if word.search(title)), "")


def _unit(title: str) -> str:
    found = _UNIT.search(title)
    if found:
        return found[1].lower()
    other = _OTHER_UNIT.search(title.partition(" ")[2] or "")
    if other and other[1] != "m":
        raise ParameterError(
            f"The sizes are in '{other[1]}', which can't be used: give them in nm or µm."
        )
    return "nm"


def _check(table: SizeTable) -> None:
    count = len(table.values_nm)
    if count < FEWEST_VALUES:
        raise ParameterError(
            f"'{table.source}' holds {count} sizes: measure {FEWEST_VALUES} or more particles."
        )
    low, high = RADII_NM
    outside = next((value for value in table.values_nm if not low <= value <= 2 * high), None)
    if outside is not None:
        raise ParameterError(
            f"A size of {outside:g} nm in '{table.source}' is not possible: give {low:g} to "
            f"{high:g} nm, and leave out what was not measured."
        )
