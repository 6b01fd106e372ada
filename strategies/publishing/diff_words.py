"""Changes in short phrases, for summaries and for what colour and lines alone would say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Block = dict[str, Any]

_LISTS = ("bullet_list", "ordered_list")


def summary_items(summary: Mapping[str, int]) -> list[str]:
    """What happened, in short phrases: "3 stycken ändrade", "1 stycke flyttat", "41 ord tillagda"."""
    said = [
        (summary["changed"], ngettext("%(n)d stycke ändrat", "%(n)d stycken ändrade", summary["changed"])),
        (summary["added"], ngettext("%(n)d stycke tillagt", "%(n)d stycken tillagda", summary["added"])),
        (summary["removed"], ngettext("%(n)d stycke borttaget", "%(n)d stycken borttagna", summary["removed"])),
        (summary["moved"], ngettext("%(n)d stycke flyttat", "%(n)d stycken flyttade", summary["moved"])),
        (summary.get("split", 0), ngettext("%(n)d stycke delat", "%(n)d stycken delade", summary.get("split", 0))),
        (
            summary.get("joined", 0),
            ngettext("%(n)d sammanslagning av stycken", "%(n)d sammanslagningar av stycken", summary.get("joined", 0)),
        ),
        (
            summary["format"],
            ngettext("%(n)d stycke med ändrad formatering", "%(n)d stycken med ändrad formatering", summary["format"]),
        ),
        (summary["kind"], ngettext("%(n)d stycke av annat slag", "%(n)d stycken av annat slag", summary["kind"])),
        (
            summary.get("fields", 0),
            ngettext("%(n)d uppgift ändrad", "%(n)d uppgifter ändrade", summary.get("fields", 0)),
        ),
        (summary["words_added"], ngettext("%(n)d ord tillagt", "%(n)d ord tillagda", summary["words_added"])),
        (summary["words_removed"], ngettext("%(n)d ord borttaget", "%(n)d ord borttagna", summary["words_removed"])),
    ]
    return [text % {"n": count} for count, text in said if count]


def part_note(part: Mapping[str, Any]) -> str:
    """That a paragraph was split, or is several joined; said once, at the first part."""
    if part["n"]:
        return ""
    if part["of"] == "split":
        return _("Stycket är delat i %(n)s.") % {"n": part["count"]}
    return _("%(n)s stycken är sammanslagna till ett.") % {"n": part["count"]}


def kind_notes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What a block was and became, in words."""
    notes = []
    if old["type"] != new["type"] or old["in"] != new["in"]:
        notes.append(_("Var %(before)s, är nu %(after)s.") % {"before": _kind_name(old), "after": _kind_name(new)})
    elif old["type"] == "heading" and old.get("level", 2) != new.get("level", 2):
        levels = {"before": old.get("level", 2), "after": new.get("level", 2)}
        notes.append(_("Rubriknivå %(before)s blev %(after)s.") % levels)
    if old.get("image") != new.get("image"):
        notes.append(_("Bilden är utbytt."))
    if old.get("alt") != new.get("alt") or old.get("decorative") != new.get("decorative"):
        notes.append(
            _("Bildens beskrivning var ”%(before)s”, är nu ”%(after)s”.")
            % {"before": old.get("alt", ""), "after": new.get("alt", "")}
        )
    return notes


def _kind_name(attrs: Mapping[str, Any]) -> str:
    inside = [kind.split(":")[0] for kind in attrs["in"]]
    if attrs["type"] == "heading":
        return _("rubrik")
    if "ordered_list" in inside or "bullet_list" in inside:
        depth = sum(kind in _LISTS for kind in inside)
        name = (
            _("punkt i numrerad lista")
            if [k for k in inside if k in _LISTS][-1] == "ordered_list"
            else _("punkt i lista")
        )
        return name if depth == 1 else _("%(name)s på nivå %(depth)d") % {"name": name, "depth": depth}
    if "blockquote" in inside:
        return _("citat")
    return {"table": _("tabell"), "figure": _("bild")}.get(attrs["type"], _("stycke"))


def table_notes(table: Mapping[str, Any]) -> list[str]:
    """Columns and rows that came, went or moved, said once above the table."""
    rows, columns = table["rows"], table["columns"]
    came, went = _count(columns, "added"), _count(columns, "removed")
    rows_came, rows_went = _count(rows, "added"), _count(rows, "removed")
    moved = sum(bool(row["moved"]) for row in rows)
    said = [
        (came, ngettext("%(n)d kolumn tillagd.", "%(n)d kolumner tillagda.", came)),
        (went, ngettext("%(n)d kolumn borttagen.", "%(n)d kolumner borttagna.", went)),
        (rows_came, ngettext("%(n)d rad tillagd.", "%(n)d rader tillagda.", rows_came)),
        (rows_went, ngettext("%(n)d rad borttagen.", "%(n)d rader borttagna.", rows_went)),
        (moved, ngettext("%(n)d rad flyttad.", "%(n)d rader flyttade.", moved)),
    ]
    return [text % {"n": n} for n, text in said if n]


def _count(parts: Sequence[Mapping[str, Any]], op: str) -> int:
    return sum(part["op"] == op for part in parts)
