"""Compare two tables: rows, columns and the words in each cell.

``{"columns": [{"op": "same"|"added"|"removed", "old", "new"}], "rows": [{"op": "same"|"added"|"removed"|"changed",
"old", "new", "id", "moved", "cells": [{"op", "old", "new", "id", "blocks": [...]}]}]}`` in new order, with removed rows
and cells where they stood. ``blocks`` are those of ``documents``; an unchanged row or cell carries its ``text``, an
unchanged run of blocks in a changed cell its ``texts``.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from . import documents, matching
from .units import Node, Unit, cell_text, flatten, row_text

Table = dict[str, Any]


def diff_tables(old: Node, new: Node, section: str) -> Table:
    old_rows, new_rows = _parts(old), _parts(new)
    pairs = matching.pair_units(old_rows, new_rows)
    away = matching.moved(pairs, lambda i: len(old_rows[i].text) + len(new_rows[pairs[i]].text))
    rows = [_row(old_rows[i], new_rows[j], i in away, section) for i, j in pairs.items()]
    taken = set(pairs.values())
    rows += [_one_sided_row(r, "removed", section) for i, r in enumerate(old_rows) if i not in pairs]
    rows += [_one_sided_row(r, "added", section) for j, r in enumerate(new_rows) if j not in taken]
    rows = _ordered(rows)
    return {"columns": _columns(rows, old_rows, new_rows), "rows": rows}


def _parts(node: Node) -> list[Unit]:
    """The rows of a table or the cells of a row, as units so that they can be paired like blocks."""
    out = []
    for n, child in enumerate(node.get("content") or ()):
        text = row_text(child) if child["type"] == "table_row" else cell_text(child)
        out.append(Unit(n, (child.get("attrs") or {}).get("id"), "part", child, _text=text))
    return out


def _row(old: Unit, new: Unit, is_moved: bool, section: str) -> dict[str, Any]:
    row = {"op": "same", "old": old.index, "new": new.index, "id": new.id, "moved": is_moved}
    if old.node == new.node:
        cells = [_same_cell(c, c) for c in _parts(new.node)]
        return {**row, "text": new.text, "cells": cells}
    cells = _cell_changes(_parts(old.node), _parts(new.node), section)
    if all(cell["op"] == "same" for cell in cells):
        return {**row, "text": new.text, "cells": cells}
    return {**row, "op": "changed", "cells": cells}


def _one_sided_row(row: Unit, op: str, section: str) -> dict[str, Any]:
    cells = [_one_sided_cell(cell, op, section) for cell in _parts(row.node)]
    old, new = (row.index, None) if op == "removed" else (None, row.index)
    return {"op": op, "old": old, "new": new, "id": row.id, "moved": False, "cells": cells}


def _cell_changes(old: list[Unit], new: list[Unit], section: str) -> list[dict[str, Any]]:
    pairs = matching.pair_cells(old, new)
    cells = [_cell(old[i], new[j], section) for i, j in pairs.items()]
    taken = set(pairs.values())
    cells += [_one_sided_cell(c, "removed", section) for i, c in enumerate(old) if i not in pairs]
    cells += [_one_sided_cell(c, "added", section) for j, c in enumerate(new) if j not in taken]
    return _ordered(cells)


def _cell(old: Unit, new: Unit, section: str) -> dict[str, Any]:
    cell = _same_cell(old, new)
    if old.node == new.node:
        return cell
    units = flatten(new.node)
    blocks = documents.diff_units(flatten(old.node), units, section)
    for block in blocks:
        if block["op"] == "same":
            block["texts"] = [u.text for u in units[slice(*block["new"])]]
    before, after = old.attrs() | {"type": old.node["type"]}, new.attrs() | {"type": new.node["type"]}
    if before == after and all(block["op"] == "same" for block in blocks):
        return cell
    cell |= {"op": "changed", "blocks": blocks, "text": [old.text, new.text]}
    return cell if before == after else {**cell, "attrs": {"old": before, "new": after}}


def _same_cell(old: Unit, new: Unit) -> dict[str, Any]:
    is_header = new.node["type"] == "table_header"
    return {"op": "same", "old": old.index, "new": new.index, "id": new.id, "header": is_header, "text": new.text}


def _one_sided_cell(cell: Unit, op: str, section: str) -> dict[str, Any]:
    units = flatten(cell.node)
    blocks = [documents.removed(u, section) if op == "removed" else documents.added(u, section) for u in units]
    old, new = (cell.index, None) if op == "removed" else (None, cell.index)
    is_header = cell.node["type"] == "table_header"
    return {"op": op, "old": old, "new": new, "id": cell.id, "header": is_header, "blocks": blocks, "text": cell.text}


def _ordered(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """New order; a removed part goes after the part that stood before it."""
    at_old = {p["old"]: p["new"] for p in parts if p["old"] is not None}

    def place(part: dict[str, Any]) -> tuple[int, int]:
        if part["new"] is not None:
            return (part["new"], -1)
        before = [at_old[i] for i in range(part["old"]) if at_old.get(i) is not None]
        return (before[-1] if before else -1, part["old"])

    return sorted(parts, key=place)


def _columns(rows: list[dict[str, Any]], old: list[Unit], new: list[Unit]) -> list[dict[str, Any]]:
    """A column came or went when most rows on both sides say so."""
    both = [r for r in rows if r["op"] in ("same", "changed")]
    votes: dict[str, Counter[int]] = {"added": Counter(), "removed": Counter()}
    for row in both:
        for cell in row.get("cells", ()):
            if cell["op"] in votes:
                votes[cell["op"]][cell["new"] if cell["op"] == "added" else cell["old"]] += 1
    widths = [max((len(r.node.get("content") or ()) for r in side), default=0) for side in (old, new)]
    need = len(both) / 2
    gone = {n for n, count in votes["removed"].items() if count > need}
    come = {n for n, count in votes["added"].items() if count > need}
    kept = list(
        zip(
            (i for i in range(widths[0]) if i not in gone), (j for j in range(widths[1]) if j not in come), strict=False
        )
    )
    columns = [{"op": "same", "old": i, "new": j} for i, j in kept]
    columns += [{"op": "removed", "old": i, "new": None} for i in sorted(gone)]
    columns += [{"op": "added", "old": None, "new": j} for j in sorted(come)]
    return _ordered(columns)


def sentence_changes(table: Table) -> list[dict[str, Any]]:
    """What changed, cell by cell, and rows that came, went or moved, in words."""
    out: list[dict[str, Any]] = []
    for row in table["rows"]:
        if row["moved"]:
            out.append({"kind": "moved", "before": _row_text(row, "old"), "after": _row_text(row, "new")})
        if row["op"] in ("added", "removed"):
            which = "new" if row["op"] == "added" else "old"
            texts = {"before": "", "after": "", ("after" if which == "new" else "before"): _row_text(row, which)}
            out.append({"kind": row["op"], **texts})
        elif row["op"] == "changed":
            out += [change for cell in row["cells"] for change in _cell_sentences(cell)]
    return out


def _cell_sentences(cell: dict[str, Any]) -> list[dict[str, Any]]:
    found = [
        {"kind": c["kind"], "before": c["before"], "after": c["after"]}
        for block in cell.get("blocks", ())
        for c in block.get("changes", ())
    ]
    if "attrs" in cell:
        found.append({"kind": "kind", "before": cell["text"][0], "after": cell["text"][1]})
    return found


def _row_text(row: dict[str, Any], which: str) -> str:
    return row["text"] if row["op"] == "same" else "\n".join(_cell_texts(row["cells"], which))


def _cell_texts(cells: list[dict[str, Any]], which: str) -> list[str]:
    out = []
    for cell in sorted((c for c in cells if c[which] is not None), key=lambda c: c[which]):
        text = cell["text"]
        out.append(text if isinstance(text, str) else _blocks_text(cell, which))
    return [text for text in out if text is not None]


def _blocks_text(cell: dict[str, Any], which: str) -> str:
    return cell["text"][0] if which == "old" else cell["text"][-1]


def side(table: Table, which: str) -> str:
    """The words of one side, one cell paragraph a line, as ``units.unit_text`` gives them for the table."""
    rows = sorted((r for r in table["rows"] if r[which] is not None), key=lambda r: r[which])
    return "\n".join(_row_text(row, which) for row in rows)


def changed_words(table: Table) -> tuple[int, int]:
    came = went = 0
    for row in table["rows"]:
        for cell in row.get("cells", ()):
            for block in cell.get("blocks", ()):
                if block["op"] not in ("same", "left"):
                    more = documents.block_words(block)
                    came, went = came + more[0], went + more[1]
    return came, went
