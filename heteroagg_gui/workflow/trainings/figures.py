"""Figures of a new network beside those of others: rows of a table, lines of a plot."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from math import isfinite
from typing import Any, TypeGuard

PAPER_SETS = "sets_of_12"
PER_IMAGE = "per_image"


class Verdict(Enum):
    """What a figure is beside that of the network in use, in words."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "no clear difference"
    UNKNOWN = ""


@dataclass(frozen=True)
class Figure:
    """A figure of a card.

    Parameters
    ----------
    value
        The figure.
    low, high
        Its 95 % interval; None where the card has none.
    """

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class FigureInfo:
    """What a figure is.

    Parameters
    ----------
    part, key
        Where it stands in a card.
    title, symbol
        Words and symbol for people; the symbol as rich text.
    is_share
        Whether it is a share, of which more is better; else it is an error.
    """

    part: str
    key: str
    title: str
    symbol: str
    is_share: bool = False


@dataclass(frozen=True)
class Comparison:
    """One row: the figure of the new network, of others and of the paper."""

    info: FigureInfo
    new: Figure | None
    others: tuple[Figure | None, ...]
    paper: float | None
    verdict: Verdict


FIGURES = (
    FigureInfo(
        PAPER_SETS,
        "theta_fractal_dimension_mae",
        "Mean absolute error of θ<sub>Df</sub>",
        "θ<sub>Df</sub>",
    ),
    FigureInfo(
        PAPER_SETS,
        "theta_mixing_ratio_mae",
        "Mean absolute error of θ<sub>ρ</sub>",
        "θ<sub>ρ</sub>",
    ),
    FigureInfo(PAPER_SETS, "theta_0_exact", "θ<sub>0</sub> exactly right", "θ<sub>0</sub>", True),
    FigureInfo(
        PAPER_SETS, "theta_0_within_one", "θ<sub>0</sub> right within one", "θ<sub>0</sub>", True
    ),
    FigureInfo(PAPER_SETS, "theta_1_exact", "θ<sub>1</sub> exactly right", "θ<sub>1</sub>", True),
    FigureInfo(
        PAPER_SETS, "theta_1_within_one", "θ<sub>1</sub> right within one", "θ<sub>1</sub>", True
    ),
    FigureInfo(
        PER_IMAGE,
        "fractal_dimension_mae",
        "Mean absolute error of D<sub>f</sub>(A), per image",
        "D<sub>f</sub>(A)",
    ),
    FigureInfo(PER_IMAGE, "mixing_ratio_mae", "Mean absolute error of ρ(A), per image", "ρ(A)"),
    FigureInfo(
        PER_IMAGE,
        "n_particles_mae",
        "Mean absolute error of N, per image (particles)",
        "N",
    ),
)

COVERED = (("fractal_dimension", "θ_Df"), ("mixing_ratio", "θ_ρ"))
RANKED = ("fractal_dimension", "mixing_ratio", "theta_0", "theta_1")


def figure_from(value: Any) -> Figure | None:
    """Return the figure that a card's entry holds: a number, or one with its interval."""
    if not isinstance(value, Mapping):
        return Figure(float(value)) if _is_number(value) else None
    middle, low, high = (value.get(key) for key in ("value", "low", "high"))
    if not _is_number(middle):
        return None
    if _is_number(low) and _is_number(high):
        return Figure(float(middle), float(low), float(high))
    return Figure(float(middle))


def figure_of(card: Mapping[str, Any] | None, part: str, key: str) -> Figure | None:
    """Return a figure of a card; None where it has none."""
    figures = _mapping((card or {}).get("figures"))
    return figure_from(_mapping(figures.get(part)).get(key))


def paper_figure(card: Mapping[str, Any] | None, key: str) -> float | None:
    """Return the paper's value of a figure as a card states it."""
    value = _mapping((card or {}).get("paper")).get(key)
    return float(value) if _is_number(value) else None


def compare(
    new: Mapping[str, Any], others: tuple[Mapping[str, Any] | None, ...]
) -> tuple[Comparison, ...]:
    """Return one row for each figure that the new card has.

    The verdict is about the first of the others, and is given only where the 95 % intervals
    do not overlap.
    """
    papers = [card for card in (new, *others) if card is not None]
    rows = []
    for info in FIGURES:
        own = figure_of(new, info.part, info.key)
        beside = tuple(figure_of(card, info.part, info.key) for card in others)
        if own is None:
            continue
        stated = (paper_figure(card, info.key) for card in papers)
        paper = next((value for value in stated if value is not None), None)
        first = beside[0] if beside else None
        rows.append(Comparison(info, own, beside, paper, verdict_of(own, first, info.is_share)))
    return tuple(rows)


def verdict_of(new: Figure, old: Figure | None, more_is_better: bool) -> Verdict:
    """Return whether a figure is better than another, as far as their intervals tell."""
    if old is None:
        return Verdict.UNKNOWN
    if None in {new.low, new.high, old.low, old.high}:
        return Verdict.UNKNOWN
    if new.low <= old.high and old.low <= new.high:  # type: ignore[operator]
        return Verdict.SAME
    return Verdict.BETTER if (new.value > old.value) == more_is_better else Verdict.WORSE


def coverage_of(card: Mapping[str, Any]) -> dict[str, tuple[tuple[float, float], ...]]:
    """Return how often intervals hold the truth: pairs of stated and found share by quantity."""
    figures = _mapping(card.get("figures"))
    found = _mapping(_mapping(figures.get(PAPER_SETS)).get("coverage"))
    result = {}
    for key, _ in COVERED:
        pairs = [
            (float(level.rstrip("%")) / 100.0, float(share))
            for level, share in _mapping(found.get(key)).items()
            if _is_number(share) and level.rstrip("%").replace(".", "", 1).isdigit()
        ]
        if pairs:
            result[key] = tuple(sorted(pairs))
    return result


def ranks_of(card: Mapping[str, Any]) -> dict[str, tuple[float, ...]]:
    """Return the shares of test sets whose truth lies in each equal part of what was predicted.

    Sound predictions fill all parts alike.
    """
    found = _mapping(_mapping(card.get("figures")).get("rank_histogram"))
    result = {}
    for key in RANKED:
        counts = found.get(key)
        if not isinstance(counts, list) or not all(_is_number(n) and n >= 0 for n in counts):
            continue
        total = sum(counts)
        if total > 0:
            result[key] = tuple(n / total for n in counts)
    return result


def reliability_of(card: Mapping[str, Any]) -> dict[str, tuple[tuple[float, float], ...]]:
    """Return stated probabilities of cluster sizes and how often they came true, as pairs."""
    found = _mapping(_mapping(card.get("figures")).get("reliability"))
    result = {}
    for key in RANKED[2:]:
        entries = found.get(key)
        pairs = [
            (float(entry["stated"]), float(entry["true"]))
            for entry in map(_mapping, entries if isinstance(entries, list) else ())
            if _is_number(entry.get("stated")) and _is_number(entry.get("true"))
        ]
        if pairs:
            result[key] = tuple(sorted(pairs))
    return result


def by_number_of_images(card: Mapping[str, Any], key: str) -> tuple[tuple[int, Figure], ...]:
    """Return a figure over the number of images it was made from."""
    rows = _mapping(card.get("figures")).get("by_number_of_images")
    found = []
    for row in rows if isinstance(rows, list) else ():
        entry = _mapping(row)
        figure = figure_from(entry.get(key))
        count = entry.get("images")
        if figure is not None and isinstance(count, int):
            found.append((count, figure))
    return tuple(found)


@dataclass(frozen=True)
class Reference:
    """A horizontal line beside a curve."""

    title: str
    value: float
    note: str = ""


def references_for(
    quantity: str, card: Mapping[str, Any] | None, title: str
) -> tuple[Reference, ...]:
    """Return what to compare the error of a quantity with.

    Parameters
    ----------
    quantity
        Name in the rows of a training: per image, such as ``theta_mixing_ratio``.
    card
        Card of a network, for its own figures and the paper's.
    title
        What the network is called.
    """
    if card is None:
        return ()
    found = []
    key = f"{quantity}_mae"
    if quantity.startswith("theta_"):
        single = dict(by_number_of_images(card, key)).get(1)
        note, source = "from one image, on its own test sets", "paper, from 12 images"
    else:
        single = figure_of(card, PER_IMAGE, key)
        note, source = "per image, on its own test sets", "paper, per image"
    if single is not None:
        found.append(Reference(title, single.value, note))
    paper = paper_figure(card, key)
    if paper is not None:
        found.append(Reference(source, paper))
    return tuple(found)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
