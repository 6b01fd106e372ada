"""Ten thousand comments on a base text, and a fair judge of where a resolver says they are now."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from strategies.domain.anchors import Resolution, Selector, text_blocks

from .strategy_text import Part, Truth


@dataclass
class Comment:
    """A selector, and the sentence that its words belong to."""

    selector: Selector
    sentence: int
    quote: str


def comments(rng: random.Random, parts: Sequence[Part], many: int) -> list[Comment]:
    places = Truth.of(list(parts)).places
    by_block: dict[tuple[str, str], str] = {(p.uuid, b.id): b.text for p in parts for b in p.paragraphs}
    starts = {(part.uuid, block.id): block for part in parts for block in text_blocks(part.doc(), part.uuid)}
    whole = {part.uuid: text_blocks(part.doc(), part.uuid) for part in parts}
    joined = {uuid: "\n".join(b.text for b in blocks) for uuid, blocks in whole.items()}
    at_in_joined: dict[tuple[str, str | None], int] = {}
    for uuid, blocks in whole.items():
        at = 0
        for block in blocks:
            at_in_joined[uuid, block.id] = at
            at += len(block.text) + 1
    out = []
    for said in rng.choices(list(places), k=many):
        section, block, text, first, last = places[said]
        a, z = _choice(rng, text)
        start, end = first + a, first + z
        quote = by_block[section, block][start:end]
        here = at_in_joined[section, block]
        around = joined[section]
        out.append(Comment(
            Selector(quote, section, block, around[max(0, here + start - 160) : here + start], around[here + end : here + end + 160],
                     *starts[section, block].span(start, end)),
            said, quote))  # fmt: skip
    return out


def _choice(rng: random.Random, text: str) -> tuple[int, int]:
    """A whole sentence, or some of its words."""
    if rng.random() < 0.5:
        return 0, len(text)
    edges = [0, *[n + 1 for n, char in enumerate(text) if char == " "]]
    first = rng.randrange(len(edges))
    last = min(first + rng.randint(1, 6), len(edges))
    return edges[first], (edges[last] - 1 if last < len(edges) else len(text))


def judge(comment: Comment, found: Resolution, truth: Truth, blocks: dict[tuple[str, str], Any]) -> str:
    """right, wrong (said to be where it is not) or lost (not found, or asked, though it is there)."""
    place = truth.places.get(comment.sentence)
    if found.start is None:
        return "right" if place is None else "lost"
    if place is None:
        return "wrong"
    section, block, _, first, last = place
    if (found.section, found.block) != (section, block):
        return "wrong"
    start, end = blocks[section, block].offsets(found.start, found.end)
    inside = min(end, last) - max(start, first)
    return "right" if inside > 0 and inside >= (end - start) * 0.6 else "wrong"


def tally(many: Sequence[Comment], resolve: Callable[[], Sequence[Resolution]], parts: Sequence[Part]) -> Counter[str]:
    truth = Truth.of(list(parts))
    blocks = {(p.uuid, b.id): b for p in parts for b in text_blocks(p.doc(), p.uuid)}
    return Counter(judge(c, r, truth, blocks) for c, r in zip(many, resolve(), strict=True))


def quote_only(many: Sequence[Comment], parts: Sequence[Part]) -> list[Resolution]:
    """The peer: look for the words, first in the section, then anywhere; take the first place."""
    blocks = [b for p in parts for b in text_blocks(p.doc(), p.uuid)]
    out = []
    for comment in many:
        quote = comment.selector.quote
        places = [b for b in blocks if quote in b.text]
        places.sort(key=lambda b: b.section != comment.selector.section)
        if not places:
            out.append(Resolution("gone", 0.0))
            continue
        block = places[0]
        first = block.text.index(quote)
        out.append(Resolution("exact", 1.0, block.section, block.id, *block.span(first, first + len(quote)), quote))
    return out
