"""Where an anchor is in another text. Ambiguity is an answer, and a lookalike sentence never wins.

Strategies repeat themselves: "Regionen ska tillsammans med kommunerna ..." stands in forty places. So words alone prove
nothing. In order: the positions carried by the edits themselves; the block the words stood in, its two wordings laid
against each other word by word; then other blocks, but only where something says that the words came from here: they
are new there while they left here, or what stood around them still does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rapidfuzz.distance import Indel

from . import positions
from .align import Alignment, Region
from .selector import Selector, after, before
from .target import Target, split_words
from .text import TextBlock, comparable, context

EXACT, MOVED, REWORDED, AMBIGUOUS, GONE = "exact", "moved", "reworded", "ambiguous", "gone"

KEPT = 0.4
"""Of reworded words at least this share must stand, or the new ones be this alike ..."""
ALIKE = 0.62
LOOKS_AROUND = 0.6
"""... and this much of the surroundings must agree for words in another block to be taken for the anchor's."""
_NEAR = 48
_TELLING_WORDS = 4


@dataclass(slots=True)
class Resolution:
    """``start``/``end`` are ProseMirror positions in ``section`` (offsets when only plain blocks were given); ``text`` is
    what stands there now. Ambiguous and gone have no place; ``alternatives`` are places a person may choose from."""

    outcome: str
    score: float
    section: str | None = None
    block: str | None = None
    start: int | None = None
    end: int | None = None
    text: str = ""
    alternatives: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Place:
    """A stretch of one block, with how well it fits."""

    block: TextBlock
    first: int
    last: int
    fit: float
    outcome: str = EXACT

    def as_dict(self) -> dict[str, Any]:
        start, end = self.block.span(self.first, self.last)
        said = {"section": self.block.section, "block": self.block.id, "start": start, "end": end}
        return {**said, "text": self.block.text[self.first : self.last], "score": round(self.fit, 3)}

    def resolution(self, alternatives: Sequence[Place] = ()) -> Resolution:
        said = self.as_dict()
        said.pop("score")
        return Resolution(self.outcome, round(min(max(self.fit, 0.0), 1.0), 3), **said,
                          alternatives=[p.as_dict() for p in alternatives])  # fmt: skip


def resolve(selector: Selector | Mapping[str, Any], blocks_or_doc: Any, mapping: Any = None, *, base: Any = None) -> Resolution:
    """Where the words of ``selector`` are in ``blocks_or_doc``.

    ``blocks_or_doc``: a document, ``{section: document}``, sections, blocks ``{"id", "text", "section"}`` or a ``Target``
    (build one and reuse it for many anchors). ``mapping``: the edits since the base, as a ProseMirror ``Mapping``, step
    maps or their ranges, for the selector's own section. ``base``: the text the selector was made on, in any of the same
    forms; with it, words that stood there all along are never mistaken for moved ones. Never raises for odd input.
    """
    return Resolver(blocks_or_doc, base=base).resolve(selector, mapping)


def resolve_all(selectors: Iterable[Selector | Mapping[str, Any]], blocks_or_doc: Any, *, base: Any = None,
                mappings: Mapping[str, Any] | None = None) -> list[Resolution]:  # fmt: skip
    """Many anchors onto one version. ``mappings`` by section uuid."""
    resolver = Resolver(blocks_or_doc, base=base)
    chosen = [Selector.of(s) for s in selectors]
    return [resolver.resolve(s, (mappings or {}).get(s.section or "")) for s in chosen]


class Resolver:
    """One base text and one new text; keeps what it worked out about a pair of blocks."""

    def __init__(self, blocks_or_doc: Any, *, base: Any = None) -> None:
        self.target = Target.of(blocks_or_doc)
        self.base = Target.of(base) if base is not None else None
        self._alignments: dict[tuple[int, int], Alignment] = {}

    def resolve(self, value: Selector | Mapping[str, Any], mapping: Any = None) -> Resolution:
        selector = Selector.of(value)
        quote = comparable(selector.quote).strip("\n")
        if mapping is not None:
            mapped = positions.resolve_mapped(selector, quote, self.target, mapping)
            if mapped is not None:
                return mapped
        if not quote.strip():
            return self._whole_block(selector)
        if "\n" in quote:
            return self._several_blocks(selector, quote)
        return self._one_block(_Search(self, selector, quote))

    def _whole_block(self, selector: Selector) -> Resolution:
        """No words (a picture without a caption): the block itself, or nothing."""
        home = self.target.home(selector.section, selector.block_id)
        if not home:
            return Resolution(GONE, 0.0)
        place = Place(home[0], 0, len(home[0].text), 1.0)
        place.outcome = MOVED if _elsewhere(home[0], selector) else EXACT
        return place.resolution()

    def _one_block(self, search: _Search) -> Resolution:
        here = search.at_home()
        if here and here.outcome in (EXACT, MOVED):
            return here.resolution()
        if search.home_is_ambiguous:
            return _ambiguous(search.home_places)
        there, doubtful = search.moved_elsewhere()
        if here and (not there or here.fit >= 0.8 > max(p.fit for p in there)):
            return here.resolution(there)
        if len(there) == 1 or (there and there[0].fit - there[1].fit >= 0.25):
            return there[0].resolution([*([here] if here else []), *there[1:]])
        if there:
            return _ambiguous(there)
        reworded = search.reworded_elsewhere()
        if reworded:
            return reworded[0].resolution(reworded[1:]) if len(reworded) == 1 else _ambiguous(reworded)
        if doubtful and search.is_telling and not search.home and self.base is None:
            return _ambiguous(doubtful)
        return Resolution(GONE, 0.0, alternatives=[p.as_dict() for p in doubtful[:5]])

    def _several_blocks(self, selector: Selector, quote: str) -> Resolution:
        """Each part for itself; they must still stand in order in one section."""
        parts = quote.split("\n")
        ids = self._part_ids(selector, parts)
        found = []
        for n, part in enumerate(parts):
            left = selector.prefix if n == 0 else "\n".join([selector.prefix, *parts[:n], ""])
            right = selector.suffix if n == len(parts) - 1 else "\n".join(["", *parts[n + 1 :], selector.suffix])
            one = Selector(part, selector.section, ids[n], left[-200:], right[:200])
            found.append(self.resolve(one) if part else Resolution(GONE, 0.0))
        return _joined(found, parts)

    def _part_ids(self, selector: Selector, parts: Sequence[str]) -> list[str | None]:
        if len(selector.blocks) == len(parts):
            return list(selector.blocks)
        base = self.base or self.target
        home = base.home(selector.section, selector.block_id)
        if home:
            run = [b for b in base.blocks[home[0].index :] if not b.part][: len(parts)]
            if self.base is not None or all(p in b.text for b, p in zip(run, parts, strict=False)):
                ids = [b.id for b in run]
                return [*ids, *[None] * (len(parts) - len(ids))]
        return [selector.block_id, *[None] * (len(parts) - 1)]

    def alignment(self, old: TextBlock, new: TextBlock) -> Alignment:
        assert self.base is not None
        found = self._alignments.get((old.index, new.index))
        if found is None:
            found = Alignment(old.text, self.base.words(old), new.text, self.target.words(new))
            self._alignments[old.index, new.index] = found
        return found


class _Search:
    """One anchor of one block: what is known of where it stood, and the places it may be now."""

    def __init__(self, resolver: Resolver, selector: Selector, quote: str) -> None:
        self.resolver, self.selector, self.quote = resolver, selector, quote
        self.target, self.base = resolver.target, resolver.base
        self.is_telling = quote.count(" ") >= _TELLING_WORDS - 1 and len(quote) >= 16
        self.prefix, self.suffix = context(selector.prefix), context(selector.suffix)
        self.origin, self.offset = self._origin()
        self.home = self.target.home(selector.section, selector.block_id)
        self.home_places: list[Place] = []
        self.home_is_ambiguous = False

    def _origin(self) -> tuple[TextBlock | None, int]:
        """The block and the offset the words had in the base, when the base is at hand and agrees."""
        if self.base is None:
            return None, 0
        best: tuple[float, TextBlock | None, int] = (-1.0, None, 0)
        for block in self.base.home(self.selector.section, self.selector.block_id):
            if self.selector.start is not None and block.kind != "text":
                first, _ = block.offsets(self.selector.start, self.selector.end or self.selector.start)
                if block.text.startswith(self.quote, first) and block.start <= self.selector.start <= block.end:
                    return block, first
            for first in _places(block.text, self.quote):
                fit = self.around(self.base.blocks, block, first, first + len(self.quote))
                if fit > best[0]:
                    best = (fit, block, first)
        return best[1], best[2]

    def around(self, blocks: Sequence[TextBlock], block: TextBlock, first: int, last: int) -> float:
        """How much of what stood before and after stands there too (0..1); 0.5 when nothing is known."""
        left = _same_words(self.prefix[::-1], before(blocks, block, first, _NEAR)[::-1])
        right = _same_words(self.suffix, after(blocks, block, last, _NEAR))
        known = [side for side in (left, right) if side is not None]
        return sum(known) / len(known) if known else 0.5

    # In the block where the words stood.

    def at_home(self) -> Place | None:
        best: Place | None = None
        for block in self.home:
            place = self._in_block(block)
            if place and (best is None or place.fit > best.fit):
                best = place
        if best and best.outcome == EXACT and _elsewhere(best.block, self.selector):
            best.outcome = MOVED
        return best

    def _in_block(self, block: TextBlock) -> Place | None:
        if self.origin is not None:
            if block.text == self.origin.text:
                return Place(block, self.offset, self.offset + len(self.quote), 1.0)
            return self._by_alignment(block, self.resolver.alignment(self.origin, block), self.offset)
        left, right = self.prefix.rsplit("\n", 1)[-1], self.suffix.split("\n", 1)[0]
        exact = self._clear_exact(block, left, right)
        if exact or self.home_is_ambiguous:
            return exact
        window = left + self.quote + right
        alignment = Alignment(window, split_words(window), block.text, self.target.words(block))
        return self._by_alignment(block, alignment, len(left))

    def _clear_exact(self, block: TextBlock, left: str, right: str) -> Place | None:
        """The words unchanged, where the surroundings say so or no others are known."""
        found = [Place(block, n, n + len(self.quote), 0.0) for n in _places(block.text, self.quote)]
        if not found:
            return None
        for place in found:
            place.fit = self.around(self.target.blocks, block, place.first, place.last)
        found.sort(key=lambda p: -p.fit)
        clear = len(found) == 1 or found[0].fit - found[1].fit >= 0.2
        if not left.strip() and not right.strip():
            if len(found) == 1 or clear:
                return Place(block, found[0].first, found[0].last, 0.95)
            self.home_places, self.home_is_ambiguous = found, True
            return None
        return found[0] if clear and found[0].fit >= 0.75 else None

    def _by_alignment(self, block: TextBlock, alignment: Alignment, offset: int) -> Place | None:
        region = alignment.region(offset, offset + len(self.quote))
        if region and block.text[region.start : region.end] == self.quote:
            return Place(block, region.start, region.end, 0.97 if region.in_place else 0.9)
        others = [n for n in _places(block.text, self.quote) if self._is_own(block, alignment, n)]
        if len(others) == 1:
            return Place(block, others[0], others[0] + len(self.quote), 0.85)
        if others and self.origin is None:
            self.home_places = [Place(block, n, n + len(self.quote), 0.5) for n in others]
            self.home_is_ambiguous = True
            return None
        return self._reworded(block, region) if region else None

    def _is_own(self, block: TextBlock, alignment: Alignment, first: int) -> bool:
        """The words stand elsewhere in their block, where they did not stand before: moved within it."""
        if not alignment.is_new(first, first + len(self.quote)):
            return False
        return self.origin is not None or self.is_telling

    def _reworded(self, block: TextBlock, region: Region) -> Place | None:
        fit = max(region.kept, region.alike)
        enough = region.kept >= KEPT or (region.in_place and region.alike >= ALIKE)
        if region.kept < 0.75 and not (region.before or region.after):
            enough = False
        if _elsewhere(block, self.selector) and region.kept < 0.6:
            enough = False
        return Place(block, region.start, region.end, min(0.9, 0.9 * fit), REWORDED) if enough else None

    # In other blocks.

    def moved_elsewhere(self) -> tuple[list[Place], list[Place]]:
        """Exact words in other blocks: those with a reason to be these, best first, and those without."""
        good, doubtful = [], []
        for block, first in self.target.find(self.quote):
            if any(block is h for h in self.home) and not self._is_foreign_home():
                continue
            fit = self.around(self.target.blocks, block, first, first + len(self.quote))
            place = Place(block, first, first + len(self.quote), fit, MOVED)
            (good if self._came_here(block, fit) else doubtful).append(place)
        good.sort(key=lambda p: -p.fit)
        for place in good:
            place.fit = max(place.fit, 0.5)
        return good, sorted(doubtful, key=lambda p: -p.fit)

    def _is_foreign_home(self) -> bool:
        return bool(self.home) and _elsewhere(self.home[0], self.selector)

    def _came_here(self, block: TextBlock, fit: float) -> bool:
        if self.base is None:
            return fit >= LOOKS_AROUND and self._knows_surroundings()
        old = [b for b in self.base.home(block.section, block.id) if b.part == block.part]
        if old and _count(old[0].text, self.quote) >= _count(block.text, self.quote):
            return False
        if not old and any(_count(b.text, block.text) for b in self._base_twins(block)):
            return False
        return self.is_telling or (fit >= LOOKS_AROUND and self._knows_surroundings())

    def _base_twins(self, block: TextBlock) -> list[TextBlock]:
        """Base blocks with the same words as a block whose id is unknown: it is one of these, copied or renumbered."""
        assert self.base is not None
        twins = [b for b, _ in self.base.find(block.text) if b is not self.origin and b.text == block.text]
        return [b for b in twins if not self.target.home(b.section, b.id)]

    def _knows_surroundings(self) -> bool:
        return len(self.prefix.strip()) + len(self.suffix.strip()) >= 12

    def reworded_elsewhere(self) -> list[Place]:
        """Moved and reworded at once (paragraphs split, merged, written anew): only with much agreement."""
        if not self.is_telling:
            return []
        found = []
        left, right = self.prefix.rsplit("\n", 1)[-1][-_NEAR * 2 :], self.suffix.split("\n", 1)[0][: _NEAR * 2]
        window = left + self.quote + right
        for block in self.target.alike(window):
            if any(block is h for h in self.home):
                continue
            region = Alignment(window, split_words(window), block.text, self.target.words(block)).region(
                len(left), len(left) + len(self.quote)
            )
            if region and region.kept >= 0.6 and region.alike >= 0.6 and self._is_fresh(block, region):
                fit = self.around(self.target.blocks, block, region.start, region.end)
                if fit >= LOOKS_AROUND or (self.base is not None and region.kept >= 0.75):
                    found.append(Place(block, region.start, region.end, 0.8 * max(region.kept, region.alike), REWORDED))
        found.sort(key=lambda p: -p.fit)
        return found[:1] if len(found) > 1 and found[0].fit - found[1].fit >= 0.15 else found

    def _is_fresh(self, block: TextBlock, region: Region) -> bool:
        """The reworded words were not there before, so they are not a lookalike's."""
        if self.base is None:
            return True
        words = block.text[region.start : region.end]
        return not any(True for _ in self.base.find(words)) and self._grew(block, region)

    def _grew(self, block: TextBlock, region: Region) -> bool:
        assert self.base is not None
        old = [b for b in self.base.home(block.section, block.id) if b.part == block.part]
        return not old or self.resolver.alignment(old[0], block).is_new(region.start, region.end)


def _places(text: str, words: str) -> list[int]:
    found = []
    at = text.find(words) if words else -1
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def _count(text: str, words: str) -> int:
    return text.count(words)


def _same_words(known: str, there: str) -> float | None:
    """How well the nearest known surroundings agree, from the words outwards; None when none are known.

    Nearness counts: a run that agrees right next to the words is worth more than the same letters spread about.
    """
    known, there = _flat(known)[:_NEAR], _flat(there)[:_NEAR]
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


def _elsewhere(block: TextBlock, selector: Selector) -> bool:
    return bool(selector.section and block.section and block.section != selector.section)


def _ambiguous(places: Sequence[Place]) -> Resolution:
    return Resolution(AMBIGUOUS, round(max(p.fit for p in places), 3), alternatives=[p.as_dict() for p in places[:5]])


def _joined(found: Sequence[Resolution], parts: Sequence[str]) -> Resolution:
    placed = [(r, p) for r, p in zip(found, parts, strict=True) if r.start is not None]
    total = sum(len(p) for p in parts)
    share = sum(len(p) * r.score for r, p in placed) / total
    same = len({r.section for r, _ in placed}) == 1
    in_order = all(a.end <= b.start for (a, _), (b, _) in zip(placed, placed[1:], strict=False))  # type: ignore[operator]
    if any(r.outcome == AMBIGUOUS for r in found) and share < 0.5:
        return Resolution(AMBIGUOUS, round(share, 3), alternatives=[a for r in found for a in r.alternatives][:5])
    if not placed or share < KEPT:
        return Resolution(GONE, 0.0, alternatives=[a for r in found for a in r.alternatives][:5])
    if not same or not in_order:
        said = [{k: v for k, v in r.as_dict().items() if k not in ("outcome", "alternatives")} for r, _ in placed]
        return Resolution(AMBIGUOUS, round(share, 3), alternatives=said)
    outcomes = {r.outcome for r, _ in placed}
    outcome = REWORDED if REWORDED in outcomes or len(placed) < len(found) else MOVED if MOVED in outcomes else EXACT
    first, last = placed[0][0], placed[-1][0]
    text = "\n".join(r.text for r, _ in placed)
    return Resolution(outcome, round(share, 3), first.section, first.block, first.start, last.end, text)
