"""How well a network does, beside the paper and the 3D oracle, and how honest its doubt is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from heteroagg_gui.workflow.model_card.entries import number, part, printable, words

_ERROR, _SHARE = "error", "share"
_FIGURES = (
    ("theta_fractal_dimension_mae", "Mean absolute error of theta_Df", _ERROR),
    ("theta_mixing_ratio_mae", "Mean absolute error of theta_rho", _ERROR),
    ("theta_0_exact", "theta_0 exactly right", _SHARE),
    ("theta_0_within_one", "theta_0 right within one", _SHARE),
    ("theta_1_exact", "theta_1 exactly right", _SHARE),
    ("theta_1_within_one", "theta_1 right within one", _SHARE),
    ("fractal_dimension_mae", "Mean absolute error of D_f, one image", _ERROR),
    ("mixing_ratio_mae", "Mean absolute error of rho, one image", _ERROR),
)
_BY_NUMBER = (
    ("theta_fractal_dimension_mae", "theta_Df error", _ERROR),
    ("theta_mixing_ratio_mae", "theta_rho error", _ERROR),
    ("theta_0_exact", "theta_0 exact", _SHARE),
    ("theta_1_exact", "theta_1 exact", _SHARE),
)
_NAMES = {
    "fractal_dimension": "theta_Df",
    "mixing_ratio": "theta_rho",
    "theta_0": "theta_0",
    "theta_1": "theta_1",
}
_CALIBRATION = (
    ("coverage", "How often intervals hold the truth"),
    ("reliability", "Reliability of probabilities"),
    ("rank_histogram", "Rank histogram of the truth"),
    ("spread", "Predicted spread and actual error"),
)
MOST_COLUMNS, MOST_ROWS = 12, 24


@dataclass(frozen=True)
class Table:
    """Numbers as people read them.

    Parameters
    ----------
    title
        Heading.
    header
        Titles of the columns; the first is that of the rows' names.
    rows
        Cells as text.
    note
        What helps to read it.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def tables(document: Mapping[str, Any]) -> list[Table]:
    """Return every table that the figures of a card allow.

    Parameters
    ----------
    document
        A card.
    """
    found = [figure_table(document), by_number_table(document)]
    found += [_calibration_table(document, key, title) for key, title in _CALIBRATION]
    return [table for table in found if table is not None]


def figure_table(document: Mapping[str, Any]) -> Table | None:
    """Return errors and shares beside those of the paper and of the 3D oracle."""
    figures = part(document, "figures")
    oracle = part(figures, "oracle_3d")
    rows = []
    for key, label, kind in _FIGURES:
        own = _find(figures, key)
        if number(own) is not None:
            cells = (own, _find(part(document, "paper"), key), oracle.get(key))
            rows.append((label, *(_cell(cell, kind) for cell in cells)))
    if not rows:
        return None
    sets = number(part(figures, "sets_of_12").get("sets"))
    tested = f" Measured on {sets:.0f} simulated sets." if sets else ""
    return Table(
        "How well it does, from 12 images",
        ("", "this network", "paper", "3D oracle"),
        tuple(rows),
        "In brackets: 95 % interval. The 3D oracle knows the true 3D structure of as many "
        f"aggregates.{tested}",
    )


def _find(figures: Mapping[str, Any], key: str) -> Any:
    """Return a figure of sets of twelve images, or wherever else it lies in the card."""
    places = (part(figures, "sets_of_12"), figures, part(figures, "per_image"))
    return next((place[key] for place in places if key in place), None)


def _one(value: float, kind: str) -> str:
    if kind == _ERROR:
        return f"{value:.3f}"
    return f"{100 * value:.1f} %" if 0.995 <= value < 1.0 else f"{100 * value:.0f} %"


def _cell(value: Any, kind: str) -> str:
    middle = number(value)
    if middle is None:
        return "–"
    ends = part(value)
    low, high = number(ends.get("low")), number(ends.get("high"))
    if low is None or high is None:
        return _one(middle, kind)
    unit = " %" if kind == _SHARE else ""
    low_text, high_text = (_one(end, kind).removesuffix(" %") for end in (low, high))
    return f"{_one(middle, kind)} ({low_text} to {high_text}{unit})"


def by_number_table(document: Mapping[str, Any]) -> Table | None:
    """Return how the errors shrink with the number of images."""
    entries = part(document, "figures").get("by_number_of_images")
    if not isinstance(entries, list):
        return None
    rows = [
        (
            words(entry["images"]),
            *(_plain_cell(entry.get(key), kind) for key, _, kind in _BY_NUMBER),
        )
        for entry in entries
        if isinstance(entry, Mapping) and number(entry.get("images")) is not None
    ]
    header = ("Images", *(title for _, title, _ in _BY_NUMBER))
    return Table("By number of images", header, tuple(rows)) if rows else None


def _plain_cell(value: Any, kind: str) -> str:
    middle = number(value)
    return "–" if middle is None else _one(middle, kind)


def _calibration_table(document: Mapping[str, Any], key: str, title: str) -> Table | None:
    """Return a table of whatever numbers the card holds under ``key``."""
    figures = part(document, "figures")
    value = figures.get(key, part(figures, "sets_of_12").get(key))
    leaves = list(_leaves(value, ()))[:MOST_ROWS]
    columns = tuple(dict.fromkeys(column for _, cells in leaves for column in cells))[:MOST_COLUMNS]
    if not columns:
        return None
    rows = tuple(
        (
            ", ".join(_NAMES.get(name, printable(name.replace("_", " "))) for name in names),
            *_row(cells, columns),
        )
        for names, cells in leaves
    )
    note = "Well calibrated intervals hold it as often as they say." if key == "coverage" else ""
    return Table(
        title,
        ("", *(printable(column.replace("_", " ").replace("%", " %")) for column in columns)),
        rows,
        note,
    )


def _row(cells: Mapping[str, Any], columns: Sequence[str]) -> tuple[str, ...]:
    """Write the cells of a row; a column that says a share in percent holds shares."""
    return tuple(
        "–"
        if (value := number(cells.get(column))) is None
        else f"{100 * value:.1f} %"
        if column.endswith("%")
        else words(value)
        for column in columns
    )


def _leaves(value: Any, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Yield the rows of numbers in nested objects and lists, with the keys that lead there."""
    if isinstance(value, list):
        if value and all(isinstance(entry, Mapping) for entry in value):
            for entry in value:
                yield from _leaves(entry, names)
            return
        value = {str(place): entry for place, entry in enumerate(value, start=1)}
    if not isinstance(value, Mapping):
        return
    cells = {str(key): entry for key, entry in value.items() if number(entry) is not None}
    if cells:
        yield names, cells
    for key, entry in value.items():
        if number(entry) is None:
            yield from _leaves(entry, (*names, str(key)))
