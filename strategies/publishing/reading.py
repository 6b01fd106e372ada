"""Sections as pages show them: today's names of references, pictures at their addresses."""

import logging
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from redis.exceptions import RedisError

from strategies.domain.carry import text_stamp
from strategies.domain.diff import without_suggestions
from strategies.domain.documents import Doc
from strategies.domain.paragraphs import Paragraphs, paragraphs_in
from strategies.models import Section, SectionKind, Version
from strategies.publishing.html import Notes, Picture, Refs, render_doc, render_notes
from strategies.queries.outline import OutlineNode, outline
from strategies.queries.reading import ReadSection, hues
from strategies.queries.references import references
from strategies.queries.text import pictures_of

log = logging.getLogger(__name__)
RENDERING = 3  # raise when the HTML of an unchanged text changes
REMEMBERED = 3600  # seconds


def section_html(section: Section) -> SafeString:
    """One section by itself."""
    return renderer_for(section.version)(section)


def renderer_for(version: Version) -> Callable[..., SafeString]:
    """``render(section, **options of render_doc)`` for every section of a version, with two queries in all."""
    refs: Refs = {uuid: (name["code"], name["title"]) for uuid, name in references(version).items()}
    sizes = pictures_of(version.strategy_id)

    def picture(image: str) -> Picture | None:
        return Picture(reverse("strategies:image", args=[image]), *sizes[image]) if image in sizes else None

    def render(section: Section, **options: Any) -> SafeString:
        doc = without_suggestions(section.doc)  # what is only suggested is not part of the text
        return render_doc(doc, **{"refs": refs, "picture": picture, "prefix": f"t{section.pk}-", **options})

    return render


@dataclass(frozen=True)
class ReadingPage:
    """A whole version made for long reading: the text with its footnotes, the outline beside it, the goals in brief."""

    text: SafeString
    contents: list[dict[str, Any]]
    goals: list[dict[str, Any]]


def reading_page(version: Version) -> ReadingPage:
    """A whole version for long reading; two queries at most when it has been read before, and always a constant number.

    It is made once per text and kept in the cache, under a key that changes with every word, heading and fact. Without a
    cache it is only slower. (An actor that changes its name is shown with the new one within the hour.)
    """
    key = f"reading:{RENDERING}:{version.pk}:{version.sha256 or text_stamp(version)}:{get_language()}"
    kept = _recall(key)
    if kept is None:
        kept = _made(version)
        _remember(key, kept)
    return kept


def _made(version: Version) -> ReadingPage:
    sections, notes = read_sections(version)
    shown = [row for row in sections if row.level <= 2 or row.kind in (SectionKind.GOAL, SectionKind.PRIORITY)]
    return ReadingPage(
        text=render_to_string("strategies/_reading.html", {"sections": sections, "notes": notes}),
        contents=[{"label": row.title, "code": row.code, "url": row.url, "level": row.level} for row in shown],
        goals=[
            {
                "number": row.number,
                "title": row.title,
                "url": row.url,
                "hue": row.hue,
                "target_year": row.section.target_year,
            }
            for row in sections
            if row.kind == SectionKind.GOAL
        ],
    )


def read_sections(
    version: Version, *, prepared: Callable[[Doc], Doc] = lambda doc: doc, numbered: bool = False
) -> tuple[list[ReadSection], SafeString]:
    """Every section in order with code, facts and text, and the footnotes numbered through. A constant number of queries.

    ``prepared`` may change a document before it is shown (the public page shows it as it is printed). ``numbered``: every
    paragraph carries its stable number (``paragraphs``).
    """
    tree = outline(version, with_text=True)
    render, notes, colours = renderer_for(version), Notes(), hues(tree)
    found = paragraphs_in(tree) if numbered else Paragraphs()

    def html(node: OutlineNode) -> SafeString:
        section = copy(node.section)
        section.doc = prepared(section.doc)
        numbers = found.numbers(node.uuid)
        return render(section, notes=notes, footnotes="shared", heading_shift=node.level, numbers=numbers)

    rows = [ReadSection(node.section, node.code, node.level, html(node), colours.get(node.uuid, 0)) for node in tree]
    return rows, render_notes(notes)


def _recall(key: str) -> ReadingPage | None:
    try:
        kept: ReadingPage | None = cache.get(key)
    except RedisError as why:
        log.warning("The cache of reading pages is away: %s", why)
        return None
    return kept


def _remember(key: str, kept: ReadingPage) -> None:
    try:
        cache.set(key, kept, REMEMBERED)
    except RedisError as why:
        log.warning("The cache of reading pages is away: %s", why)
