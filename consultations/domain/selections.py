"""What a reader selected, as a point holds on to it, and points as marks in the text."""

from collections.abc import Iterable
from typing import Any

from consultations.models import Point
from strategies.domain.passages import bodies, positions, spans
from strategies.models import Section


def words_of(section: Section, block_id: str) -> str:
    """The words of one block; empty when there is no such block."""
    block = bodies(section.doc).get(block_id)
    return block.text.strip() if block else ""


def exact(section: Section, selection: dict[str, Any]) -> dict[str, Any]:
    """``selection`` as ``create_anchor`` wants it.

    ``from``/``to_block``/``to`` beside ``block_id`` are used when they lead to the very words of ``quote``; otherwise, and
    when somebody wrote the words by hand, the words themselves are looked for.
    """
    words: dict[str, Any] = {
        name: selection[name] for name in ("quote", "block_id", "prefix", "suffix", "start", "end") if name in selection
    }
    found = positions(section.doc, selection)
    return {"start": found[0], "end": found[1]} if found else words


def marks(points: Iterable[Point], sections: Iterable[Section]) -> list[dict[str, Any]]:
    """For the page: where the words of each anchored point are, as {id, number, section, spans: [{block, from, to}]}.
    A block is known by its id within its section only."""
    docs = {section.pk: section.doc for section in sections}
    return [
        {
            "id": point.pk,
            "number": point.number,
            "section": anchor.section_id,
            "spans": spans(docs[anchor.section_id], anchor.start, anchor.end),
        }
        for point in points
        for anchor in [point.anchor]
        if anchor is not None and anchor.section_id in docs
    ]
