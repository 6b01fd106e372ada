"""Paragraphs that were split, and those that were joined, said as such and not as one removed and another added.

Works on the list of blocks in reading order. A changed block with added ones beside it whose words were all in the old one was
split; a changed block with removed ones beside it whose words are all in the new one took them in. Such blocks become *parts*::

    {"op": "changed", ..., "part": {"of": "split" | "joined", "n": 0.., "count": n}}

The parts of a split share ``old``, those of a join share ``new``; their spans, one after the other, lead from the one side to the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from . import words
from .units import Token, Unit, tokens

Block = dict[str, Any]
Keyed = Callable[[list[dict[str, Any]], str, "str | None"], list[dict[str, Any]]]

BORDER = "\U0010fffd"  # stands between two paragraphs while they are compared as one
TEXT_BLOCKS = frozenset({"paragraph", "heading"})
KEPT = 0.8
"""At least this share of a part's words must come from the other side, in total numbers of words."""
FEWEST = 3  # words of a part: fewer prove nothing


def with_parts(
    blocks: list[Block], old: Sequence[Unit], new: Sequence[Unit], section: str, keyed: Keyed
) -> list[Block]:
    """The same blocks, those that belong to a split or a join as parts of it."""
    if not any(block["op"] == "changed" for block in blocks):
        return blocks
    found = _parts(blocks, "added", old, new, section, keyed)
    return _parts(found, "removed", old, new, section, keyed)


def _parts(
    blocks: list[Block], op: str, old: Sequence[Unit], new: Sequence[Unit], section: str, keyed: Keyed
) -> list[Block]:
    out = list(blocks)
    at = 0
    while at < len(out):
        if _may_be_whole(out[at]):
            start, stop = _beside(out, at, op, old, new)
            if stop - start > 1:
                out[start:stop] = _as_parts(out[start:stop], out[at], op, old, new, section, keyed)
                at = stop
                continue
        at += 1
    return out


def _may_be_whole(block: Block) -> bool:
    return block["op"] == "changed" and not block["moved"] and block["type"] in TEXT_BLOCKS and "part" not in block


def _beside(blocks: list[Block], at: int, op: str, old: Sequence[Unit], new: Sequence[Unit]) -> tuple[int, int]:
    """The stretch around ``at`` whose other blocks are ``op`` and have their words from the one side of ``blocks[at]``."""
    whole_unit = old[blocks[at]["old"]] if op == "added" else new[blocks[at]["new"]]
    own_unit = new[blocks[at]["new"]] if op == "added" else old[blocks[at]["old"]]
    left = Counter(_words(whole_unit))
    left.subtract(_words(own_unit))
    left = +left
    start = stop = at
    while start > 0 and _comes_from(blocks[start - 1], op, left, whole_unit, old, new):
        start -= 1
    while stop + 1 < len(blocks) and _comes_from(blocks[stop + 1], op, left, whole_unit, old, new):
        stop += 1
    return start, stop + 1


def _comes_from(
    block: Block, op: str, left: Counter[str], whole: Unit, old: Sequence[Unit], new: Sequence[Unit]
) -> bool:
    """Whether the block's words are among those that are ``left``; they are taken from them when they are."""
    if block["op"] != op or block["type"] not in TEXT_BLOCKS:
        return False
    unit = new[block["new"]] if op == "added" else old[block["old"]]
    mine = Counter(_words(unit))
    total = mine.total()
    if total < FEWEST or BORDER in unit.text or BORDER in whole.text or unit.context != whole.context:
        return False
    if (mine & left).total() < KEPT * total:
        return False
    left.subtract(mine)
    for word in [word for word, count in left.items() if count <= 0]:
        del left[word]
    return True


def _words(unit: Unit) -> list[str]:
    return unit.text.split()


def _as_parts(
    stretch: list[Block], whole: Block, op: str, old: Sequence[Unit], new: Sequence[Unit], section: str, keyed: Keyed
) -> list[Block]:
    many = [new[block["new"]] if op == "added" else old[block["old"]] for block in stretch]
    one = old[whole["old"]] if op == "added" else new[whole["new"]]
    joined = _with_borders(many)
    if op == "added":
        pieces = _cut(words.diff_tokens(tokens(one.node), joined), "+", len(many))
        kind, before, after = "split", one.text, "\n".join(unit.text for unit in many)
    else:
        pieces = _cut(words.diff_tokens(joined, tokens(one.node)), "-", len(many))
        kind, before, after = "joined", "\n".join(unit.text for unit in many), one.text
    out = []
    for n, (unit, spans) in enumerate(zip(many, pieces, strict=True)):
        changes = [{"kind": kind, "before": before, "after": after}] if n == 0 else []
        changes += words.sentences(_without_edges(spans))
        pair = (one, unit) if op == "added" else (unit, one)
        block: Block = {
            "op": "changed", "old": pair[0].index, "new": pair[1].index, "id": pair[1].id, "type": pair[1].type, "moved": False,
            "spans": spans, "part": {"of": kind, "n": n, "count": len(many)},
        }  # fmt: skip
        if pair[0].attrs() != pair[1].attrs():
            block["attrs"] = {"old": pair[0].attrs(), "new": pair[1].attrs()}
            changes.append({"kind": "kind", "before": pair[0].text, "after": pair[1].text})
        block["changes"] = keyed(changes, section, unit.id or one.id)
        out.append(block)
    return out


def _with_borders(units: Sequence[Unit]) -> list[Token]:
    found: list[Token] = []
    for n, unit in enumerate(units):
        if n:
            found.append(Token(BORDER))
        found += tokens(unit.node)
    return found


def _cut(spans: list[words.Span], sign: str, count: int) -> list[list[words.Span]]:
    """The spans of each part: they end where a border came (``+``) or went (``-``)."""
    parts: list[list[words.Span]] = [[]]
    for span in spans:
        if span[0] != sign or BORDER not in span[1]:
            parts[-1].append(span)
            continue
        for n, text in enumerate(span[1].split(BORDER)):
            if n:
                parts.append([])
            if text:
                parts[-1].append([span[0], text, *span[2:]])
    assert len(parts) == count
    return parts


def _without_edges(spans: list[words.Span]) -> list[words.Span]:
    """The blank between two sentences that a border takes the place of is no change of words."""
    return [span for span in spans if not (span[0] in "+-" and not span[1].strip())]


def combined(parts: Sequence[Block]) -> list[words.Span]:
    """The spans of all parts as one run."""
    return [span for part in parts for span in part["spans"]]
