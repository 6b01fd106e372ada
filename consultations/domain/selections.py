"""Between what a reader selected on a page and positions in a section's document.

A place on a page is a block's id and an offset in it, counted as the document counts: letters, and the widths of what is
not text (references, footnotes), as the rendered page says them in ``data-w``.
"""

from collections.abc import Iterable
from typing import Any

from consultations.models import Point
from strategies.domain.anchors import selector_from_positions
from strategies.domain.anchors.text import TextBlock, comparable, text_blocks
from strategies.models import Section


def bodies(section: Section) -> dict[str, TextBlock]:
    """Block id -> text block of the section, without its footnotes."""
    return {block.id: block for block in text_blocks(section.doc) if block.id and not block.part}


def words_of(section: Section, block_id: str) -> str:
    """The words of one block; empty when there is no such block."""
    block = bodies(section).get(block_id)
    return block.text.strip() if block else ""


def exact(section: Section, selection: dict[str, Any]) -> dict[str, Any]:
    """``selection`` as ``create_anchor`` wants it.

    ``from``/``to_block``/``to`` beside ``block_id`` are used when they lead to the very words of ``quote``; otherwise, and
    when somebody wrote the words by hand, the words themselves are looked for.
    """
    words: dict[str, Any] = {
        name: selection[name] for name in ("quote", "block_id", "prefix", "suffix", "start", "end") if name in selection
    }
    found = _positions(section, selection)
    return {"start": found[0], "end": found[1]} if found else words


def _positions(section: Section, selection: dict[str, Any]) -> tuple[int, int] | None:
    blocks = bodies(section)
    first, last = blocks.get(selection.get("block_id") or ""), blocks.get(selection.get("to_block") or "")
    start, end = selection.get("from"), selection.get("to")
    if first is None or last is None or start is None or end is None:
        return None
    try:
        chosen = selector_from_positions(section.doc, first.start + start, last.start + end)
    except ValueError:
        return None
    if comparable(chosen.quote) != comparable(selection.get("quote", "")).strip("\n"):
        return None
    return (chosen.start, chosen.end) if chosen.start is not None and chosen.end is not None else None


def marks(points: Iterable[Point], sections: Iterable[Section]) -> list[dict[str, Any]]:
    """For the page: where the words of each anchored point are, as {id, number, spans: [{block, from, to}]}."""
    blocks = {section.pk: list(bodies(section).items()) for section in sections}
    found = []
    for point in points:
        if point.anchor is None:
            continue
        start, end = point.anchor.start, point.anchor.end
        spans = [
            {"block": block_id, "from": max(start - block.start, 0), "to": min(end, block.end) - block.start}
            for block_id, block in blocks.get(point.anchor.section_id, [])
            if block.start < end and block.end > start
        ]
        found.append({"id": point.pk, "number": point.number, "spans": spans})
    return found
