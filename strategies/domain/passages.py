"""Between what a reader selected on a page and positions in a section's document.

A place on a page is a block's id and an offset in it, counted as the document counts: letters, and the widths of what is
not text (references, footnotes), as the rendered page says them in ``data-w``.
"""

from collections.abc import Mapping
from typing import Any

from strategies.domain.anchors import TextBlock, comparable, selector_from_positions, text_blocks

Doc = Mapping[str, Any]


def bodies(doc: Doc) -> dict[str, TextBlock]:
    """Block id -> text block of the document, without its footnotes."""
    return {block.id: block for block in text_blocks(doc) if block.id and not block.part}


def positions(doc: Doc, selection: Mapping[str, Any]) -> tuple[int, int] | None:
    """Where a selection (``block_id``, ``from``, ``to_block``, ``to``) begins and ends, if the very words of its
    ``quote`` stand there; else None: then the words must be looked for."""
    blocks = bodies(doc)
    first, last = blocks.get(selection.get("block_id") or ""), blocks.get(selection.get("to_block") or "")
    start, end = selection.get("from"), selection.get("to")
    if first is None or last is None or start is None or end is None:
        return None
    try:
        chosen = selector_from_positions(doc, first.start + start, last.start + end)
    except ValueError:
        return None
    if comparable(chosen.quote) != comparable(selection.get("quote", "")).strip("\n"):
        return None
    return (chosen.start, chosen.end) if chosen.start is not None and chosen.end is not None else None


def spans(doc: Doc, start: int, end: int) -> list[dict[str, Any]]:
    """The stretch from ``start`` to ``end`` as a page shows it: [{block, from, to}]."""
    return [
        {"block": block_id, "from": max(start - block.start, 0), "to": min(end, block.end) - block.start}
        for block_id, block in bodies(doc).items()
        if block.start < end and block.end > start
    ]
