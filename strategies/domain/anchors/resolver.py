"""Where an anchor is in another text. Ambiguity is an answer, and a lookalike sentence never wins.

Strategies repeat themselves: "Regionen ska tillsammans med kommunerna ..." stands in forty places. So words alone prove
nothing. In order: the positions carried by the edits themselves; the block the words stood in, its two wordings laid
against each other word by word; then other blocks, but only where something says that the words came from here: they
are new there while they left here, or what stood around them still does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .align import Alignment
from .likeness import elsewhere
from .outcome import AMBIGUOUS, EXACT, GONE, KEPT, MOVED, REWORDED, Place, Resolution
from .positions import resolve_at, resolve_mapped
from .search import Search
from .selector import Selector
from .target import Target
from .text import TextBlock, comparable

CLEAR = 0.25
"""So much better must the best place be than the next one."""


def resolve(
    selector: Selector | Mapping[str, Any], blocks_or_doc: Any, mapping: Any = None, *, base: Any = None
) -> Resolution:
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

    def resolve(
        self, value: Selector | Mapping[str, Any], mapping: Any = None, *, at: tuple[int, int] | None = None
    ) -> Resolution:
        """``mapping``: the edits; or ``at``: the two ends as edits have carried them already (``map_position``)."""
        selector = Selector.of(value)
        quote = comparable(selector.quote).strip("\n")
        mapped = None
        if at is not None:
            mapped = resolve_at(selector, quote, self.target, *at)
        elif mapping is not None:
            mapped = resolve_mapped(selector, quote, self.target, mapping)
        if mapped is not None:
            return mapped
        if not quote.strip():
            return self._whole_block(selector)
        if "\n" in quote:
            return self._several_blocks(selector, quote)
        return self._one_block(Search(self.target, self.base, self.alignment, selector, quote))

    def _whole_block(self, selector: Selector) -> Resolution:
        """No words (a picture without a caption): the block itself, or nothing."""
        home = [b for b in self.target.home(selector.section, selector.block_id) if b.kind == "figure"]
        if not home:
            return Resolution(GONE, 0.0)
        place = Place(home[0], 0, len(home[0].text), 1.0)
        place.outcome = MOVED if elsewhere(home[0], selector) else EXACT
        return place.resolution()

    def _one_block(self, search: Search) -> Resolution:
        here = search.at_home()
        if here and here.outcome in (EXACT, MOVED) and search.is_sure:
            return here.resolution()
        if search.rivals:
            return _ambiguous(search.rivals)
        if not here and (split := search.split_off()):
            return split.resolution()
        there, doubtful = search.moved_elsewhere()
        if here and there:
            return _ambiguous([here, *there])
        unsure = here and (here.fit < 0.75 or not search.has_same_numbers(here))
        if here and unsure and search.origin is None and search.is_telling and doubtful:
            return _ambiguous([here, *doubtful])
        if here:
            return here.resolution(doubtful[:3])
        if there:
            return _best(there) if search.origin is None or len(there) == 1 else _ambiguous(there)
        if search.is_open(doubtful):
            return _ambiguous(doubtful)
        reworded = [] if doubtful and search.origin is None else search.reworded_elsewhere()
        if reworded and doubtful:
            return _ambiguous([*doubtful, *reworded])
        if reworded:
            return _best(reworded) if search.is_sure else _ambiguous(reworded)
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
        return self._joined(found, parts)

    def _order(self, found: Resolution) -> tuple[int, int]:
        """Where it begins, in reading order: words alone have positions of their own in each block."""
        blocks = self.target.by_id.get((found.section, found.block or ""), [])
        return (blocks[0].index if blocks else 0, found.start or 0)

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

    def _joined(self, found: Sequence[Resolution], parts: Sequence[str]) -> Resolution:
        """One answer of those of the parts."""
        placed = [(r, p) for r, p in zip(found, parts, strict=True) if r.start is not None]
        total = sum(len(p) for p in parts)
        share = sum(len(p) * r.score for r, p in placed) / total
        same = len({r.section for r, _ in placed}) == 1
        order = [self._order(r) for r, _ in placed]
        in_order = all(a < b for a, b in zip(order, order[1:], strict=False))
        if any(r.outcome == AMBIGUOUS for r in found) and share < 0.5:
            return Resolution(AMBIGUOUS, round(share, 3), alternatives=[a for r in found for a in r.alternatives][:5])
        if not placed or share < KEPT:
            return Resolution(GONE, 0.0, alternatives=[a for r in found for a in r.alternatives][:5])
        if not same or not in_order:
            said = [{k: v for k, v in r.as_dict().items() if k not in ("outcome", "alternatives")} for r, _ in placed]
            return Resolution(AMBIGUOUS, round(share, 3), alternatives=said)
        outcomes = {r.outcome for r, _ in placed}
        outcome = (
            REWORDED if REWORDED in outcomes or len(placed) < len(found) else MOVED if MOVED in outcomes else EXACT
        )
        first, last = placed[0][0], placed[-1][0]
        text = "\n".join(r.text for r, _ in placed)
        end_block = last.block if last.block != first.block else None
        return Resolution(
            outcome, round(share, 3), first.section, first.block, first.start, last.end, text, end_block=end_block
        )

    def alignment(self, old: TextBlock, new: TextBlock) -> Alignment:
        assert self.base is not None
        found = self._alignments.get((old.index, new.index))
        if found is None:
            found = Alignment(old.text, self.base.words(old), new.text, self.target.words(new))
            self._alignments[old.index, new.index] = found
        return found


def _best(places: Sequence[Place]) -> Resolution:
    """The place that stands out; if none does, a person must choose."""
    if len(places) == 1 or places[0].fit - places[1].fit >= CLEAR:
        return places[0].resolution(places[1:4])
    return _ambiguous(places)


def _ambiguous(places: Sequence[Place]) -> Resolution:
    return Resolution(AMBIGUOUS, round(max(p.fit for p in places), 3), alternatives=[p.as_dict() for p in places[:5]])
