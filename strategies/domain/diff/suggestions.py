"""A document as it reads when its open suggestions are all refused, or all accepted.

Suggestion marks stand on text and on blocks: ``insertion``, ``deletion`` and ``modification{attrName, previousValue,
newValue}``. What is only suggested is not part of a version; this is where that is decided, for the diff, the
manifest and everything printed.
"""

from __future__ import annotations

from typing import Any

Node = dict[str, Any]

_SUGGESTED = frozenset({"insertion", "deletion", "modification"})


def without_suggestions(doc: Node, *, accept: bool = False) -> Node:
    """The document with every suggestion refused (or accepted). Untouched parts are shared, not copied."""
    return _settle(doc, accept) or {**doc, "content": []}


def _settle(node: Node, accept: bool) -> Node | None:
    marks = node.get("marks")
    if marks and any(mark["type"] in _SUGGESTED for mark in marks):
        settled = _settle_marks(node, marks, accept)
        if settled is None:
            return None
        node = settled
    content = node.get("content")
    if not content:
        return node
    kept = [child if child["type"] == "text" and "marks" not in child else _settle(child, accept) for child in content]
    if all(a is b for a, b in zip(kept, content, strict=True)):
        return node
    return {**node, "content": _join_text([child for child in kept if child is not None])}


def _settle_marks(node: Node, marks: list[Node], accept: bool) -> Node | None:
    gone = "deletion" if accept else "insertion"
    if any(mark["type"] == gone for mark in marks):
        return None
    node = {**node, "marks": [mark for mark in marks if mark["type"] not in _SUGGESTED]}
    if not node["marks"]:
        del node["marks"]
    for mark in marks:
        if mark["type"] == "modification" and not accept:
            node = _undo(node, mark.get("attrs") or {})
    return node


def _undo(node: Node, change: Node) -> Node:
    previous = change.get("previousValue")
    if change.get("type") == "nodeType":
        return {**node, "type": previous}
    if change.get("type") == "mark":
        return _undo_mark(node, previous, change.get("newValue"))
    if change.get("attrName"):
        return {**node, "attrs": {**(node.get("attrs") or {}), change["attrName"]: previous}}
    return node


def _undo_mark(node: Node, previous: Any, new: Any) -> Node:
    marks = [
        mark for mark in node.get("marks") or () if not (isinstance(new, dict) and mark["type"] == new.get("type"))
    ]
    if isinstance(previous, dict):
        marks.append(previous)
    node = {**node, "marks": marks}
    if not marks:
        del node["marks"]
    return node


def _join_text(children: list[Node]) -> list[Node]:
    """Neighbouring texts with the same marks are one text node again, as ProseMirror would have it."""
    out: list[Node] = []
    for child in children:
        last = out[-1] if out else None
        if last and child["type"] == last["type"] == "text" and child.get("marks") == last.get("marks"):
            out[-1] = {**last, "text": last["text"] + child["text"]}
        else:
            out.append(child)
    return out
