"""What a comment holds on to: the exact words, what stands around them, and where they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .text import Node, TextBlock, comparable, context, text_blocks

CONTEXT = 160
"""Characters kept on each side, over block borders (a border is a line break). Columns hold 200."""


@dataclass(frozen=True, slots=True)
class Selector:
    """``quote`` has a line break where it runs over from one block to the next; ``start``/``end`` are ProseMirror
    positions in the base document; ``blocks`` are the ids of every block it touches, when known."""

    quote: str
    section: str | None = None
    block_id: str | None = None
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None
    blocks: tuple[str | None, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, value: Selector | Mapping[str, Any]) -> Selector:
        """From a selector or a plain dict; ``from``/``to``, ``exact`` and ``section_uuid`` are understood too."""
        if isinstance(value, cls):
            return value
        data = dict(value)  # type: ignore[arg-type]
        section = data.get("section", data.get("section_uuid"))
        return cls(
            quote=data.get("quote", data.get("exact", "")) or "",
            section=str(section) if section is not None else None,
            block_id=data.get("block_id", data.get("block")) or None,
            prefix=data.get("prefix") or "",
            suffix=data.get("suffix") or "",
            start=data.get("start", data.get("from")),
            end=data.get("end", data.get("to")),
            blocks=tuple(data.get("blocks") or ()),
        )


def selector_from_positions(doc: Node, start: int, end: int, *, section: str | None = None) -> Selector:
    """The selector of the words between two ProseMirror positions. ``ValueError`` when there are none."""
    blocks = text_blocks(doc, section)
    touched = [(b, *_trimmed(b, *b.offsets(start, end))) for b in blocks if b.start <= end and b.end >= start]
    touched = [t for t in touched if t[1] < t[2] or (t[0].kind == "figure" and start <= t[0].start < end)]
    touched = _without_notes_inside(touched)
    if not touched:
        raise ValueError("There are no words between the two positions.")
    (first, o, _), (last, _, e) = touched[0], touched[-1]
    return Selector(
        quote="\n".join(b.text[a:z] for b, a, z in touched),
        section=section,
        block_id=first.id,
        prefix=before(blocks, first, o),
        suffix=after(blocks, last, e),
        start=first.span(o, o + 1)[0],
        end=last.span(max(e - 1, 0), e)[1],
        blocks=tuple(b.id for b, _, _ in touched),
    )


def _trimmed(block: TextBlock, start: int, end: int) -> tuple[int, int]:
    while start < end and block.text[start] == " ":
        start += 1
    while end > start and block.text[end - 1] == " ":
        end -= 1
    return start, end


def _without_notes_inside(touched: list[tuple[TextBlock, int, int]]) -> list[tuple[TextBlock, int, int]]:
    """A note inside chosen words is not part of them; a note chosen by itself is."""
    bodies = [t for t in touched if not t[0].part]
    return bodies or touched


def selector_from_quote(
    doc: Node,
    quote: str,
    prefix: str = "",
    suffix: str = "",
    *,
    block_id: str | None = None,
    section: str | None = None,
) -> Selector:
    """The selector of words given as words (keyboard, no JavaScript, API).

    ``LookupError`` when they do not occur, or occur several times and prefix, suffix and block do not tell which.
    """
    blocks = text_blocks(doc, section)
    wanted = comparable(quote).strip("\n")
    found = [place for place in _occurrences(blocks, wanted) if block_id in (None, blocks[place[0]].id)]
    if not found:
        raise LookupError("The words do not occur in the section.")
    scored = sorted(found, key=lambda place: -_fit(blocks, place, context(prefix), context(suffix)))
    fits = [_fit(blocks, place, context(prefix), context(suffix)) for place in scored]
    if len(fits) > 1 and fits[0] == fits[1]:
        raise LookupError("The words occur more than once; say what stands before or after them.")
    first, offset, last, end = scored[0]
    start = blocks[first].span(offset, offset + 1)[0]
    return selector_from_positions(doc, start, blocks[last].span(end - 1, end)[1], section=section)


def _occurrences(blocks: Sequence[TextBlock], wanted: str) -> list[tuple[int, int, int, int]]:
    parts = wanted.split("\n")
    found = []
    for n, block in enumerate(blocks):
        at = block.text.find(parts[0]) if parts[0] else -1
        while at >= 0:
            if len(parts) == 1:
                found.append((n, at, n, at + len(parts[0])))
            elif at + len(parts[0]) == len(block.text.rstrip()) and _continues(blocks, n, parts):
                found.append((n, at, n + len(parts) - 1, len(parts[-1])))
            at = block.text.find(parts[0], at + 1)
    return found


def _continues(blocks: Sequence[TextBlock], n: int, parts: Sequence[str]) -> bool:
    rest = blocks[n + 1 : n + len(parts)]
    return (
        len(rest) == len(parts) - 1
        and all(b.text.strip() == p for b, p in zip(rest[:-1], parts[1:-1], strict=True))
        and rest[-1].text.startswith(parts[-1])
    )


def _fit(blocks: Sequence[TextBlock], place: tuple[int, int, int, int], prefix: str, suffix: str) -> int:
    first, offset, last, end = place
    left = before(blocks, blocks[first], offset).rstrip()
    right = after(blocks, blocks[last], end).lstrip()
    return common(left[::-1], prefix.rstrip()[::-1]) + common(right, suffix.lstrip())


def common(a: str, b: str) -> int:
    """How many leading characters two strings share."""
    if a.startswith(b):
        return len(b)
    count = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        count += 1
    return count


def before(blocks: Sequence[TextBlock], block: TextBlock, offset: int, length: int = CONTEXT) -> str:
    """What stands before an offset, over block borders."""
    text = block.text[:offset]
    n = block.index
    while len(text) < length and n > 0:
        n -= 1
        if blocks[n].section != block.section:
            break
        text = blocks[n].text + "\n" + text
    return text[-length:] if length else ""


def after(blocks: Sequence[TextBlock], block: TextBlock, offset: int, length: int = CONTEXT) -> str:
    """What stands after an offset, over block borders."""
    text = block.text[offset:]
    n = block.index
    while len(text) < length and n + 1 < len(blocks):
        n += 1
        if blocks[n].section != block.section:
            break
        text += "\n" + blocks[n].text
    return text[:length]
