"""Small questions about words and their surroundings."""

from __future__ import annotations

from rapidfuzz.distance import Indel

from .selector import Selector
from .text import TextBlock

NEAR = 48
"""Characters of the surroundings that count."""


def places(text: str, words: str) -> list[int]:
    found = []
    at = text.find(words) if words else -1
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def elsewhere(block: TextBlock, selector: Selector) -> bool:
    return bool(selector.section and block.section and block.section != selector.section)


def same_words(known: str, there: str) -> float | None:
    """How well the nearest known surroundings agree, from the words outwards; None when none are known.

    Nearness counts: a run that agrees right next to the words is worth more than the same letters spread about.
    """
    known, there = _flat(known)[:NEAR], _flat(there)[:NEAR]
    if not known:
        return None
    if there.startswith(known):
        return 1.0
    if not there:
        return 0.0
    run = next((n for n, (a, b) in enumerate(zip(known, there, strict=False)) if a != b), min(len(known), len(there)))
    alike = Indel.normalized_similarity(known, there[: len(known)])
    return max(run / len(known), (alike - 0.5) * 2 if alike > 0.5 else 0.0)


def _flat(text: str) -> str:
    return " ".join(text.split())
