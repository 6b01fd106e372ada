"""Word-level comparison of two blocks, made to be read by people rather than by programs.

Spans are lists ready for JSON: ``["=", text]``, ``["-", text]``, ``["+", text]``, ``["f", text, old marks, new marks]``
(same words, other formatting) and ``["~", "footnote", spans]`` (a note whose words changed). ``=``, ``-`` and ``+``
spans carry their formatting as a third item when there is any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any

from rapidfuzz.distance import LCSseq

from .units import IMAGES, Node, Token, nfc, plain_tokens, tokens

Span = list[Any]
Opcode = tuple[str, int, int, int, int]

# Above this many word pairs the quadratic search for the longest common run gives way to a bit-parallel one.
_CAREFUL_LIMIT = 40_000
FULL_STOP = frozenset(".!?…:;\n")
_SENTENCE_END = re.compile(r"[.!?…:][\"”’)\]]*\s+(?=[\"“”(]?[A-ZÅÄÖÉ0-9])|\n")


def diff_blocks_words(old: Node, new: Node) -> list[Span]:
    """Spans from one text block to another; joining ``=``/``-`` gives the old words, ``=``/``+`` the new."""
    before, after = _plain(old), _plain(new)
    if before is None or after is None:
        return diff_tokens(tokens(old), tokens(new))
    head, tail = _same_sentences(before, after)
    spans: list[Span] = []
    add(spans, "=", before[:head], "")
    spans += diff_tokens(plain_tokens(before[head : len(before) - tail]), plain_tokens(after[head : len(after) - tail]))
    add(spans, "=", before[len(before) - tail :], "")
    return joined(spans)


def _plain(node: Node) -> str | None:
    """The text of a block that is one piece of unformatted text; None for any other."""
    content = node.get("content")
    if (
        node["type"] in IMAGES
        or not content
        or len(content) > 1
        or content[0]["type"] != "text"
        or content[0].get("marks")
    ):
        return None
    return nfc(content[0]["text"])


def _same_sentences(before: str, after: str) -> tuple[int, int]:
    """How many leading and trailing characters agree, in whole sentences."""
    head = _agreeing(before, after)
    head = max((m.end() for m in _SENTENCE_END.finditer(before, 0, head)), default=0)
    tail = _agreeing(before[head:][::-1], after[head:][::-1])
    first = _SENTENCE_END.search(before, len(before) - tail)
    return head, len(before) - first.end() if first else 0


def _agreeing(a: str, b: str) -> int:
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def diff_text(old: str, new: str) -> list[Span]:
    """The same for two plain strings, such as titles."""
    wrap = lambda text: {"type": "paragraph", "content": [{"type": "text", "text": text}] if text else []}  # noqa: E731
    return diff_blocks_words(wrap(old), wrap(new))


def diff_tokens(old: list[Token], new: list[Token]) -> list[Span]:
    spans: list[Span] = []
    for op, a, b, c, d in opcodes([t.text for t in old], [t.text for t in new]):
        if op == "=":
            _equal(old[a:b], new[c:d], spans)
        else:
            _replaced(old[a:b], new[c:d], spans)
    return joined(spans)


def opcodes(old: list[str], new: list[str]) -> list[Opcode]:
    """``=`` and ``!`` (replace) runs. Symmetric: swapping the sides gives the mirrored answer."""
    if old > new:
        return [(op, c, d, a, b) for op, a, b, c, d in _opcodes(new, old)]
    return _opcodes(old, new)


def _opcodes(old: list[str], new: list[str]) -> list[Opcode]:
    head = _common(old, new)
    tail = _common(reversed(old[head:]), reversed(new[head:]))
    mid_old, mid_new = old[head : len(old) - tail], new[head : len(new) - tail]
    runs = [(0, 0, head)]
    if mid_old and mid_new:
        found = [(head + i, head + j, n) for i, j, n in _matching_runs(mid_old, mid_new)]
        runs += _without_weak_runs(found, old, head, len(old) - tail, len(new) - tail)
    runs.append((len(old) - tail, len(new) - tail, tail))
    return _runs_to_opcodes(_whole_sentences(runs, old, new))


def _common(old: Iterable[str], new: Iterable[str]) -> int:
    count = 0
    for a, b in zip(old, new, strict=False):
        if a != b:
            break
        count += 1
    return count


def _matching_runs(old: list[str], new: list[str]) -> list[tuple[int, int, int]]:
    if len(old) * len(new) > _CAREFUL_LIMIT:
        return [
            (i.src_start, i.dest_start, i.src_end - i.src_start) for i in LCSseq.opcodes(old, new) if i.tag == "equal"
        ]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [(block.a, block.b, block.size) for block in matcher.get_matching_blocks() if block.size]


def _without_weak_runs(
    runs: list[tuple[int, int, int]], words: list[str], start: int, old_end: int, new_end: int
) -> list[tuple[int, int, int]]:
    """Drop lone small words ("och", ",") that happen to be the same inside a rewritten passage."""
    kept = []
    for index, (i, j, n) in enumerate(runs):
        before = runs[index - 1] if index else (start, start, 0)
        after = runs[index + 1] if index + 1 < len(runs) else (old_end, new_end, 0)
        gap_before = (i - before[0] - before[2]) + (j - before[1] - before[2])
        gap_after = (after[0] - i - n) + (after[1] - j - n)
        letters = sum(len(word) for word in words[i : i + n] if word[:1].isalnum())
        weak = letters <= 4 and gap_before + gap_after > 4 * n and gap_before and gap_after
        if not weak:
            kept.append((i, j, n))
    return kept


def _whole_sentences(runs: list[tuple[int, int, int]], old: list[str], new: list[str]) -> list[tuple[int, int, int]]:
    """Slide what came or went so that it starts where a sentence does: "B. C." between A and D, not ". B. C"."""
    for n in range(len(runs) - 1):
        (i, j, size), (k, m, after) = runs[n], runs[n + 1]
        if i + size == k and j + size < m:
            shift = _slide(new, j + size, m, size, after)
        elif j + size == m and i + size < k:
            shift = _slide(old, i + size, k, size, after)
        else:
            continue
        runs[n], runs[n + 1] = (i, j, size + shift), (k + shift, m + shift, after - shift)
    return runs


def _slide(words: list[str], start: int, end: int, left: int, right: int) -> int:
    """The nearest shift that puts ``start`` at the beginning of a sentence without changing what is said."""
    if start == 0 or words[start - 1] in FULL_STOP:
        return 0
    for way, room in ((-1, left), (1, right)):
        for step in range(1, room + 1):
            lost, gained = (
                (words[start - step], words[end - step])
                if way < 0
                else (words[start + step - 1], words[end + step - 1])
            )
            if lost != gained:
                break
            at = start + way * step
            if at == 0 or words[at - 1] in FULL_STOP:
                return way * step
    return 0


def _runs_to_opcodes(runs: list[tuple[int, int, int]]) -> list[Opcode]:
    out: list[Opcode] = []
    a = c = 0
    for i, j, n in runs:
        if i > a or j > c:
            out.append(("!", a, i, c, j))
        if n:
            out.append(("=", i, i + n, j, j + n))
        a, c = i + n, j + n
    return out


def _equal(old: list[Token], new: list[Token], spans: list[Span]) -> None:
    for a, b in zip(old, new, strict=True):
        if a.marks == b.marks or not a.text:
            add(spans, "=", b.text, b.marks)
        else:
            spans.append(["f", b.text, a.marks, b.marks])
        if a.space != b.space:
            add(spans, "-", a.space, a.marks_of_space)
            add(spans, "+", b.space, b.marks_of_space)
        elif a.marks_of_space == b.marks_of_space or not a.space:
            add(spans, "=", a.space, b.marks_of_space)
        else:
            spans.append(["f", a.space, a.marks_of_space, b.marks_of_space])


def _replaced(old: list[Token], new: list[Token], spans: list[Span]) -> None:
    """Deleted words, then inserted ones; notes are paired so that a note's own words are compared."""
    old_notes = [i for i, t in enumerate(old) if t.atom and t.atom["type"] == "footnote"]
    new_notes = [i for i, t in enumerate(new) if t.atom and t.atom["type"] == "footnote"]
    a = c = 0
    for i, j in zip(old_notes, new_notes, strict=False):
        _plain_replace(old[a:i], new[c:j], spans)
        spans.append(["~", "footnote", diff_blocks_words(old[i].atom, new[j].atom)])  # type: ignore[arg-type]
        _plain_replace([Token("", old[i].space)], [Token("", new[j].space)], spans)
        a, c = i + 1, j + 1
    _plain_replace(old[a:], new[c:], spans)


def _plain_replace(old: list[Token], new: list[Token], spans: list[Span]) -> None:
    tail = old[-1].space if old and new and old[-1].space == new[-1].space else ""
    if tail and old[-1].marks_of_space != new[-1].marks_of_space:
        tail = ""
    for op, side in (("-", old), ("+", new)):
        for n, token in enumerate(side):
            add(spans, op, token.text, token.marks)
            if not (tail and n == len(side) - 1):
                add(spans, op, token.space, token.marks_of_space)
    if tail:
        add(spans, "=", tail, new[-1].marks_of_space)


def add(spans: list[Span], op: str, text: str, marks: str) -> None:
    if text:
        spans.append([op, text, marks] if marks else [op, text])


def joined(spans: list[Span]) -> list[Span]:
    out: list[Span] = []
    for span in _deletions_first(spans):
        if out and span[0] != "~" and out[-1][0] == span[0] and out[-1][2:] == span[2:]:
            out[-1][1] += span[1]
        else:
            out.append(span)
    return out


def _deletions_first(spans: list[Span]) -> list[Span]:
    """Between two unchanged places: first all that went, then all that came."""
    out: list[Span] = []
    came: list[Span] = []
    for span in spans:
        if span[0] == "+":
            came.append(span)
        elif span[0] == "-":
            out.append(span)
        else:
            out += [*came, span]
            came = []
    return out + came


def side(spans: list[Span], which: str) -> str:
    """The words of one side: ``which`` is ``old`` or ``new``."""
    skip = "+" if which == "old" else "-"
    parts = []
    for span in spans:
        if span[0] == "~":
            parts.append(f"⟦not:{side(span[2], which)}⟧")
        elif span[0] != skip:
            parts.append(span[1])
    return "".join(parts)


def changed_words(spans: list[Span]) -> tuple[int, int]:
    """How many words came and went."""
    added = removed = 0
    for span in spans:
        if span[0] == "+":
            added += len(span[1].split())
        elif span[0] == "-":
            removed += len(span[1].split())
        elif span[0] == "~":
            more = changed_words(span[2])
            added, removed = added + more[0], removed + more[1]
    return added, removed


def sentences(spans: list[Span]) -> list[dict[str, Any]]:
    """The sentences that changed: ``{"kind": "words"|"format", "before": str, "after": str}`` in order.

    A sentence ends where unchanged text ends one, so a change that runs over a full stop stays in one piece.
    """
    out: list[dict[str, Any]] = []
    before: list[str] = []
    after: list[str] = []
    kinds: set[str] = set()

    def flush() -> None:
        if kinds:
            kind = "words" if kinds - {"f"} else "format"
            out.append({"kind": kind, "before": "".join(before).strip(), "after": "".join(after).strip()})
        before.clear()
        after.clear()
        kinds.clear()

    for span in spans:
        if span[0] == "=":
            pieces = _cut(span[1])
            for n, piece in enumerate(pieces):
                before.append(piece)
                after.append(piece)
                if n < len(pieces) - 1:
                    flush()
            continue
        kinds.add(span[0])
        if span[0] != "+":
            before.append(side([span], "old"))
        if span[0] != "-":
            after.append(side([span], "new"))
    flush()
    return out


def _cut(text: str) -> list[str]:
    pieces, start = [], 0
    for match in _SENTENCE_END.finditer(text + "A"):
        pieces.append(text[start : match.end()])
        start = match.end()
    return [*pieces, text[start:]]
