"""Where words of one block are in another wording of it: word alignment with a way from offsets to offsets."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz.distance import Indel

from strategies.domain.diff.words import FULL_STOP, Opcode, opcodes

Words = list[tuple[str, int, int]]


@dataclass(slots=True)
class Region:
    """Where the words went: offsets ``start``..``end`` in the new text, how much of them is ``kept`` (0..1), how alike
    old and new are, and whether what stood just before and just after still stands there."""

    start: int
    end: int
    kept: float
    alike: float
    before: bool
    after: bool

    @property
    def in_place(self) -> bool:
        return self.before and self.after


class Alignment:
    """The words of ``old`` laid against those of ``new``; both as ``target.split_words`` gives them."""

    def __init__(self, old_text: str, old: Words, new_text: str, new: Words) -> None:
        self.old_text, self.old, self.new_text, self.new = old_text, old, new_text, new
        self.ops: list[Opcode] = opcodes([w[0] for w in old], [w[0] for w in new])
        self.partner: dict[int, int] = {}
        for op, a, b, c, _ in self.ops:
            if op == "=":
                self.partner.update(zip(range(a, b), range(c, c + b - a), strict=True))
        self.taken = set(self.partner.values())

    def region(self, start: int, end: int) -> Region | None:
        """Where the old characters ``start``..``end`` are now; None when they are deleted."""
        first, last = self._word_range(start, end)
        if first >= last:
            return None
        kept = [n for n in range(first, last) if n in self.partner]
        low, high = self._stretch(first, last, kept)
        if low >= high:
            return None
        low, high = self._without_neighbours(low, high, first, last)
        letters = sum(e - s for _, s, e in self.old[first:last])
        share = sum(self.old[n][2] - self.old[n][1] for n in kept) / letters
        begin = self.new[low][1] + (start - self.old[first][1] if self._same_edge(first, low) else 0)
        finish = self.new[high - 1][2] - (self.old[last - 1][2] - end if self._same_edge(last - 1, high - 1) else 0)
        begin, finish = max(begin, self.new[low][1]), max(finish, begin)
        quote = self.old_text[start:end]
        alike = Indel.normalized_similarity(quote, self.new_text[begin:finish])
        return Region(begin, finish, share, alike, self._meets(first - 1, low - 1, -1), self._meets(last, high, 1))

    def _same_edge(self, old: int, new: int) -> bool:
        return self.partner.get(old) == new

    def _word_range(self, start: int, end: int) -> tuple[int, int]:
        inside = [n for n, (_, s, e) in enumerate(self.old) if e > start and s < end]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)

    def _stretch(self, first: int, last: int, kept: list[int]) -> tuple[int, int]:
        """The new words that stand for the old ones: the kept ones and what was written between and instead."""
        low, high = (self.partner[kept[0]], self.partner[kept[-1]] + 1) if kept else (0, 0)
        for op, a, b, c, d in self.ops:
            if op == "=" or c == d or a == b or a < first or b > last:
                continue
            low, high = (min(low, c), max(high, d)) if high else (c, d)
        return low, high

    def _without_neighbours(self, low: int, high: int, first: int, last: int) -> tuple[int, int]:
        """A sentence written beside the words is not part of them: drop those at the edges that keep none of them."""
        extra = self._stops(self.new, low, high) - self._stops(self.old, first, last)
        if extra <= 0:
            return low, high
        weight = {
            j: len(self.new[j][0]) for i, j in self.partner.items() if first <= i < last and self.new[j][0][0].isalnum()
        }
        few = sum(weight.values()) * 0.3
        edges = [n + 1 for n in range(low, high - 1) if self.new[n][0] in FULL_STOP]
        while extra > 0 and edges:
            head = sum(w for n, w in weight.items() if low <= n < edges[0])
            tail = sum(w for n, w in weight.items() if edges[-1] <= n < high)
            if min(head, tail) > few:
                break
            if head < tail:
                low = edges.pop(0)
            else:
                high = edges.pop()
            extra -= 1
        return low, high

    @staticmethod
    def _stops(words: Words, start: int, end: int) -> int:
        return sum(word in FULL_STOP for word, _, _ in words[start:end])

    def _meets(self, old: int, new: int, way: int) -> bool:
        """The neighbour word is the same on both sides, or both sides end here."""
        if not 0 <= old < len(self.old):
            return not 0 <= new < len(self.new)
        return self.partner.get(old) == new

    def is_new(self, start: int, end: int) -> bool:
        """Most of the new characters ``start``..``end`` have no counterpart in the old text."""
        inside = [n for n, (_, s, e) in enumerate(self.new) if e > start and s < end]
        return sum(n in self.taken for n in inside) * 2 < len(inside)
