"""Carry positions through edits (ProseMirror step maps), and check that the words came along."""

from __future__ import annotations

from typing import Any

from rapidfuzz.distance import Indel

from strategies.domain.diff.words import opcodes

from .outcome import EXACT, REWORDED, Resolution
from .selector import Selector
from .target import Target, split_words
from .text import TextBlock

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
    return resolve_at(
        selector, quote, target, map_position(maps, selector.start, 1), map_position(maps, selector.end, -1)
    )


def resolve_at(selector: Selector, quote: str, target: Target, start: int, end: int) -> Resolution | None:
    """The words between the two ends, as edits have carried them; None when they are not there.

    Where the words were deleted the two ends have met; where they were put back at that very place (an undo) the ends
    have changed places, and the words stand between them again.
    """
    found = _between(selector, quote, target, min(start, end), max(start, end))
    if found is None or found.outcome != EXACT:
        back = _put_back(selector, quote, target, start, end)
        if back is not None:
            return back
    return found if start < end or (found is not None and found.outcome == EXACT) else None


def _between(selector: Selector, quote: str, target: Target, start: int, end: int) -> Resolution | None:
    parts = [(b, *b.offsets(start, end)) for b in _touched(selector, target, start, end)]
    parts = [p for p in parts if p[1] < p[2] or p[0].kind == "figure"]
    if start >= end or not parts:
        return None
    text = "\n".join(b.text[a:z].strip() for b, a, z in parts)
    first = parts[0][0]
    if text == quote:
        return Resolution(EXACT, 1.0, first.section, first.id, start, end, text)
    kept = _kept(quote, text)
    if quote and max(kept, Indel.normalized_similarity(quote, text) - 0.2) >= 0.4:
        return Resolution(REWORDED, round(0.9 * max(kept, 0.45), 3), first.section, first.id, start, end, text)
    return None


def _touched(selector: Selector, target: Target, start: int, end: int) -> list[TextBlock]:
    sections = {selector.section, None} if selector.section else {None}
    touched = [b for b in target.blocks if b.section in sections and b.start < end and b.end > start]
    return [b for b in touched if not b.part] or touched


def _put_back(selector: Selector, quote: str, target: Target, start: int, end: int) -> Resolution | None:
    """The very words at the place, of which a part had been away: they overlap what is left between the two ends, or lie
    wholly in what was written where everything had gone."""
    low, high = min(start, end), max(start, end)
    for block in _touched(selector, target, low - 1, high + 1):
        at = block.text.find(quote) if quote else -1
        while at >= 0:
            first, last = block.span(at, at + len(quote))
            if (first < high and last > low) if start < end else (first >= low and last <= high):
                return Resolution(EXACT, 1.0, block.section, block.id, first, last, quote)
            at = block.text.find(quote, at + 1)
    return None


def _kept(quote: str, text: str) -> float:
    """The share of the quote's letters whose words still stand there, in order."""
    old, new = [w for w, _, _ in split_words(quote)], [w for w, _, _ in split_words(text)]
    stayed = sum(len(word) for op, a, b, _, _ in opcodes(old, new) if op == "=" for word in old[a:b])
    return stayed / max(sum(map(len, old)), 1)
