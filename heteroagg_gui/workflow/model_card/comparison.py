"""Two networks side by side, with what differs marked."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heteroagg_gui.workflow.model_card.entries import printable, statements
from heteroagg_gui.workflow.model_card.facts import sections
from heteroagg_gui.workflow.model_card.figures import tables

if TYPE_CHECKING:
    from heteroagg_gui.learning.model_card import ModelCard


@dataclass(frozen=True)
class Line:
    """One line of a comparison.

    Parameters
    ----------
    section, label
        Heading it stands under, and what is compared.
    first, second
        What each network's card says; empty where it says nothing.
    """

    section: str
    label: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        """Whether the two say different things."""
        return self.first != self.second


def compare(first: "ModelCard", second: "ModelCard") -> list[Line]:
    """Return everything that one of two cards says, in the order of the first.

    Figures of the network itself are compared; those of the paper and of the 3D oracle
    are left out.
    """
    one, other = _statements(first), _statements(second)
    keys = list(one)
    for place, key in enumerate(other):
        if key not in one:
            keys.insert(min(place, len(keys)), key)
    order = list(dict.fromkeys(section for section, _ in keys))
    keys.sort(key=lambda key: order.index(key[0]))
    return [Line(*key, one.get(key, ""), other.get(key, "")) for key in keys]


def _statements(card: "ModelCard") -> dict[tuple[str, str], str]:
    found = {("Network", "Title"): printable(card.title)}
    for section in sections(card):
        found |= {(section.title, fact.label): fact.text for fact in section.facts}
    for table in tables(card.document):
        single = table.header[2:3] == ("paper",)
        for row in table.rows:
            columns = zip(table.header[1:], row[1:], strict=True)
            for column, cell in list(columns)[: 1 if single else None]:
                first = f"{row[0]} images" if table.header[0] == "Images" else row[0]
                label = first if single else ", ".join(filter(None, (first, column)))
                found[table.title, label] = cell
    for title, key in (("Limits", "limits"), ("History", "history")):
        lines = statements(card.document, key)
        if lines:
            found[title, ""] = "\n".join(lines)
    return found
