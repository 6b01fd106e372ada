"""Carry positions through edits (ProseMirror step maps), and check that the words came along."""

from __future__ import annotations

from typing import Any

from rapidfuzz.distance import Indel

from strategies.domain.diff.words import opcodes

from .outcome import EXACT, REWORDED, Resolution
from .selector import Selector
from .target import Target, split_words

Ranges = list[int]


def map_position(maps: list[Ranges], pos: int, assoc: int) -> int:
    """A position after step maps ``[start, old size, new size, ...]``, leaning left (-1) or right (1) of insertions."""
    for ranges in maps:
        diff = 0
        for n in range(0, len(ranges), 3):
            start, old_size, new_size = ranges[n : n + 3]
            if start > pos:
                break
            end = start + old_size
            if pos <= end:
                side = assoc if not old_size else -1 if pos == start else 1 if pos == end else assoc
                pos = start + (0 if side < 0 else new_size)
                break
            diff += new_size - old_size
        pos += diff
    return pos


def step_maps(mapping: Any) -> list[Ranges]:
    """Plain ranges from a ProseMirror ``Mapping``, a list of ``StepMap`` or a list of ranges."""
    maps = getattr(mapping, "maps", mapping)
    if hasattr(mapping, "maps"):
        maps = maps[mapping.from_ : mapping.to]
    out = []
    for one in maps:
        ranges = list(getattr(one, "ranges", one))
        if getattr(one, "inverted", False):
            ranges = _inverted(ranges)
        out.append(ranges)
    return out


def _inverted(ranges: Ranges) -> Ranges:
    out, diff = [], 0
    for n in range(0, len(ranges), 3):
        start, old_size, new_size = ranges[n : n + 3]
        out += [start + diff, new_size, old_size]
        diff += new_size - old_size
    return out


def resolve_mapped(selector: Selector, quote: str, target: Target, mapping: Any) -> Resolution | None:
    """The place the edits carried the words to, if it holds them still, changed or not; else None: search on."""
    if selector.start is None or selector.end is None:
        return None
    maps = step_maps(mapping)
    start, end = map_position(maps, selector.start, 1), map_position(maps, selector.end, -1)
    if start >= end:
        return None
    sections = {selector.section, None} if selector.section else {None}
    touched = [b for b in target.blocks if b.section in sections and b.start < end and b.end > start]
    touched = [b for b in touched if not b.part] or touched
    parts = [(b, *b.offsets(start, end)) for b in touched]
    parts = [p for p in parts if p[1] < p[2] or p[0].kind == "figure"]
    if not parts:
        return None
    text = "\n".join(b.text[a:z].strip() for b, a, z in parts)
    if text == quote:
        return Resolution(EXACT, 1.0, parts[0][0].section, parts[0][0].id, start, end, text)
    kept = _kept(quote, text)
    if quote and max(kept, Indel.normalized_similarity(quote, text) - 0.2) >= 0.4:
        return Resolution(
            REWORDED, round(0.9 * max(kept, 0.45), 3), parts[0][0].section, parts[0][0].id, start, end, text
        )
    return None


def _kept(quote: str, text: str) -> float:
    """The share of the quote's letters whose words still stand there, in order."""
    old, new = [w for w, _, _ in split_words(quote)], [w for w, _, _ in split_words(text)]
    stayed = sum(len(word) for op, a, b, _, _ in opcodes(old, new) if op == "=" for word in old[a:b])
    return stayed / max(sum(map(len, old)), 1)
