"""Compare two whole versions: sections by uuid, then the words in each, and what moved between them.

A section is ``{"uuid", "kind", "title", "code", "parent", "doc", "metadata": {...}}`` in reading order; every key but
``uuid`` may be missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rapidfuzz.distance import Indel

from . import matching, words
from .documents import COUNTED, DIFF_ALGORITHM_VERSION, Block, Changes, changes_of, diff_documents, keyed, summarise
from .suggestions import without_suggestions
from .tidy import UNREADABLE, tidy_sections
from .units import flatten, nfc

Section = dict[str, Any]

_SIMILAR_TITLE = 0.8


def diff_versions(old_sections: Sequence[Section], new_sections: Sequence[Section]) -> Changes:
    """``{"algorithm", "sections": [...], "changes": [...], "summary": {...}}``, in the new order.

    Each section: ``{"op": same|added|removed|changed, "uuid", "old_uuid", "title", "old_title", "code", "old_code",
    "moved": bool, "fields": {name: {"old", "new", "spans"?}}, "diff": Changes | None, "summary"}``. Text that left one
    section for another says so with ``to_section`` or ``from_section`` on its blocks. Never raises for odd input.
    """
    try:
        return _diff(old_sections, new_sections)
    except UNREADABLE:
        return _diff(tidy_sections(old_sections), tidy_sections(new_sections))


def _diff(old_sections: Sequence[Section], new_sections: Sequence[Section]) -> Changes:
    pairs = _pair_sections(old_sections, new_sections)
    away = _moved_sections(old_sections, new_sections, pairs)
    entries = [_compare(old_sections[i], new_sections[j], i in away) for i, j in pairs.items()]
    entries = [{**e, "at": (j, -1)} for e, j in zip(entries, pairs.values(), strict=True)]
    entries += _one_sided(old_sections, new_sections, pairs)
    entries.sort(key=lambda e: e["at"])
    _join_moves_between_sections(entries)
    for entry in entries:
        del entry["at"]
        _refresh(entry)
    return {
        "algorithm": DIFF_ALGORITHM_VERSION,
        "sections": entries,
        "changes": [change for entry in entries for change in entry["changes"]],
        "summary": _total(entries),
    }


def _pair_sections(old: Sequence[Section], new: Sequence[Section]) -> dict[int, int]:
    places = {str(s["uuid"]): j for j, s in enumerate(new)}
    pairs = {i: places[str(s["uuid"])] for i, s in enumerate(old) if str(s["uuid"]) in places}
    free_new = [j for j in range(len(new)) if j not in set(pairs.values())]
    free_old = [i for i in range(len(old)) if i not in pairs]
    scores = [(-_likeness(old[i], new[j]), abs(i - j), i, j) for i in free_old for j in free_new]
    for score, _, i, j in sorted(scores):
        if -score >= _SIMILAR_TITLE and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def _likeness(old: Section, new: Section) -> float:
    """Sections of two imports: alike in title, or alike in the words they open with."""
    if old.get("kind") != new.get("kind"):
        return 0.0
    title = Indel.normalized_similarity(nfc(old.get("title") or "").casefold(), nfc(new.get("title") or "").casefold())
    if title >= _SIMILAR_TITLE and old.get("title"):
        return title
    a, b = _opening(old), _opening(new)
    return Indel.normalized_similarity(a, b, score_cutoff=_SIMILAR_TITLE) if len(a) > 20 and len(b) > 20 else 0.0


def _opening(section: Section) -> list[str]:
    return " ".join(u.text for u in flatten(section.get("doc") or {})[:5]).split()[:80]


def _moved_sections(old: Sequence[Section], new: Sequence[Section], pairs: dict[int, int]) -> set[int]:
    """Those that changed place among the sections; children that only followed their parent did not move."""
    reparented = {i for i, j in pairs.items() if _parent(old[i]) != _parent(new[j])}
    away = set(reparented)
    for parent in {_parent(s) for s in old}:
        siblings = {i: j for i, j in pairs.items() if i not in reparented and _parent(old[i]) == parent}
        away |= matching.moved(siblings, lambda i: 1)
    return away


def _parent(section: Section) -> str | None:
    parent = section.get("parent")
    return str(parent) if parent else None


def _compare(old: Section, new: Section, is_moved: bool) -> dict[str, Any]:
    uuid = str(new["uuid"])
    same_doc = old.get("doc") is new.get("doc") or old.get("doc") == new.get("doc")
    return {
        "op": "same",
        "uuid": uuid,
        "old_uuid": str(old["uuid"]),
        **_names(old, new),
        "moved": is_moved,
        "fields": _fields(old, new),
        "diff": None if same_doc else diff_documents(old.get("doc"), new.get("doc"), section=uuid),
    }


def _names(old: Section | None, new: Section | None) -> dict[str, Any]:
    now, then = new or old or {}, old or {}
    return {
        "kind": now.get("kind"),
        "title": now.get("title"),
        "code": now.get("code"),
        "old_title": then.get("title"),
        "old_code": then.get("code"),
    }


def _fields(old: Section, new: Section) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if nfc(old.get("title") or "") != nfc(new.get("title") or ""):
        spans = words.diff_text(nfc(old.get("title") or ""), nfc(new.get("title") or ""))
        fields["title"] = {"old": old.get("title"), "new": new.get("title"), "spans": spans}
    if old.get("kind") != new.get("kind"):
        fields["kind"] = {"old": old.get("kind"), "new": new.get("kind")}
    before, after = old.get("metadata") or {}, new.get("metadata") or {}
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            fields[name] = {"old": before.get(name), "new": after.get(name)}
    return fields


def _one_sided(old: Sequence[Section], new: Sequence[Section], pairs: dict[int, int]) -> list[dict[str, Any]]:
    taken = set(pairs.values())
    entries = [_whole("added", None, s) | {"at": (j, -1)} for j, s in enumerate(new) if j not in taken]
    last = -1
    for i, section in enumerate(old):
        if i in pairs:
            last = pairs[i]
        else:
            entries.append(_whole("removed", section, None) | {"at": (last, i)})
    return entries


def _whole(op: str, old: Section | None, new: Section | None) -> dict[str, Any]:
    section = new or old or {}
    uuid = str(section["uuid"])
    diff = diff_documents(old and old.get("doc"), new and new.get("doc"), section=uuid)
    return {"op": op, "uuid": uuid, "old_uuid": uuid, **_names(old, new), "moved": False, "fields": {}, "diff": diff}


def _join_moves_between_sections(entries: list[dict[str, Any]]) -> None:
    """A block that left one section and stands in another is moved there, with what was edited on the way."""
    gone = [(e, b) for e in entries for b in _blocks(e) if b["op"] == "removed"]
    come = [(e, b) for e in entries for b in _blocks(e) if b["op"] == "added"]
    for n, m in _pair_blocks([b for _, b in gone], [b for _, b in come]).items():
        _mark_moved(*gone[n], *come[m])


def _blocks(entry: dict[str, Any]) -> list[Block]:
    return entry["diff"]["blocks"] if entry["diff"] else []


def _pair_blocks(gone: list[Block], come: list[Block]) -> dict[int, int]:
    by_id: dict[tuple[str | None, str], list[int]] = {}
    by_text: dict[tuple[str, str], list[int]] = {}
    for m, block in enumerate(come):
        by_id.setdefault((block["id"], block["type"]), []).append(m)
        by_text.setdefault((block["type"], block["text"][0]), []).append(m)
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for n, block in enumerate(gone):
        text = block["text"][0]
        same_id = [m for m in by_id.get((block["id"], block["type"]), ()) if block["id"]]
        same_id = [m for m in same_id if Indel.normalized_similarity(text, come[m]["text"][0]) >= 0.4]
        same_text = by_text.get((block["type"], text), ()) if text.count(" ") >= matching.MOVED_MIN_WORDS - 1 else ()
        for m in [*same_id, *same_text]:
            if m not in taken:
                pairs[n] = m
                taken.add(m)
                break
    return pairs


def _mark_moved(from_entry: dict[str, Any], gone: Block, to_entry: dict[str, Any], come: Block) -> None:
    before, after = gone["text"][0], come["text"][0]
    gone |= {"to_section": to_entry["uuid"], "moved": True, "changes": []}
    come |= {"from_section": from_entry["old_uuid"], "moved": True}
    kinds = [{"kind": "moved", "before": before, "after": after}]
    if before != after and come["type"] != "table":
        come["moved_spans"] = words.diff_text(before, after)
        kinds += words.sentences(come["moved_spans"])
    come["changes"] = keyed(kinds, to_entry["uuid"], come["id"])


def _refresh(entry: dict[str, Any]) -> None:
    """Count again after the moves, and say in one word what happened to the section."""
    if entry["diff"]:
        entry["diff"] = changes_of(entry["diff"]["blocks"], entry["uuid"])
    summary = entry["diff"]["summary"] if entry["diff"] else summarise([])
    entry["changes"] = _field_changes(entry) + (entry["diff"]["changes"] if entry["diff"] else [])
    if entry["op"] == "same" and all(block["op"] == "same" for block in _blocks(entry)):
        entry["diff"] = None
    if entry["op"] == "same" and (entry["changes"] or entry["diff"]):
        entry["op"] = "changed"
    entry["summary"] = {**summary, "fields": len(entry["fields"])}


def _field_changes(entry: dict[str, Any]) -> list[dict[str, Any]]:
    uuid = entry["uuid"]
    out = [
        {"kind": f"field:{name}", "before": _say(f["old"]), "after": _say(f["new"])}
        for name, f in entry["fields"].items()
    ]
    if entry["moved"]:
        out.append({"kind": "section_moved", "before": entry["old_code"] or "", "after": entry["code"] or ""})
    if entry["op"] in ("added", "removed"):
        title = entry["title"] or ""
        out.append({"kind": f"section_{entry['op']}", "before": "" if entry["op"] == "added" else title,
                    "after": title if entry["op"] == "added" else ""})  # fmt: skip
    return [{**c, "section": uuid, "block": None} for c in keyed(out, uuid, None)]


def _say(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_say(v) for v in value)
    return "" if value is None else str(value)


def _total(entries: list[dict[str, Any]]) -> dict[str, int]:
    ops = Counter(e["op"] for e in entries)
    total = {f"sections_{op}": ops[op] for op in ("added", "removed", "changed", "same")}
    total["sections_moved"] = sum(e["moved"] for e in entries)
    total |= {name: sum(e["summary"][name] for e in entries) for name in (*COUNTED, "fields")}
    return total


__all__ = ["diff_versions", "without_suggestions"]
