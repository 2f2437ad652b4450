"""Cards of networks as people read them in a terminal."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from heteroagg_gui.workflow.model_card.comparison import Line
from heteroagg_gui.workflow.model_card.entries import printable, statements
from heteroagg_gui.workflow.model_card.facts import origin, sections, system_title
from heteroagg_gui.workflow.model_card.figures import Table, tables

if TYPE_CHECKING:
    from heteroagg_gui.learning.model_card import ModelCard

_WIDTH = 96
_COLUMN = 34


def entry_of(card: "ModelCard", default: str) -> dict[str, Any]:
    """Return what the list says of a network."""
    created = card.document.get("created")
    return {
        "name": card.name,
        "title": card.title,
        "kind": card.kind,
        "material_system": card.material_system,
        "created": created if isinstance(created, str) else None,
        "bundled": origin(card) == "bundled",
        "folder": str(card.folder),
        "default": card.name == default,
    }


def list_text(
    cards: Sequence["ModelCard"],
    entries: Sequence[Mapping[str, Any]],
    deleted: Sequence[Mapping[str, Any]],
) -> str:
    """Return one line for each network, and what can be restored."""
    rows = [
        (
            f"{'*' if entry['default'] else ' '} {card.name}",
            system_title(card),
            origin(card),
            printable(entry["created"] or ""),
            printable(card.title),
        )
        for card, entry in zip(cards, entries, strict=True)
    ]
    lines = _aligned(rows)
    if not rows:
        lines = ["No network is installed: train one, or add one with 'heteroagg models install'."]
    if deleted:
        lines += ["", "Deleted, 'heteroagg models restore' brings them back:"]
        lines += [f"  {entry['name']} (kept until {entry['kept_until']})" for entry in deleted]
    return "\n".join(lines)


def card_text(card: "ModelCard") -> str:
    """Return a network's card."""
    lines = [card.name, *textwrap.wrap(printable(card.title), _WIDTH), ""]
    for section in sections(card):
        lines.append(section.title)
        lines += [f"  {fact.label:<{_COLUMN}}{fact.text}" for fact in section.facts]
        lines.append("")
    for table in tables(card.document):
        lines += [*_table_lines(table), ""]
    for title, key in (("Limits", "limits"), ("History", "history")):
        texts = statements(card.document, key)
        if texts:
            lines += [title, *_items(texts), ""]
    return "\n".join(lines).rstrip()


def _table_lines(table: Table) -> list[str]:
    rows = [("  " + row[0], *row[1:]) for row in (table.header, *table.rows)]
    note = [f"  {line}" for line in textwrap.wrap(table.note, _WIDTH - 2)]
    return [table.title, *_aligned(rows), *note]


def _items(texts: Iterable[str]) -> list[str]:
    return [
        line
        for text in texts
        for line in textwrap.wrap(text, _WIDTH, initial_indent="  - ", subsequent_indent="    ")
    ]


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(f"{cell:<{wide}}" for cell, wide in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def comparison_text(cards: Sequence["ModelCard"], lines: Sequence[Line]) -> str:
    """Return two cards side by side; * marks the lines that differ."""
    titles = ["", *(card.name for card in cards)]
    out = [_beside(" ", titles)]
    section = ""
    for line in lines:
        if line.section != section:
            section = line.section
            out += ["", section]
        out.append(_beside("*" if line.differs else " ", [line.label, line.first, line.second]))
    return "\n".join([*out, "", "* differs"])


def _beside(mark: str, cells: Sequence[str]) -> str:
    """Return cells side by side, each broken into lines that fit its column."""
    parts = [
        [part for text in cell.split("\n") for part in textwrap.wrap(text, _COLUMN - 2)] or [""]
        for cell in cells
    ]
    height = max(len(part) for part in parts)
    padded = [part + [""] * (height - len(part)) for part in parts]
    rows = zip(*padded, strict=True)
    texts = ["".join(f"{cell:<{_COLUMN}}" for cell in row).rstrip() for row in rows]
    return "\n".join(
        f"{mark if place == 0 else ' '} {text}".rstrip() for place, text in enumerate(texts)
    )
