"""Cards of networks as pages of rich text."""

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from heteroagg_gui.gui.material_look import typeset
from heteroagg_gui.workflow.model_card.comparison import Line
from heteroagg_gui.workflow.model_card.entries import printable, statements
from heteroagg_gui.workflow.model_card.facts import Section, sections
from heteroagg_gui.workflow.model_card.figures import Table, tables

if TYPE_CHECKING:
    from heteroagg_gui.learning.model_card import ModelCard

_SYMBOLS = {
    "theta_Df": "θ<sub>Df</sub>",
    "theta_rho": "θ<sub>ρ</sub>",
    "theta_0": "θ<sub>0</sub>",
    "theta_1": "θ<sub>1</sub>",
    "D_f": "D<sub>f</sub>",
    "k_f": "k<sub>f</sub>",
    "rho": "ρ",
}
_SYMBOL = re.compile(rf"\b({'|'.join(_SYMBOLS)})\b")
_FORMULA = re.compile(r"\b(?:[A-Z][a-z]?\d*){2,}\b")
_TABLE = "<table cellspacing='0' cellpadding='3'>"
_GAP = "&nbsp;&nbsp;&nbsp;"


def rich(text: str) -> str:
    """Write plain text as rich text, with symbols and formulas as they are printed."""
    formulas = _FORMULA.sub(lambda found: typeset(found[0]), escape(text))
    return _SYMBOL.sub(lambda found: _SYMBOLS[found[0]], formulas)


def card_page(card: "ModelCard") -> str:
    """Return everything a network's card says."""
    parts = [f"<h3>Network {escape(card.name)}</h3><p>{rich(printable(card.title))}</p>"]
    parts += [_section(section) for section in sections(card)]
    parts += [_table(table) for table in tables(card.document)]
    for title, key in (("Limits", "limits"), ("History", "history")):
        lines = statements(card.document, key)
        if lines:
            items = "".join(f"<li>{rich(line)}</li>" for line in lines)
            parts.append(f"<h4>{title}</h4><ul>{items}</ul>")
    return "".join(parts)


def _section(section: Section) -> str:
    rows = "".join(
        f"<tr><td>{rich(fact.label)}{_GAP}</td><td>{rich(fact.text)}</td></tr>"
        for fact in section.facts
    )
    return f"<h4>{section.title}</h4>{_TABLE}{rows}</table>"


def _table(table: Table) -> str:
    head = "".join(
        f"<td align='{_side(place)}'><b>{rich(text)}</b>{_GAP}</td>"
        for place, text in enumerate(table.header)
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td align='{_side(place)}'>{rich(cell)}{_GAP}</td>" for place, cell in enumerate(row)
        )
        + "</tr>"
        for row in table.rows
    )
    note = f"<p>{rich(table.note)}</p>" if table.note else ""
    return f"<h4>{rich(table.title)}</h4>{_TABLE}<tr>{head}</tr>{rows}</table>{note}"


def _side(place: int) -> str:
    return "right" if place else "left"


def comparison_page(
    names: tuple[str, str], lines: Sequence[Line], *, differences_alone: bool = False
) -> str:
    """Return two cards side by side; what differs is bold and marked.

    Parameters
    ----------
    names
        What the two networks are called.
    lines
        What their cards say.
    differences_alone
        Whether to leave out what both say alike.
    """
    shown = [line for line in lines if line.differs or not differences_alone]
    if not shown:
        return "<p>The two cards say the same.</p>"
    rows, section = "", ""
    for line in shown:
        if line.section != section:
            section = line.section
            rows += f"<tr><td colspan='4'><h4>{rich(section)}</h4></td></tr>"
        rows += _compared(line)
    head = "".join(f"<td><b>{escape(name)}</b></td>" for name in names)
    wide = _TABLE.replace(">", " width='100%'>")
    return f"{wide}<tr><td></td><td></td>{head}</tr>{rows}</table>"


def _compared(line: Line) -> str:
    mark = "<b>≠</b>" if line.differs else ""
    cells = "".join(
        f"<td width='36%'>{_bold(rich(text).replace(chr(10), '<br>') or '–', line.differs)}</td>"
        for text in (line.first, line.second)
    )
    return f"<tr><td width='3%'>{mark}</td><td width='25%'>{rich(line.label)}</td>{cells}</tr>"


def _bold(text: str, on: bool) -> str:
    return f"<b>{text}</b>" if on else text
