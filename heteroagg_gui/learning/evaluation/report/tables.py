"""The report's tables as HTML."""

from html import escape
from typing import Any

Document = dict[str, Any]


class Footnotes:
    """Numbers reasons in the order in which they are first given."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, reason: str) -> str:
        """Return the mark of a reason."""
        number = self._numbers.setdefault(reason, len(self._numbers) + 1)
        return f'<span class="none">– <sup>{number}</sup></span>'

    def text(self) -> str:
        """Return all reasons."""
        return " ".join(f"<sup>{n}</sup> {escape(r)}" for r, n in self._numbers.items())


def number(value: float | None, *, share: bool = False) -> str:
    """Return a number as the tables show it."""
    if value is None:
        return "–"
    if share:
        return f"{100 * value:.1f} %"
    size = abs(value)
    digits = 2 if size >= 1 else 3 if size >= 0.02 else 4
    return f"{value:.{digits}f}".replace("-", "−")


def comparison(document: Document) -> str:
    """Return the table of all rows: ours with intervals beside the paper's."""
    names = list(document["estimators"])
    notes = Footnotes()
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    lines = [f"<thead><tr><th>Quantity</th><th>Paper</th>{head}</tr></thead><tbody>"]
    group = ""
    for row in document["rows"]:
        if row["group"] != group:
            group = row["group"]
            span = len(names) + 2
            lines.append(f'<tr class="group"><th colspan="{span}">{escape(group)}</th></tr>')
        cells = "".join(f"<td>{_cell(row, name, notes)}</td>" for name in names)
        lines.append(f"<tr><th>{escape(row['title'])}</th><td>{_paper(row)}</td>{cells}</tr>")
    table = f'<div class="wide"><table>{"".join(lines)}</tbody></table></div>'
    return f'{table}<p class="notes">{notes.text()}</p>'


def _paper(row: Document) -> str:
    if row["paper"] is None and not row["paper_classical"]:
        return ""
    parts = [f"<b>{number(row['paper'], share=row['share'])}</b>"]
    for name, value in row["paper_classical"].items():
        parts.append(f"{escape(name)}: {number(value, share=row['share'])}")
    return "<br>".join([*parts, f"<small>{escape(row['place'])}</small>"])


def _cell(row: Document, name: str, notes: Footnotes) -> str:
    entry = row["values"][name]
    if "reason" in entry:
        return notes.mark(entry["reason"])
    low, value, high = (number(entry[k], share=row["share"]) for k in ("low", "value", "high"))
    return f"<b>{value}</b><br><small>{low} … {high}, n = {entry['n']}</small>"


def confusion(table: Document) -> str:
    """Return Table 4, ours and the paper's."""
    parts = []
    for name, counts in {**table["found"], "paper": table["paper"]}.items():
        total = sum(map(sum, counts))
        correct = (counts[0][0] + counts[1][1]) / total
        rows = "".join(
            f"<tr><th>{kind}</th>{''.join(f'<td>{c}</td>' for c in line)}</tr>"
            for kind, line in zip(("homogeneous", "heterogeneous"), counts, strict=True)
        )
        parts.append(
            f"<table><caption>{escape(name)}: {100 * correct:.1f} % of {total} correct</caption>"
            "<thead><tr><th>predicted \\ true</th><th>homogeneous</th><th>heterogeneous</th></tr>"
            f"</thead><tbody>{rows}</tbody></table>"
        )
    return f'<div class="side">{"".join(parts)}</div>'


def architectures(table: Document) -> str:
    """Return Table 6: error of D_f(A) and run time, ours and the paper's."""
    lines = []
    for entry in table["found"]:
        error, time = entry["d_f_mae"], entry["ms_per_image"]
        shown = "–" if time is None else f"{time:.1f} ms"
        interval = f"{number(error['low'])} … {number(error['high'])}"
        lines.append(
            f"<tr><th>{escape(entry['name'])}</th><td>{shown}</td>"
            f"<td><b>{number(error['value'])}</b> <small>{interval}</small></td></tr>"
        )
    lines += [
        f"<tr><th>{escape(entry['name'])}</th><td>{entry['relative_run_time']:g} ×</td>"
        f"<td>{entry['d_f_mae']:.4f}</td></tr>"
        for entry in table["paper"]
    ]
    head = "<th></th><th>time per image</th><th>D_f(A), mean absolute error</th>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
