"""One anchor within one block: what is known of where its words stood, and the places where they may be now."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rapidfuzz.distance import Indel

from .align import Alignment, Region
from .likeness import NEAR, elsewhere, places, same_words
from .outcome import ALIKE, EXACT, KEPT, LOOKS_AROUND, MOVED, REWORDED, SAME_SENTENCE, SURELY_AROUND, Place
from .selector import Selector, after, before
from .target import SENTENCE_START as _SENTENCE_START
from .target import Target, split_words
from .text import TextBlock, context

_NUMBER = re.compile(r"\d+")
_TELLING_WORDS = 4
TWIN = 0.7
"""A new sentence this like the anchor's may be it."""
_SPLIT = 12
"""So much of the surroundings must be known to see that a block was split."""
_SMALL_WORD = 4  # letters: "ska", "och"


class Search:
    """``sentence`` is the whole of the sentence(s) around the words: a few words prove nothing, a sentence may."""

    def __init__(
        self,
        target: Target,
        base: Target | None,
        alignment: Callable[[TextBlock, TextBlock], Alignment],
        selector: Selector,
        quote: str,
    ) -> None:
        self.target, self.base, self.alignment = target, base, alignment
        self.selector, self.quote = selector, quote
        self.prefix, self.suffix = context(selector.prefix), context(selector.suffix)
        self.home = target.home(selector.section, selector.block_id)
        self.rivals: list[Place] = []
        self.is_sure = True
        self.origin: TextBlock | None = None
        self.offset = 0
        self.window: str
        if base is not None:
            self._find_origin(base)
        if self.origin is not None and base is not None:
            self.window = self.origin.text
        else:
            left, right = self.prefix.rsplit("\n", 1)[-1], self.suffix.split("\n", 1)[0]
            self.window, self.offset = left + quote + right, len(left)
        self._measure_sentence()
        if self.home and elsewhere(self.home[0], selector) and not self._is_same_block(self.home[0]):
            self.home = []

    def _is_same_block(self, block: TextBlock) -> bool:
        """Ids are unique in their section only: one found in another section must be shown to be this one, moved."""
        if self.base is not None:
            return (block.section, block.id or "") not in self.base.by_id
        return self.window in block.text and len(self.window) >= len(self.quote) + 12

    def _find_origin(self, base: Target) -> None:
        """The block and the offset the words had in the base, when the base agrees."""
        best = -1.0
        for block in base.home(self.selector.section, self.selector.block_id):
            if self.selector.start is not None and block.start <= self.selector.start <= block.end:
                first, _ = block.offsets(self.selector.start, self.selector.start + 1)
                if block.text.startswith(self.quote, first):
                    self.origin, self.offset = block, first
                    return
            for first in places(block.text, self.quote):
                fit = self._around(base.blocks, block, first, first + len(self.quote), self.prefix, self.suffix)
                if fit > best:
                    best, self.origin, self.offset = fit, block, first

    def _measure_sentence(self) -> None:
        stop = self.offset + len(self.quote)
        first = max(
            (m.end() for m in _SENTENCE_START.finditer(self.window, 0, self.offset + 1) if m.end() <= self.offset),
            default=0,
        )
        following = _SENTENCE_START.search(self.window, stop)
        last = following.start() if following else len(self.window)
        self.sentence = self.window[first:last].rstrip()
        self.inner = self.offset - first
        self.is_telling = self.sentence.count(" ") >= _TELLING_WORDS - 1 and len(self.sentence) >= 16
        if self.origin is not None and self.base is not None:
            self.left = before(self.base.blocks, self.origin, first)
            self.right = after(self.base.blocks, self.origin, first + len(self.sentence))
        else:
            self.left = self.prefix[: len(self.prefix) - self.inner]
            self.right = (
                self.suffix[last - stop :] if len(self.sentence) >= self.inner + len(self.quote) else self.suffix
            )

    @staticmethod
    def _around(blocks: Sequence[TextBlock], block: TextBlock, first: int, last: int, left: str, right: str) -> float:
        """How much of what stood before and after stands there too (0..1); 0.5 when nothing is known."""
        sides = (
            same_words(left[::-1], before(blocks, block, first, NEAR)[::-1]),
            same_words(right, after(blocks, block, last, NEAR)),
        )
        known = [side for side in sides if side is not None]
        return sum(known) / len(known) if known else 0.5

    def around_quote(self, block: TextBlock, first: int, last: int) -> float:
        return self._around(self.target.blocks, block, first, last, self.prefix, self.suffix)

    def around_sentence(self, block: TextBlock, first: int, last: int) -> float:
        return self._around(self.target.blocks, block, first, last, self.left, self.right)

    # In the block where the words stood.

    def at_home(self) -> Place | None:
        best: Place | None = None
        for block in self.home:
            place = self._in_block(block)
            if place and (best is None or place.fit > best.fit):
                best = place
        if best and best.outcome == EXACT and elsewhere(best.block, self.selector):
            best.outcome = MOVED
        return best

    def _in_block(self, block: TextBlock) -> Place | None:
        if self.origin is not None:
            if block.text == self.origin.text:
                return self._place(block, self.offset, 1.0)
            found = self._by_alignment(block, self.alignment(self.origin, block))
            return self._unless_twin(block, found) if found else None
        exact = self._clear_exact(block)
        if exact or self.rivals:
            return exact
        return self._by_alignment(block, self._window_alignment(block))

    def _place(self, block: TextBlock, first: int, fit: float, outcome: str = EXACT) -> Place:
        return Place(block, first, first + len(self.quote), fit, outcome)

    def _window_alignment(self, block: TextBlock) -> Alignment:
        return Alignment(self.window, split_words(self.window), block.text, self.target.words(block))

    def _clear_exact(self, block: TextBlock) -> Place | None:
        """The words unchanged, where the surroundings say so or no others are known."""
        found = [
            self._place(block, n, self.around_quote(block, n, n + len(self.quote)))
            for n in places(block.text, self.quote)
        ]
        if not found:
            return None
        found.sort(key=lambda p: -p.fit)
        twice = f"{self.sentence} {self.sentence}"
        if self.is_telling and twice in block.text and twice not in self.window:
            self.rivals = found  # said twice over now: which of them was there before nobody can see
            return None
        clear = len(found) == 1 or found[0].fit - found[1].fit >= 0.2
        if self.window == self.quote:
            if clear:
                return self._place(block, found[0].first, 0.95)
            self.rivals = found
            return None
        stands = any(found[0].first == n + self.inner for n in places(block.text, self.sentence))
        return found[0] if clear and found[0].fit >= 0.85 and stands else None

    def _by_alignment(self, block: TextBlock, alignment: Alignment) -> Place | None:
        same = places(block.text, self.sentence) if self.is_telling else []
        before_count = self.window.count(self.sentence)
        whole = alignment.region(self.offset - self.inner, self.offset - self.inner + len(self.sentence))
        if self.origin is not None and len(same) == 1 == before_count:
            if (whole and whole.start == same[0]) or not self._is_refrain():
                return self._place(block, same[0] + self.inner, 0.97)
            self.rivals = [self._place(block, same[0] + self.inner, 0.5)]
            return None
        run = f"{self.sentence} {self.sentence}" in block.text and len(same) != before_count
        in_place = bool(whole and whole.in_place) and not run  # among its own likes its neighbours say nothing
        if same and (len(same) < before_count or (len(same) + before_count > 2 and not in_place)):
            self.rivals = [self._place(block, n + self.inner, 0.5) for n in same]
            return None
        kept = whole.kept if whole else 0.0
        region = alignment.region(self.offset, self.offset + len(self.quote))
        if region and kept < (SAME_SENTENCE if region.in_place else KEPT):
            region = None
        is_small = len(self.quote) <= _SMALL_WORD
        if region and not region.in_place and self.quote != self.sentence and (kept < 0.75 or is_small):
            region = None
        if region and block.text[region.start : region.end] == self.quote:
            self.is_sure = kept >= 0.85
            return self._place(block, region.start, 0.97 if region.in_place else 0.9)
        if same and self.origin is None:  # the words are there, but not where they were: only a person can tell
            self.rivals = [self._place(block, n + self.inner, 0.5) for n in same]
            return None
        return self._reworded(block, region, kept) if region else None

    def _unless_twin(self, block: TextBlock, found: Place) -> Place | None:
        """A new sentence beside the found one may be the anchor's, reworded, and the found one a refrain written there, or
        another's: when it is nearly as like, only a person can tell."""
        assert self.origin is not None
        if not self.is_telling:
            return found
        numbers = _NUMBER.findall(self.sentence)
        fresh = [(at, s) for at, s in self.target.sentences(block) if s not in self.origin.text]
        twins = [(at, s) for at, s in fresh if not at <= found.first < at + len(s) and _NUMBER.findall(s) == numbers]
        if not twins:
            return found
        here = next((s for at, s in self.target.sentences(block) if at <= found.first < at + len(s)), "")
        if here == self.sentence and not self._is_refrain():
            return found  # nobody writes the same words anew by chance; a refrain is written again and again
        least = max(TWIN, 0.75 * Indel.normalized_similarity(self.sentence, here))
        alike = [(Indel.normalized_similarity(self.sentence, s), at, s) for at, s in twins]
        rivals = [Place(block, at, at + len(s), like, REWORDED) for like, at, s in alike if like >= least]
        if rivals:
            self.rivals = [found, *rivals]
        return None if rivals else found

    def _reworded(self, block: TextBlock, region: Region, sentence_kept: float) -> Place | None:
        enough = region.kept >= KEPT or (region.in_place and region.alike >= ALIKE)
        if region.kept < 0.75 and not (region.before or region.after):
            enough = False
        if region.in_place and self.sentence != self.quote and sentence_kept >= 0.6:
            enough = True  # other words in the middle of the same sentence
        if elsewhere(block, self.selector) and region.kept < 0.6:
            enough = False
        fit = min(0.9, 0.9 * max(region.kept, region.alike))
        return Place(block, region.start, region.end, fit, REWORDED) if enough else None

    def split_off(self) -> Place | None:
        """Without the base: the words' own block says just what stood before them, and the blocks after it go on with them."""
        if self.origin is not None or not self.home or len(self.window) - len(self.quote) < _SPLIT:
            return None
        first = self.home[0].index
        run = [b for b in self.target.blocks[first : first + 3] if not b.part and b.section == self.home[0].section]
        for n, block in enumerate(run[1:], 1):
            head = " ".join(b.text.strip() for b in run[:n])
            joined = f"{head} {block.text.strip()}"
            at = joined.find(self.window.strip())
            begin = at + len(self.window[: self.offset].lstrip()) - len(head) - 1
            found = block.text.find(self.quote, max(begin + len(block.text) - len(block.text.lstrip()), 0))
            if 0 <= at < len(head) and begin >= 0 and found >= 0:
                return self._place(block, found, 0.9, MOVED)
        return None

    # In other blocks.

    def moved_elsewhere(self) -> tuple[list[Place], list[Place]]:
        """The exact sentence in other blocks: places with a reason to be this one, best first, and those without."""
        good: list[Place] = []
        doubtful: list[Place] = []
        refrain = self._is_refrain()
        fresh = 0
        for block, at in self.target.find(self.sentence):
            if any(block is h for h in self.home) and not elsewhere(block, self.selector):
                continue
            if self.base is not None and self._stood_there(block):
                doubtful.append(self._place(block, at + self.inner, 0.0, MOVED))
                continue
            fresh += 1
            fit = self.around_sentence(block, at, at + len(self.sentence))
            reason = self._came_here(block, fit, refrain)
            place = self._place(block, at + self.inner, max(fit, 0.5) if reason else fit, MOVED)
            (good if reason else doubtful).append(place)
        by_fit = lambda p: -p.fit  # noqa: E731
        if self.base is not None and refrain and good and fresh > 1:  # new in several places: each could be the one
            return sorted([*good, *(p for p in doubtful if p.fit)], key=by_fit), []
        return sorted(good, key=by_fit), sorted(doubtful, key=by_fit)

    def _is_refrain(self) -> bool:
        """The sentence stood in several places already: that it stands in one more says nothing."""
        return len((self.base or self.target).find(self.sentence)) > 1

    def _came_here(self, block: TextBlock, fit: float, refrain: bool) -> bool:
        looks_right = fit >= LOOKS_AROUND and self._knows_surroundings()
        if self.base is None or self.origin is None:
            return fit >= SURELY_AROUND and looks_right and not refrain
        if refrain:
            return self._came_with_neighbour(block) or self._is_split_or_merge(block)
        return looks_right or self.is_telling

    def _stood_there(self, block: TextBlock) -> bool:
        """The block said this as often in the base, or it is another old block under a new id."""
        assert self.base is not None
        old = [b for b in self.base.home(block.section, block.id) if b.part == block.part]
        if old:
            return old[0].text.count(self.sentence) >= block.text.count(self.sentence)
        return self._is_copy(block)

    def _is_split_or_merge(self, block: TextBlock) -> bool:
        """All that the block says was split off from the words' own block just before it, or it took that block in whole."""
        assert self.origin is not None
        follows = any(h.index < block.index and not any(b.part == 0 for b in self.target.blocks[h.index + 1 : block.index])
                      for h in self.home)  # fmt: skip
        if follows:
            return self.origin.text.endswith(block.text) and not self.home[0].text.endswith(block.text)
        return not self.home and self.origin.text != self.sentence and block.text.count(self.origin.text) == 1

    def _came_with_neighbour(self, block: TextBlock) -> bool:
        """A refrain is known by the company it keeps: a neighbour that is found nowhere else came along with it."""
        assert self.base is not None
        start = self.offset - self.inner
        left = _SENTENCE_START.split(self.window[:start].rstrip())[-1]
        right = _SENTENCE_START.split(self.window[start + len(self.sentence) :].lstrip(), maxsplit=1)[0]
        together = (f"{left} {self.sentence}" if left else "", f"{self.sentence} {right}" if right else "")
        return any(
            len(neighbour) >= 16 and pair in block.text and self._is_single(neighbour)
            for neighbour, pair in zip((left, right), together, strict=True)
        )

    def _is_single(self, text: str) -> bool:
        assert self.base is not None
        return all(len(side.find(text)) == 1 for side in (self.base, self.target))

    def _knows_surroundings(self) -> bool:
        return len(self.left.strip()) + len(self.right.strip()) >= 12

    def _is_copy(self, block: TextBlock) -> bool:
        """A block with an unknown id that says just what another old block said, which is itself gone."""
        assert self.base is not None
        twins = [b for b, _ in self.base.find(block.text) if b is not self.origin and b.text == block.text]
        return any(not self.target.home(b.section, b.id) for b in twins)

    def is_open(self, doubtful: Sequence[Place]) -> bool:
        """Only a person can tell: the block is gone and the same words stand where nothing says that they are these."""
        return bool(doubtful) and self.is_telling and not self.home and self.origin is None

    def reworded_elsewhere(self) -> list[Place]:
        """Moved and reworded at once (paragraphs split, merged, written anew): only with much agreement."""
        if not self.is_telling:
            return []
        found = []
        start = self.offset - self.inner
        for block in self.target.alike(self.sentence):
            if any(block is h for h in self.home):
                continue
            alignment = self._window_alignment(block)
            whole = alignment.region(start, start + len(self.sentence))
            if not whole or whole.kept < 0.6 or whole.alike < 0.7 or not self._is_fresh(block, whole):
                continue
            region = alignment.region(self.offset, self.offset + len(self.quote))
            fit = self.around_sentence(block, whole.start, whole.end)
            if region and region.kept >= KEPT and self._agrees(whole, block.text[whole.start : whole.end], fit):
                found.append(Place(block, region.start, region.end, 0.8 * max(whole.kept, whole.alike), REWORDED))
                # Without the base a pattern with another subject looks just like this: a person must tell.
                self.is_sure = self.is_sure and fit >= LOOKS_AROUND and self.base is not None
        return sorted(found, key=lambda p: -p.fit)

    def _agrees(self, whole: Region, whole_text: str, fit: float) -> bool:
        looks_right = fit >= LOOKS_AROUND and self._knows_surroundings()
        if looks_right or self.origin is None:
            return looks_right and whole.kept >= 0.75 and self._same_numbers(whole_text)
        return whole.kept >= 0.85 and not self._is_refrain() and self._same_numbers(whole_text)

    def has_same_numbers(self, place: Place) -> bool:
        """The figures of the sentence stand there still: what differs in them may be another sentence."""
        whole = next((s for at, s in self.target.sentences(place.block) if at <= place.first < at + len(s)), "")
        return self._same_numbers(whole)

    def _same_numbers(self, text: str) -> bool:
        """Two sentences of a pattern differ in their figures."""
        return set(_NUMBER.findall(self.sentence)) <= set(_NUMBER.findall(text))

    def _is_fresh(self, block: TextBlock, region: Region) -> bool:
        """The reworded words were not there before, so they are not a lookalike's."""
        if self.base is None:
            return True
        if self.base.find(block.text[region.start : region.end]):
            return False
        old = [b for b in self.base.home(block.section, block.id) if b.part == block.part]
        return not old or self.alignment(old[0], block).is_new(region.start, region.end)
