"""A wanted text as a suggestion: steps that mark what would go and what would come. Pure functions.

For those who write without the editor (the form, a proposal from outside). Accepting the suggestion gives the wanted
text, refusing it gives the text as it was.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from prosemirror.model import Fragment, Mark, Node, Slice
from prosemirror.transform import AddMarkStep, AddNodeMarkStep, AttrStep, ReplaceStep, Step

from strategies.domain import documents
from strategies.domain.diff.suggestions import SUGGESTED
from strategies.domain.rewriting import block_key, offsets_of, runs_between
from strategies.schema import SCHEMA

PIECES = re.compile(r"\w+|\s+|[^\w\s]")


def suggesting_steps(before: Node, wanted: Node, mark_id: str) -> list[Step]:
    """Steps on ``before`` that suggest ``wanted``, all under one id; from the end backwards."""
    return [step for change in reversed(list(_children(before, wanted, 0, mark_id))) for step in change]


Change = list[Step]


def _mark(kind: str, mark_id: str, **more: Any) -> Mark:
    return SCHEMA.marks[kind].create({"id": mark_id, **more})


def _children(before: Node, wanted: Node, start: int, mark_id: str) -> Iterator[Change]:
    old, new = before.content.content, wanted.content.content
    places = offsets_of(old, start)
    for a, b, c, d in runs_between(old, new):
        if b - a == d - c == 1 and block_key(old[a]) == block_key(new[c]):
            yield from _block(old[a], new[c], places[a], mark_id)
            continue
        for index in range(a, b):
            if not _is_deleted(old[index]):
                yield [AddNodeMarkStep(places[index], _mark("deletion", mark_id))]
        if c < d:
            fresh = [_fresh(node, mark_id) for node in new[c:d]]
            yield [ReplaceStep(places[b], places[b], Slice(Fragment.from_(fresh), 0, 0))]


def _is_deleted(node: Node) -> bool:
    return any(mark.type.name == "deletion" for mark in node.marks)


def _fresh(node: Node, mark_id: str) -> Node:
    """A new block: ids of its own, nobody's suggestions in it, and the mark that says that it is new."""
    plain = _cleaned(dict(node.to_json()))
    made = Node.from_json(SCHEMA, documents.with_ids({"type": "doc", "content": [plain]})["content"][0])
    return made.mark([_mark("insertion", mark_id)])


def _cleaned(node: dict[str, Any]) -> dict[str, Any]:
    marks = [mark for mark in node.get("marks") or () if mark["type"] not in SUGGESTED]
    copy = {key: value for key, value in node.items() if key not in ("marks", "content")} | (
        {"marks": marks} if marks else {}
    )
    if "attrs" in copy and "id" in copy["attrs"]:
        copy["attrs"] = {**copy["attrs"], "id": None}
    if "content" in node:
        copy["content"] = [_cleaned(child) for child in node["content"]]
    return copy


def _block(old: Node, new: Node, pos: int, mark_id: str) -> Iterator[Change]:
    for name, value in new.attrs.items():
        if old.attrs[name] != value:
            change = {"type": "attr", "attrName": name, "previousValue": old.attrs[name], "newValue": value}
            yield [AttrStep(pos, name, value), AddNodeMarkStep(pos, _mark("modification", mark_id, **change))]
    if old.is_textblock:
        yield from _words(old, new, pos + 1, mark_id)
    elif not old.is_leaf:
        yield from _children(old, new, pos + 1, mark_id)


def _words(old: Node, new: Node, start: int, mark_id: str) -> Iterator[Change]:
    a, b = _pieces(old), _pieces(new)
    at_old, at_new = _sums(a), _sums(b)
    matcher = SequenceMatcher(None, [key for key, _w in a], [key for key, _w in b], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        change: Change = []
        if i1 < i2:
            change.append(AddMarkStep(start + at_old[i1], start + at_old[i2], _mark("deletion", mark_id)))
        if j1 < j2:
            part = [_suggested(child, mark_id) for child in new.content.cut(at_new[j1], at_new[j2]).content]
            place = start + at_old[i2]
            change.append(ReplaceStep(place, place, Slice(Fragment.from_(part), 0, 0)))
        yield change


def _suggested(node: Node, mark_id: str) -> Node:
    marks = [mark for mark in node.marks if mark.type.name not in SUGGESTED]
    return node.mark([*marks, _mark("insertion", mark_id)])


def _pieces(node: Node) -> list[tuple[str, int]]:
    """Words, blanks and objects of a text block, each with its marks, and how wide they are."""
    found: list[tuple[str, int]] = []
    for child in node.content.content:
        marks = repr([mark.to_json() for mark in child.marks])
        if child.is_text:
            found += [
                (piece + marks, len(piece.encode("utf-16-le")) // 2) for piece in PIECES.findall(child.text or "")
            ]
        else:
            found.append((repr(child.to_json()), child.node_size))
    return found


def _sums(pieces: Sequence[tuple[str, int]]) -> list[int]:
    sums = [0]
    for _key, width in pieces:
        sums.append(sums[-1] + width)
    return sums
