"""A document as it reads when its open suggestions are refused, or accepted: all of them, or some.

Suggestion marks stand on text and on blocks: ``insertion``, ``deletion`` and ``modification{type, attrName,
previousValue, newValue}``, where ``type`` is

- ``attr``: an attribute; ``nodeType``: the kind of block (``previousValue`` is ``{type, attrs}``); ``mark``: formatting;
- ``split``: this block was one with the block before it (``newValue``: how many levels, 2 for a list's item);
- ``join``: this block is to become one with the block before it.

Marks of several people may stand on the same words. What is only suggested is not part of a version; this is where that
is decided, for the diff, the manifest, the server's proof that somebody only suggested, and everything printed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Node = dict[str, Any]
Verdict = Callable[[str], bool | None]  # a suggestion's id -> accept (True), refuse (False), leave as it is (None)

SUGGESTED = frozenset({"insertion", "deletion", "modification"})
JOINED = {"split": False, "join": True}  # what makes the block one with the one before it: refusing, accepting
TEXT_BLOCKS = frozenset({"paragraph", "heading"})
CONTAINERS = frozenset({"list_item", "blockquote", "bullet_list", "ordered_list"})
ORDER = (
    "link",
    "strong",
    "em",
    "superscript",
    "subscript",
    "insertion",
    "deletion",
    "modification",
)  # as in the schema


def without_suggestions(doc: Node, *, accept: bool = False) -> Node:
    """The document with every suggestion refused (or accepted). Untouched parts are shared, not copied."""
    return settled(doc, lambda _id: accept)


def settled(doc: Node, verdict: Verdict) -> Node:
    """The document with the suggestions that ``verdict`` names accepted or refused, and the others left in it."""
    return _settle(doc, verdict)[0] or {**doc, "content": []}


def _settle(node: Node, verdict: Verdict) -> tuple[Node | None, int]:
    """The node (None: gone), and how many levels deep it becomes one with the node before it."""
    depth = 0
    if node.get("marks") and any(mark["type"] in SUGGESTED for mark in node["marks"]):
        kept, depth = settle_node(node, verdict)
        if kept is None:
            return None, 0
        node = kept
    content = node.get("content")
    if not content:
        return node, depth
    pairs = [
        (child, 0) if child["type"] == "text" and "marks" not in child else _settle(child, verdict) for child in content
    ]
    if all(child is was and not deep for (child, deep), was in zip(pairs, content, strict=True)):
        return node, depth
    return {**node, "content": _put_together(pairs)}, depth


def _put_together(pairs: list[tuple[Node | None, int]]) -> list[Node]:
    out: list[Node] = []
    for child, depth in pairs:
        if child is not None and not (depth and _join(out, child, depth)):
            out.append(child)
    return join_text(out)


def settle_node(node: Node, verdict: Verdict) -> tuple[Node | None, int]:
    """The node with its own marks settled, its content untouched; as ``_settle``."""
    depth = 0
    for mark in reversed(node["marks"]):  # what was suggested last is settled first
        if mark["type"] not in SUGGESTED:
            continue
        attrs = mark.get("attrs") or {}
        accept = verdict(attrs["id"])
        if accept is None:
            continue
        if mark["type"] == ("deletion" if accept else "insertion"):
            return None, 0
        if mark["type"] == "modification":
            if JOINED.get(attrs["type"]) is accept:
                depth = levels(attrs)
            elif not accept:
                node = _undo(node, mark)
        node = with_marks(node, [each for each in node.get("marks") or () if each != mark])
    return node, depth


def levels(attrs: Node) -> int:
    """How many levels of blocks a split or a join concerns."""
    value = attrs.get("newValue")
    return value if type(value) is int and 1 <= value <= 9 else 1


def with_marks(node: Node, marks: list[Node]) -> Node:
    """The node with these marks, in the schema's order."""
    node = {**node, "marks": sorted(marks, key=lambda mark: ORDER.index(mark["type"]))}
    if not marks:
        del node["marks"]
    return node


# --- Changes of form ------------------------------------------------------------------------------


def subject(attrs: Node) -> tuple[str, str]:
    """What a modification is about: two with the same subject follow on each other."""
    values = [
        value.get("type", "")
        for value in (attrs.get("newValue"), attrs.get("previousValue"))
        if isinstance(value, dict)
    ]
    return attrs["type"], str(attrs.get("attrName") or (values[0] if attrs["type"] == "mark" and values else ""))


def _undo(node: Node, mark: Node) -> Node:
    """What the mark says was before. A later change of the same thing that is left takes over what was before."""
    change, later = mark["attrs"], _later(node, mark)
    if later is not None:
        heir = {**later, "attrs": {**later["attrs"], "previousValue": change.get("previousValue")}}
        return {**node, "marks": [heir if each == later else each for each in node["marks"]]}
    previous = change.get("previousValue")
    if change["type"] == "nodeType":
        kind, attrs = (previous["type"], previous.get("attrs") or {}) if isinstance(previous, dict) else (previous, {})
        own = (node.get("attrs") or {}).get("id")
        return {**node, "type": kind, "attrs": {"id": own, **{key: attrs[key] for key in attrs if key != "id"}}}
    if change["type"] == "mark":
        return _undo_mark(node, previous, change.get("newValue"))
    if change["type"] == "attr" and change.get("attrName"):
        return {**node, "attrs": {**(node.get("attrs") or {}), change["attrName"]: previous}}
    return node


def _later(node: Node, mark: Node) -> Node | None:
    marks = node["marks"]
    after = marks[marks.index(mark) + 1 :]
    same = [
        each for each in after if each["type"] == "modification" and subject(each["attrs"]) == subject(mark["attrs"])
    ]
    return same[0] if same else None


def _undo_mark(node: Node, previous: Any, new: Any) -> Node:
    kind = new.get("type") if isinstance(new, dict) else None
    marks = [mark for mark in node.get("marks") or () if mark["type"] != kind]
    return with_marks(node, [*marks, previous] if isinstance(previous, dict) else marks)


# --- Becoming one again ---------------------------------------------------------------------------


def _join(out: list[Node], node: Node, depth: int) -> bool:
    """Put the node's content into the nearest block before it that is not itself only suggested. False: it stays."""
    for index in range(len(out) - 1, -1, -1):
        if any(mark["type"] == "insertion" for mark in out[index].get("marks") or ()):
            continue
        joined = _as_one(out[index], node, depth)
        if joined is not None:
            out[index] = joined
        return joined is not None
    return False


def _as_one(first: Node, second: Node, depth: int) -> Node | None:
    content, rest = list(first.get("content") or []), list(second.get("content") or [])
    if {first["type"], second["type"]} <= TEXT_BLOCKS:
        return {**first, "content": join_text(content + rest)}
    if first["type"] != second["type"] or first["type"] not in CONTAINERS:
        return None
    if depth > 1 and rest and _join(content, rest[0], depth - 1):
        del rest[0]
    return {**first, "content": content + rest}


def join_text(children: list[Node]) -> list[Node]:
    """Neighbouring texts with the same marks are one text node again, as ProseMirror would have it."""
    out: list[Node] = []
    for child in children:
        last = out[-1] if out else None
        if last and child["type"] == last["type"] == "text" and child.get("marks") == last.get("marks"):
            out[-1] = {**last, "text": last["text"] + child["text"]}
        else:
            out.append(child)
    return out
