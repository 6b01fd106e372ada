"""Which block of the new text is which block of the old one, and which of them changed places."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from rapidfuzz.distance import Indel, LCSseq

from .units import Unit, tokens

Pairs = dict[int, int]

SIMILAR = 0.5
"""At least this share of two blocks must agree for them to be the same block reworded, when no id says so."""
MOVED_MIN_WORDS = 4
"""A shorter text found elsewhere ("Se ovan.") proves nothing about a move."""


def pair_units(old: Sequence[Unit], new: Sequence[Unit]) -> Pairs:
    """Old index -> new index (positions in the two sequences). Swapping the sides gives the mirrored answer."""
    pairs = _by_id(old, new)
    _repair_recycled_ids(old, new, pairs)
    free_old, free_new = _free(old, new, pairs)
    if not free_old or not free_new:
        return pairs
    if [old[i].text for i in free_old] <= [new[j].text for j in free_new]:
        return _by_text(old, new, pairs)
    mirrored = _by_text(new, old, {j: i for i, j in pairs.items()})
    return {i: j for j, i in mirrored.items()}


def _by_text(old: Sequence[Unit], new: Sequence[Unit], pairs: Pairs) -> Pairs:
    _by_equal_text(old, new, pairs)
    _by_likeness(old, new, pairs)
    return pairs


def _by_id(old: Sequence[Unit], new: Sequence[Unit]) -> Pairs:
    new_ids = _unique({u.id: n for n, u in reversed(list(enumerate(new)))}, new)
    old_ids = _unique({u.id: n for n, u in reversed(list(enumerate(old)))}, old)
    return {i: new_ids[key] for key, i in old_ids.items() if key in new_ids and kin(old[i], new[new_ids[key]])}


def _unique(places: dict[str | None, int], units: Sequence[Unit]) -> dict[str | None, int]:
    """Ids that name one block only; a text pasted together may carry the same id twice."""
    if len(places) == len(units) and None not in places:
        return places
    counts = Counter(u.id for u in units)
    return {key: n for key, n in places.items() if key and counts[key] == 1}


def kin(a: Unit, b: Unit) -> bool:
    """Text can become a heading, but never a table or a picture."""
    return a.type == b.type or {a.type, b.type} <= {"paragraph", "heading"}


def _repair_recycled_ids(old: Sequence[Unit], new: Sequence[Unit], pairs: Pairs) -> None:
    """Two imports number their blocks alike: an id whose words stand under another id is not believed."""
    changed = [(i, j) for i, j in pairs.items() if old[i].node is not new[j].node and old[i].node != new[j].node]
    suspects = [(i, j) for i, j in changed if _likeness(old[i].text, new[j].text) < SIMILAR]
    if not suspects:
        return
    old_texts = {old[i].text for i, _ in suspects if _is_telling(old[i].text)}
    new_texts = {new[j].text for _, j in suspects if _is_telling(new[j].text)}
    old_texts |= {u.text for n, u in enumerate(old) if n not in pairs}
    taken = set(pairs.values())
    new_texts |= {u.text for n, u in enumerate(new) if n not in taken}
    for i, j in suspects:
        if (_is_telling(old[i].text) and old[i].text in new_texts) or (
            _is_telling(new[j].text) and new[j].text in old_texts
        ):
            del pairs[i]


def _by_equal_text(old: Sequence[Unit], new: Sequence[Unit], pairs: Pairs) -> None:
    free_old, free_new = _free(old, new, pairs)
    if not free_old or not free_new:
        return
    in_order = LCSseq.opcodes([_likeness_key(old[i]) for i in free_old], [_likeness_key(new[j]) for j in free_new])
    for op in in_order:
        if op.tag == "equal":
            pairs.update(zip(free_old[op.src_start : op.src_end], free_new[op.dest_start : op.dest_end], strict=True))
    free_old, free_new = _free(old, new, pairs)
    waiting: dict[str, list[int]] = defaultdict(list)
    for j in reversed(free_new):
        waiting[_likeness_key(new[j])].append(j)
    for i in free_old:
        places = waiting.get(_likeness_key(old[i]))
        if places and _is_telling(old[i].text):
            pairs[i] = places.pop()


def _likeness_key(unit: Unit) -> str:
    return f"{'text' if unit.type in ('paragraph', 'heading') else unit.type}\0{unit.text}"


def _is_telling(text: str) -> bool:
    return text.count(" ") >= MOVED_MIN_WORDS - 1


def _free(old: Sequence[Unit], new: Sequence[Unit], pairs: Pairs) -> tuple[list[int], list[int]]:
    taken = set(pairs.values())
    return [i for i in range(len(old)) if i not in pairs], [j for j in range(len(new)) if j not in taken]


def _by_likeness(old: Sequence[Unit], new: Sequence[Unit], pairs: Pairs) -> None:
    """The rest by likeness, best first. Blocks that both carry ids nobody else has are new, unless very like."""
    free_old, free_new = _free(old, new, pairs)
    if not free_old or not free_new:
        return
    index: dict[str, list[int]] = defaultdict(list)
    words_new = {j: _rare_words(new[j]) for j in free_new}
    for j, words in words_new.items():
        for word in words:
            index[word].append(j)
    found = []
    for i in free_old:
        shared = Counter(j for word in _rare_words(old[i]) for j in index.get(word, ()) if len(index[word]) <= 40)
        for j, _ in shared.most_common(5):
            floor = 0.75 if old[i].id and new[j].id else SIMILAR
            score = _likeness(old[i].text, new[j].text)
            if score >= floor and kin(old[i], new[j]):
                texts = sorted((old[i].text, new[j].text))
                found.append((-score, abs(i - j), texts, i, j))
    taken: set[int] = set()
    for *_, i, j in sorted(found):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)


def _rare_words(unit: Unit) -> set[str]:
    text = unit.text
    words = [t.text.casefold() for t in tokens(unit.node)] if unit.type != "table" else text.casefold().split()
    return {f"{a} {b}" for a, b in zip(words, words[1:], strict=False)} or set(words)


def _likeness(a: str, b: str) -> float:
    if a == b:
        return 1.0
    return Indel.normalized_similarity(a.split(), b.split(), score_cutoff=0.3)


def moved(pairs: Pairs, size: Callable[[int], int]) -> set[int]:
    """The old indexes said to have moved: as few as possible, and of two that swapped the smaller one.

    ``size`` must be the same whichever side is called old, so that the number moved is too.
    """
    weight = lambda i: 1_000_000 + min(size(i), 999)  # noqa: E731
    order = sorted(pairs.items(), key=lambda pair: pair[1])
    old_order = [i for i, _ in order]
    return set(old_order) - set(heaviest_rising(old_order, weight))


def heaviest_rising(values: list[int], weight: Callable[[int], int]) -> list[int]:
    """The rising subsequence with the greatest total weight, so that the small block is the one that moved."""
    if all(a < b for a, b in zip(values, values[1:], strict=False)):
        return values
    ends: list[int] = []  # last values of the best runs, rising, with rising totals
    totals: list[int] = []
    previous: dict[int, int | None] = {}
    for value in values:
        at = bisect_left(ends, value)
        total = (totals[at - 1] if at else 0) + weight(value)
        previous[value] = ends[at - 1] if at else None
        stop = at
        while stop < len(ends) and totals[stop] <= total:
            stop += 1
        ends[at:stop], totals[at:stop] = [value], [total]
    run: list[int] = []
    last: int | None = ends[-1] if ends else None
    while last is not None:
        run.append(last)
        last = previous[last]
    return run[::-1]


def pair_cells(old: Sequence[Unit], new: Sequence[Unit]) -> Pairs:
    """Cells of one row keep their order: by id, then by equal text in order, then one to one in the gaps."""
    pairs = _by_id(old, new)
    stay = set(heaviest_rising([i for i, _ in sorted(pairs.items(), key=lambda p: p[1])], lambda i: 1))
    pairs = {i: j for i, j in pairs.items() if i in stay}
    if not pairs:
        for op in LCSseq.opcodes([u.text for u in old], [u.text for u in new]):
            if op.tag == "equal":
                pairs.update(zip(range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=True))
    edges = [(-1, -1), *sorted(pairs.items()), (len(old), len(new))]
    for (i, j), (k, m) in zip(edges, edges[1:], strict=False):
        gap_old, gap_new = list(range(i + 1, k)), list(range(j + 1, m))
        if len(gap_old) == len(gap_new):
            pairs.update(zip(gap_old, gap_new, strict=True))
    return pairs
