"""A section's document made ready for paper: regular tables with column widths, no heading that skips a level."""

from copy import deepcopy
from math import sqrt
from typing import Any

Node = dict[str, Any]
NARROWEST = 0.5  # of an even share
PER_SHARE = 1000
REFERENCE = 30  # letters of a goal's code and title, about
WORD = 0.55  # what a letter of the longest word weighs, against the square root of all letters


def ready(doc: Node) -> Node:
    """A copy of ``doc`` to print; what is written is the same, letter for letter."""
    doc = deepcopy(doc) if doc else {"type": "doc", "content": []}
    _headings(doc)
    for table in _all(doc, "table"):
        _regular(table)
        _widths(table)
    return doc


def _all(node: Node, kind: str) -> list[Node]:
    found = [node] if node.get("type") == kind else []
    for child in node.get("content") or []:
        found += _all(child, kind)
    return found


def _headings(doc: Node) -> None:
    """Headings go down one level at a time (ISO 14289-1, 7.4.2)."""
    above = 1
    for heading in _all(doc, "heading"):
        attrs = heading.setdefault("attrs", {})
        above = attrs["level"] = min(attrs.get("level", 2), above + 1)


def _regular(table: Node) -> None:
    """Every row gets as many cells as the longest (an empty cell is a cell; a missing one breaks the table for a reader)."""
    rows = [row for row in table.get("content") or [] if row.get("content")]
    table["content"] = rows
    taken: dict[int, int] = {}  # row number -> columns already taken by cells from rows above
    widths = []
    for number, row in enumerate(rows):
        width = taken.get(number, 0)
        for cell in row["content"]:
            attrs = cell.setdefault("attrs", {})
            attrs["rowspan"] = min(attrs.get("rowspan", 1), len(rows) - number)
            columns = attrs.get("colspan", 1)
            width += columns
            for below in range(number + 1, number + attrs["rowspan"]):
                taken[below] = taken.get(below, 0) + columns
        widths.append(width)
    for row, width in zip(rows, widths, strict=True):
        row["content"] += [{"type": "table_cell", "attrs": {}, "content": []} for _n in range(max(widths) - width)]


def _letters(node: Node) -> int:
    """Letters that stand in the cell: references with theirs, footnotes not (they stand at the foot)."""
    if node["type"] in ("ref", "footnote"):
        return REFERENCE if node["type"] == "ref" else 0
    return len(node.get("text", "")) + sum(_letters(child) for child in node.get("content") or [])


def _longest_word(node: Node) -> int:
    words = node.get("text", "").split()
    return max([len(word) for word in words] + [_longest_word(child) for child in node.get("content") or []], default=0)


def _widths(table: Node) -> None:
    """Columns nobody has drawn get room by their text (its square root, so that a long one does not take all) and by
    their longest word."""
    rows = table["content"]
    if not rows or any((cell.get("attrs") or {}).get("colwidth") for cell in rows[0]["content"]):
        return
    columns = sum((cell.get("attrs") or {}).get("colspan", 1) for cell in rows[0]["content"])
    most = [1.0] * columns
    plain = [row for row in rows if len(row["content"]) == columns]
    for row in plain:
        for column, cell in enumerate(row["content"]):
            most[column] = max(most[column], sqrt(_letters(cell)), WORD * _longest_word(cell))
    floor = NARROWEST * sum(most) / columns
    shares = [max(width, floor) for width in most]
    column = 0
    for cell in rows[0]["content"]:
        attrs = cell["attrs"]
        span = attrs.get("colspan", 1)
        attrs["colwidth"] = [round(PER_SHARE * share / sum(shares)) for share in shares[column : column + span]]
        column += span
