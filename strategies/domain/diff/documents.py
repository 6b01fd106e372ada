"""Compare two documents block by block.

The answer (``Changes``) is plain JSON. Its ``blocks`` run through the new document in order, with what was removed at
the place where it stood::

    {"op": "same", "old": [i, j], "new": [k, l]}            units i..j-1 are units k..l-1, word for word
    {"op": "added" | "removed" | "changed", "old": i | null, "new": k | null, "id": block id | null,
     "moved": bool, "type": node type, "spans": [...],      see ``words``
     "attrs": {"old": {...}, "new": {...}},                 only when what the block *is* changed
     "table": {...},                                        only for tables, see ``tables``
     "part": {"of": "split" | "joined", "n", "count"},      one of several that were one, or became one; see ``splits``
     "changes": [{"key", "kind", "before", "after"}]}       one for each changed sentence
    {"op": "left", "old": i, "new": k, "id": ...}           where a moved block stood before

A block that only moved is ``changed`` with ``moved`` true. ``kind`` is added, removed, words, format, kind (heading
level, list, picture), moved, split or joined.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from . import matching, splits, tables, words
from .suggestions import without_suggestions
from .tidy import UNREADABLE, tidy
from .units import IMAGES, Node, Unit, flatten, nfc, tokens

DIFF_ALGORITHM_VERSION = "2"

Block = dict[str, Any]
Changes = dict[str, Any]

COUNTED = (
    "added", "removed", "changed", "moved", "split", "joined", "format", "kind", "words_added", "words_removed",
)  # fmt: skip


def diff_documents(old_tree: Node | None, new_tree: Node | None, *, section: str = "") -> Changes:
    """What happened between two ProseMirror documents (JSON). Open suggestions count as not yet made.

    Returns ``{"algorithm", "section", "blocks", "changes", "summary"}``; nothing changed gives no changes and a
    summary of zeros. The section uuid goes into the change keys. Never raises: what is no document is read as far as it goes.
    """
    try:
        return _diff(old_tree or {}, new_tree or {}, section)
    except UNREADABLE:
        return _diff(tidy(old_tree), tidy(new_tree), section)


def _diff(old_tree: Node, new_tree: Node, section: str) -> Changes:
    old, new = flatten(without_suggestions(old_tree)), flatten(without_suggestions(new_tree))
    return changes_of(diff_units(old, new, section), section)


def texts_of(tree: Node | None) -> list[str]:
    """The texts of a document, unit by unit, as the comparison sees them."""
    try:
        return [unit.text for unit in flatten(without_suggestions(tree or {}))]
    except UNREADABLE:
        return [unit.text for unit in flatten(without_suggestions(tidy(tree)))]


def changes_of(blocks: list[Block], section: str) -> Changes:
    changes = [{**c, "section": section, "block": b.get("id")} for b in blocks for c in b.get("changes", ())]
    return {
        "algorithm": DIFF_ALGORITHM_VERSION,
        "section": section,
        "blocks": blocks,
        "changes": changes,
        "summary": summarise(blocks),
    }


def diff_units(old: Sequence[Unit], new: Sequence[Unit], section: str) -> list[Block]:
    pairs = matching.pair_units(old, new)
    away = matching.moved(pairs, lambda i: _size(old[i], new[pairs[i]]))
    found = [_compare(old[i], new[j], i in away, section) for i, j in pairs.items()]
    taken = set(pairs.values())
    found += [removed(unit, section) for i, unit in enumerate(old) if i not in pairs]
    found += [added(unit, section) for j, unit in enumerate(new) if j not in taken]
    return splits.with_parts(_in_reading_order(found, len(old), len(new)), old, new, section, keyed)


def _size(a: Unit, b: Unit) -> int:
    return (len(a.node.get("content") or ()) and 1) + (len(a.text) + len(b.text) if a.type != "table" else 900)


def _compare(a: Unit, b: Unit, is_moved: bool, section: str) -> Block:
    block: Block = {"op": "same", "old": a.index, "new": b.index, "id": b.id, "type": b.type, "moved": is_moved}
    kinds = [{"kind": "moved", "before": a.text, "after": b.text}] if is_moved else []
    if not same(a, b):
        if a.type == "table":
            block["table"] = tables.diff_tables(a.node, b.node, section)
            kinds += tables.sentence_changes(block["table"])
            block["text"] = [a.text, b.text] if a.text != b.text else [a.text]
        else:
            block["spans"] = words.diff_blocks_words(a.node, b.node)
            kinds += words.sentences(block["spans"])
        if a.attrs() != b.attrs():
            block["attrs"] = {"old": a.attrs(), "new": b.attrs()}
            kinds.append({"kind": "kind", "before": a.text, "after": b.text})
    if kinds or block["moved"]:
        block["op"] = "changed"
        block.setdefault("spans", [["=", b.text]] if b.text and a.type != "table" else [])
        block["changes"] = keyed(kinds, section, b.id or a.id)
    return block


def same(a: Unit, b: Unit) -> bool:
    return a.context == b.context and (a.node is b.node or a.node == b.node)


def removed(unit: Unit, section: str) -> Block:
    return _one_sided(unit, "removed", "-", section)


def added(unit: Unit, section: str) -> Block:
    return _one_sided(unit, "added", "+", section)


def _one_sided(unit: Unit, op: str, sign: str, section: str) -> Block:
    before, after = (unit.text, "") if op == "removed" else ("", unit.text)
    spans: list[words.Span] = []
    if unit.type != "table":
        for token in tokens(unit.node):
            words.add(spans, sign, token.text, token.marks)
            words.add(spans, sign, token.space, token.marks_of_space)
    return {
        "op": op,
        "old": unit.index if op == "removed" else None,
        "new": unit.index if op == "added" else None,
        "id": unit.id,
        "type": unit.type,
        "moved": False,
        "spans": words.joined(spans),
        "attrs": {"old": unit.attrs()} if op == "removed" else {"new": unit.attrs()},
        "text": [unit.text],
        "changes": keyed([{"kind": op, "before": before, "after": after}], section, unit.id),
    }


def keyed(changes: list[dict[str, Any]], section: str, block: str | None) -> list[dict[str, Any]]:
    return [{"key": change_key(section, block, c["kind"], c["before"], c["after"]), **c} for c in changes]


def change_key(section: str, block: str | None, kind: str, before: str, after: str) -> str:
    """Names one change for good: the same words changed the same way in the same block give the same key."""
    said = json.dumps([section, block, kind, nfc(before), nfc(after)], ensure_ascii=False)
    return "c" + hashlib.sha256(said.encode()).hexdigest()[:20]


def _in_reading_order(found: list[Block], old_count: int, new_count: int) -> list[Block]:
    """New order, with what left the old text at the place where it stood."""
    at_new = {b["new"]: b for b in found if b["new"] is not None}
    at_old = {b["old"]: b for b in found if b["old"] is not None}
    out: list[Block] = []
    i = _leave(at_old, 0, old_count, out)
    for j in range(new_count):
        block = at_new[j]
        _append(out, block)
        if block["old"] is not None and not block["moved"]:
            i = _leave(at_old, i + 1, old_count, out)
    return out


def _leave(at_old: dict[int, Block], start: int, stop: int, out: list[Block]) -> int:
    """Say what went, from ``start`` to the next block that stayed in its place."""
    for i in range(start, stop):
        block = at_old[i]
        if block["op"] == "removed":
            out.append(block)
        elif block["moved"]:
            out.append({"op": "left", "old": i, "new": block["new"], "id": block["id"], "type": block["type"]})
        else:
            return i
    return stop


def _append(out: list[Block], block: Block) -> None:
    if block["op"] != "same":
        out.append(block)
        return
    last = out[-1] if out else None
    if last and last["op"] == "same" and last["old"][1] == block["old"] and last["new"][1] == block["new"]:
        last["old"][1] += 1
        last["new"][1] += 1
    else:
        i, j = block["old"], block["new"]
        out.append({"op": "same", "old": [i, i + 1], "new": [j, j + 1]})


NOT_WORDS = {"moved", "format", "kind", "split", "joined"}


def summarise(blocks: list[Block]) -> dict[str, int]:
    """Counts of blocks by what happened to them, and of words that came and went."""
    counts: Counter[str] = Counter()
    for block in blocks:
        if block["op"] in ("same", "left"):
            continue
        kinds = {c["kind"] for c in block["changes"]}
        counts[block["op"]] += block["op"] != "changed" or bool(kinds - NOT_WORDS)
        counts["moved"] += block["moved"]
        counts["split"] += "split" in kinds
        counts["joined"] += "joined" in kinds
        counts["format"] += "format" in kinds
        counts["kind"] += "kind" in kinds
        came, went = block_words(block)
        counts["words_added"] += came
        counts["words_removed"] += went
    return {name: counts[name] for name in COUNTED}


def block_words(block: Block) -> tuple[int, int]:
    if block["type"] != "table":
        return words.changed_words(block["spans"])
    if block["op"] == "changed":
        return tables.changed_words(block["table"]) if "table" in block else (0, 0)
    count = len(block["text"][0].split())
    return (count, 0) if block["op"] == "added" else (0, count)


def is_picture(block: Block) -> bool:
    return block["type"] in IMAGES


def apply_changes(changes: Changes, old_tree: Node | None) -> list[str]:
    """The new document's texts, unit by unit, from the old document and the changes alone."""
    return _rebuild(changes["blocks"], texts_of(old_tree), "old", "new")


def revert_changes(changes: Changes, new_tree: Node | None) -> list[str]:
    """The old document's texts, from the new document and the changes alone."""
    return _rebuild(changes["blocks"], texts_of(new_tree), "new", "old")


def _rebuild(blocks: list[Block], texts: list[str], have: str, want: str) -> list[str]:
    out: dict[int, str] = {}
    for block in blocks:
        if block["op"] == "same":
            start, stop = block[have]
            out.update(zip(range(*block[want]), texts[start:stop], strict=True))
        elif block["op"] != "left" and block[want] is not None:
            text = _block_text(block, texts, have, want)
            out[block[want]] = out.get(block[want], "") + text if "part" in block else text
    return [out[n] for n in sorted(out)]


def _block_text(block: Block, texts: list[str], have: str, want: str) -> str:
    if block["type"] != "table":
        return words.side(block["spans"], want)
    if block["op"] != "changed":
        return block["text"][0]
    return tables.side(block["table"], want) if "table" in block else texts[block[have]]
