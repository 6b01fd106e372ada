"""Sections as pages show them: today's names of references, pictures at their addresses."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from redis.exceptions import RedisError

from strategies.domain.carry import text_stamp
from strategies.models import Section, Version
from strategies.publishing.html import Notes, Picture, Refs, render_doc, render_notes
from strategies.queries.outline import Outline, outline
from strategies.queries.reading import ReadSection, hues
from strategies.queries.references import references
from strategies.queries.text import pictures_of

log = logging.getLogger(__name__)
RENDERING = 1  # raise when the HTML of an unchanged text changes
REMEMBERED = 24 * 3600  # seconds
Rendered = tuple[dict[int, SafeString], SafeString]  # section's key -> its HTML; the footnotes


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
        return render_doc(section.doc, **{"refs": refs, "picture": picture, "prefix": f"t{section.pk}-", **options})

    return render


def read_sections(version: Version) -> tuple[list[ReadSection], SafeString]:
    """A whole version for long reading: sections in order with code, facts and text, and the footnotes numbered through.

    The HTML is made once per text and kept in the cache, under a key that changes with every word and every heading; the
    words themselves are then not even fetched. Without a cache it is only slower. A constant number of queries.
    """
    key = f"reading:{RENDERING}:{version.pk}:{version.sha256 or text_stamp(version)}:{get_language()}"
    kept = _recall(key)
    tree = outline(version, with_text=kept is None)
    if kept is None:
        kept = _rendered(version, tree)
        _remember(key, kept)
    html, notes = kept
    colours = hues(tree)
    rows = [
        ReadSection(node.section, node.code, node.level, html[node.section.pk], colours.get(node.uuid, 0))
        for node in tree
        if node.section.pk in html  # one added since the key was made comes with the next
    ]
    return rows, notes


def _rendered(version: Version, tree: Outline) -> Rendered:
    render, notes = renderer_for(version), Notes()
    html = {
        node.section.pk: render(node.section, notes=notes, footnotes="shared", heading_shift=node.level)
        for node in tree
    }
    return html, render_notes(notes)


def _recall(key: str) -> Rendered | None:
    try:
        kept: Rendered | None = cache.get(key)
    except RedisError as why:
        log.warning("The cache of reading pages is away: %s", why)
        return None
    return kept


def _remember(key: str, kept: Rendered) -> None:
    try:
        cache.set(key, kept, REMEMBERED)
    except RedisError as why:
        log.warning("The cache of reading pages is away: %s", why)
