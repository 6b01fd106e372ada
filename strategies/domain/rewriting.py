"""From one document to another as steps: whole blocks by id, words inside a block. Pure functions."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from prosemirror.model import Fragment, Node, Slice
from prosemirror.transform import AttrStep, ReplaceStep, Step

Span = tuple[int, int, int, int]


def steps_between(before: Node, after: Node) -> list[Step]:
    """Steps that make ``after`` of ``before``, from the end backwards, so that each keeps the positions of ``before``."""
    return list(reversed(list(_children(before, after, 0))))


def _children(before: Node, after: Node, start: int) -> Iterator[Step]:
    """Steps for the children of a container whose content begins at ``start``; in reading order."""
    old, new = before.content.content, after.content.content
    offsets = offsets_of(old, start)
    for a, b, c, d in runs_between(old, new):
        if b - a == d - c == 1 and _same_place(old[a], new[c]):
            yield from _block(old[a], new[c], offsets[a])
        else:
            yield ReplaceStep(offsets[a], offsets[b], Slice(Fragment.from_(new[c:d]), 0, 0))


def offsets_of(nodes: Sequence[Node], start: int) -> list[int]:
    """Where each node begins, and where the last one ends."""
    offsets = [start]
    for node in nodes:
        offsets.append(offsets[-1] + node.node_size)
    return offsets


def runs_between(old: list[Node], new: list[Node]) -> Iterator[Span]:
    """What differs: pairs of single blocks with the same id, and stretches that were replaced, added or removed."""
    keys_old, keys_new = [block_key(node) for node in old], [block_key(node) for node in new]
    matcher = SequenceMatcher(None, keys_old, keys_new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            yield a, b, c, d
            continue
        for index in range(b - a):
            if not old[a + index].eq(new[c + index]):
                yield a + index, a + index + 1, c + index, c + index + 1


def block_key(node: Node) -> str:
    """What makes a block the same one in two documents."""
    return f"{node.type.name}/{node.attrs.get('id')}"


def _same_place(old: Node, new: Node) -> bool:
    return block_key(old) == block_key(new) and _marks(old) == _marks(new)


def _block(old: Node, new: Node, pos: int) -> Iterator[Step]:
    for name, value in new.attrs.items():
        if old.attrs[name] != value:
            yield AttrStep(pos, name, value)
    if old.is_textblock:
        yield from _words(old, new, pos + 1)
    elif not old.is_leaf:
        yield from _children(old, new, pos + 1)


def _words(old: Node, new: Node, start: int) -> Iterator[Step]:
    """One replacement from the first to the last difference inside a text block."""
    a, b = _units(old), _units(new)
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    first, last = _width(a[:head]), _width(a[: len(a) - tail])
    last_new = _width(b[: len(b) - tail])
    if first != last or first != last_new:
        yield ReplaceStep(start + first, start + last, Slice(new.content.cut(first, last_new), 0, 0))


Unit = tuple[str, str, int]  # letter or object, marks, width in positions


def _units(node: Node) -> list[Unit]:
    units: list[Unit] = []
    for child in node.content.content:
        marks = _marks(child)
        if child.is_text:
            units += [(letter, marks, 2 if ord(letter) > 0xFFFF else 1) for letter in child.text or ""]
        else:
            units.append((repr(child.to_json()), marks, child.node_size))
    return units


def _marks(node: Node) -> str:
    return repr([mark.to_json() for mark in node.marks]) if node.marks else ""


def _width(units: list[Any]) -> int:
    return sum(unit[2] for unit in units)
